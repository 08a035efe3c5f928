"""What GraphQL shows of rewards: reward lines with their explanation, and the tables they come from."""

from meritline.appraisal.graphql_schemes import AT_PRESENT, HASH, changes_needed, changes_of
from meritline.graphql.kit import (
    Column,
    Computed,
    Embedded,
    Filter,
    GlobalId,
    Module,
    Object,
    Order,
    RootConnection,
    ToMany,
    ToOne,
    Translated,
    Visible,
)
from meritline.graphql.kit.enums import words
from meritline.rewards.explanation.graphql import REWARD_EXPLAINED, REWARD_EXPLANATION
from meritline.tenancy.visibility import OWN_SUBJECT, TEAM_SUBJECT

RewardAct = words(
    "RewardAct",
    "What is proposed where a reward is no money.",
    {
        "prize": "A prize in kind.",
        "title": "An honorary title.",
        "training": "Training: a chance to learn, or a remedy.",
        "warning": "A warning.",
        "change_of_position": "A change of position.",
        "promotion": "Promotion, or preference in it.",
        "recognition": "Recognition.",
        "conversion": "Conversion to regular employment.",
    },
)

# What the card of a line says, to order by: a list of proposals is read from the best down.
OF_THE_CARD = ("(select card.{column} from scorecard card "
               "where card.tenant_id = {{tenant}} and card.id = {{t}}.scorecard_id)")

REWARD_LINE = Object(
    name="RewardLine",
    description="One amount or measure, with its reason.",
    table="reward_line",
    # Only of the run that its cycle points to, as the scorecards.
    where="exists (select 1 from cycle shown where shown.tenant_id = {tenant} and shown.id = {t}.cycle_id "
          "and shown.run_id = {t}.run_id)",
    visible=Visible(action="rewards:read", team=TEAM_SUBJECT, own=OWN_SUBJECT),
    fields=(
        GlobalId(),
        Column("ruleKey", "String!", "The rule of the reward table."),
        Column("kind", "String!", "The kind of that rule."),
        Translated("title", "What it is called.", en="{t}.title_en", zh="{t}.title_zh"),
        Embedded("amount", "Money", "The amount; null where the line is no money.",
                 sql={"amount": "{t}.amount"}, null_without="amount"),
        Column("act", "RewardAct", "What is proposed; null where the line is money."),
        Translated("detail", "What exactly is proposed: the prize, the title, the course.", en="{t}.detail_en",
                   zh="{t}.detail_zh", nullable=True),
        REWARD_EXPLAINED,
        Column("digest", "String!", "The digest of the line."),
        ToOne("scorecard", "Scorecard", "The scorecard it rewards.", key="{t}.scorecard_id"),
        ToOne("cycle", "Cycle", "The cycle.", key="{t}.cycle_id"),
    ),
    order=(Order("rule", "{t}.rule_key", "text"),),
    orders=(
        Order("RANK", OF_THE_CARD.format(column="rank"), "int", "By the place of the scorecard.", nullable=True),
        Order("SCORE", OF_THE_CARD.format(column="score"), "numeric", "By the score of the scorecard.", nullable=True),
        Order("AMOUNT", "{t}.amount", "numeric", "By amount; what is no money comes last.", nullable=True),
        Order("CODE", "{t}.subject_code", "text", "By employee number or department code."),
    ),
    filters=(
        Filter("period", "String", "{t}.cycle_id in (select asked.id from cycle asked where asked.tenant_id = {tenant} "
               "and asked.period = {value})", "Of this period."),
        Filter("act", "RewardAct", "{t}.act = {value}", "That propose this."),
        Filter("kinds", "[String!]", "{t}.kind = any({value})", "Of rules of these kinds."),
        Filter("ruleKeys", "[String!]", "{t}.rule_key = any({value})", "Of these rules."),
        Filter("scheme", "String", "{t}.scheme_key = {value}", "By this scheme."),
        Filter("employeeNos", "[String!]", "{t}.subject_kind = 'employee' and {t}.subject_code = any({value})",
               "Of these employees."),
    ),
)  # fmt: skip

REWARD_TABLE_VERSION = Object(
    name="RewardTableVersion",
    description="A reward table as it was from some day on; never changed once made.",
    table="reward_table_version",
    visible=Visible(action="schemes:read"),
    fields=(
        GlobalId(),
        Column("version", "Int!", "Counts the versions of the table."),
        Column("validFrom", "Date!", "The first day it decides."),
        Column("definitionHash", "String!", "The hash of the whole definition."),
        Column("definition", "JSON!", "The whole definition, canonical.", sql=HASH),
        Column("createdAt", "DateTime!", "When it was saved."),
        Column("createdBy", "String!", "Who saved it."),
        Computed("changes", "[String!]!", "What it changes of the version before, as sentences; none for the first.",
                 resolve=changes_of,
                 needs=changes_needed("reward_table")),
        Column("snapshotHash", "String!", "The hash of all definitions that it was saved with."),
        ToMany("definitions", "RewardTableVersionDefinition", "What its rules read of sets, as it was then.",
               on="{t}.reward_table_version_id", order=("{t}.indicator_key",)),
    ),
    order=(Order("version", "{t}.version", "int", descending=True),),
)

REWARD_TABLE = Object(
    name="RewardTable",
    description="What a grade, a rank or an event of a scheme is worth.",
    table="reward_table",
    visible=Visible(action="schemes:read"),
    fields=(
        GlobalId(),
        Column("key", "String!", "The short name by which it is called."),
        Column("schemeKey", "String!", "The scheme it rewards."),
        Translated("title", "What it is called.", en="{t}.title_en", zh="{t}.title_zh"),
        Column("version", "Int!", "The version that a change must name."),
        ToOne("scheme", "Scheme", "The scheme it rewards.", key="{t}.scheme_key", on="{t}.key"),
        ToOne("current", "RewardTableVersion", "The version that decides today.",
              key=AT_PRESENT.format(table="reward_table")),
        ToMany("versions", "RewardTableVersion", "All versions, the newest first.",
               on="{t}.reward_table_id", order=("{t}.version desc",)),
    ),
    order=(Order("key", "{t}.key", "text"),),
)  # fmt: skip

MODULE = Module(
    objects=(REWARD_LINE, REWARD_EXPLANATION, REWARD_TABLE, REWARD_TABLE_VERSION),
    enums=(RewardAct,),
    extensions={
        "Scorecard": (
            ToMany("rewards", "RewardLine", "What it is worth.", on="{t}.scorecard_id",
                   order=("{t}.position", "{t}.rule_key")),
        ),
    },
    queries=(
        RootConnection("rewardTables", "RewardTable", "The company's reward tables."),
        RootConnection("rewardLines", "RewardLine", "Amounts and proposals of one or many: a promotion list is those "
                       "of a year whose act is PROMOTION, by RANK."),
    ),
)
