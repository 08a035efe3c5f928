"""What GraphQL shows of indicator sets. Decides that a set which a company needs is shown also when it is not there.

Everybody sees which sets are installed and whether they can be used. What the company has of them is for those who may
read schemes; what is wrong in detail for those who deliver its records or run the platform.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from meritline.errors import Problem, problem
from meritline.graphql.kit import Column, Computed, Module, Object, RequestContext, Translated, words
from meritline.graphql.kit.language import LanguageChoice
from meritline.graphql.kit.paging import DEFAULT_FIRST, Connection, listed
from meritline.messages import Language
from meritline.onboarding.sets.changes import upgrade_sentences
from meritline.plugins import Catalogue, InstalledSet, PluginReport
from meritline.plugins.releases import DIFFERING, day

OK, WARNS, QUARANTINED, OFF, ABSENT = "ok", "warns", "quarantined", "off", "absent"
HealthState = words("IndicatorSetHealthState", "Whether an indicator set can be used.", {
    OK: "It can be used.",
    WARNS: "It can be used; there is something to look at.",
    QUARANTINED: "Its plugin is installed and left out, since something is wrong with it.",
    OFF: "Its plugin is installed and left out, since the operator says so.",
    ABSENT: "The company has enabled it, and no installed plugin brings it.",
})  # fmt: skip
STATES = {"E-SET-QUARANTINED": QUARANTINED, "E-SET-OFF": OFF}

HEALTH_PROBLEM = Object(
    name="IndicatorSetProblem",
    description="What is wrong with an indicator set or its plugin.",
    fields=(
        Column("code", "String!", "The stable code; its page stands under docs/errors."),
        Column("message", "String!", "What is wrong, in the reader's language."),
        Column("remedy", "String!", "What to do."),
    ),
)


def given(name: str) -> Any:
    """Resolves to what stands under this name."""

    def value(needs: Mapping[str, Any], _: RequestContext) -> Any:
        return needs[name]

    return value


def told(needs: Mapping[str, Any], context: RequestContext, language: LanguageChoice | None = None) -> list[Any]:
    """The problems in the reader's language."""
    reader: Language = context.language_or(language)
    return [{"code": one.code, "message": one.message(reader), "remedy": one.remedy(reader)}
            for one in needs["problems"]]


HEALTH = Object(
    name="IndicatorSetHealth",
    description="Whether an indicator set can be used, and what is wrong.",
    fields=(
        Column("state", "IndicatorSetHealthState!", "Whether it can be used."),
        Computed("problems", "[IndicatorSetProblem!]!", "What is wrong; empty for employees and their managers.",
                 resolve=told, needs={"problems": ""}),
    ),
)
UPGRADE = Object(
    name="IndicatorSetUpgrade",
    description="What upgrading the company to the installed version would change.",
    fields=(Column("sentences", "[String!]!", "Each difference, in the reader's language."),),
)


async def upgrade(needs: Mapping[str, Any], context: RequestContext, language: LanguageChoice | None = None) -> Any:
    """The differences between what the company has and what is installed; null where there are none."""
    if not needs["enabled"] or context.reach("schemes:read") != "company":
        return None
    tenant_id = context.principal.tenant_id
    async with context.platform.database.scoped_read(tenant_id) as conn:
        found = await upgrade_sentences(conn, tenant_id, context.platform.catalogue, needs["key"],
                                        context.language_or(language), context.now.date())
    return {"sentences": [*found]} if found else None


INDICATOR_SET = Object(
    name="IndicatorSet",
    description="Indicators, scheme templates and reward tables that a plugin brings.",
    fields=(
        Column("key", "String!", "Its short name."),
        Translated("title", "What it is called.", en="", zh=""),
        Column("plugin", "String!", "The distribution that brings it."),
        Column("pluginVersion", "String!", "The version of that distribution, as version."),
        Column("version", "String!", "The version of its plugin that is installed; of one that is not, the enabled."),
        Column("author", "String!", "Who made its plugin; empty where that says nothing."),
        Column("licence", "String!", "The licence of its plugin; empty where that says nothing."),
        Column("contentHash", "String", "The hash of everything it says; null where it cannot be used."),
        Column("deterministic", "Boolean!", "Whether its functions always gave one answer to one question."),
        Computed("health", "IndicatorSetHealth!", "Whether it can be used.", resolve=given("health"),
                 needs={"health": ""}),
        Column("enabled", "Boolean!", "Whether the company has enabled it."),
        Column("enabledAt", "DateTime", "Since when."),
        Column("enabledVersion", "String", "The version of its plugin that the company enabled."),
        Computed("upgrade", "IndicatorSetUpgrade", "What the installed version would change; null: nothing.",
                 resolve=upgrade, needs={"key": "", "enabled": ""}),
        Column("recordTypes", "[String!]!", "The record types it declares."),
        Column("indicatorKeys", "[String!]!", "The full names of its indicators."),
        Column("pythonIndicatorKeys", "[String!]!", "Those of them that only a function of the plugin can compute."),
        Column("schemeKeys", "[String!]!", "Its scheme templates."),
    ),
)  # fmt: skip

ENABLED = """
select set_key, plugin, plugin_version, enabled_at from enabled_set
where tenant_id = $1 and removed_at is null order by set_key
"""


async def indicator_sets(_: Mapping[str, Any], context: RequestContext, first: int = DEFAULT_FIRST,
                         after: str | None = None) -> Connection:
    """The sets of the installed plugins, those that are left out, and those that the company has and nobody brings."""
    reads = context.reach("schemes:read") is not None
    rows = await context.read(ENABLED, context.principal.tenant_id) if reads else []
    enabled = {row["set_key"]: row for row in rows}
    differing = await context.read(DIFFERING)
    catalogue: Catalogue = context.platform.catalogue
    items = [plain_set(one, catalogue, enabled.get(key), differing) for key, one in catalogue.sets.items()]
    items += [absent_set(key, *found) for key, found in absent(catalogue, enabled)]
    if not any(context.reach(action) for action in ("sources:read", "tenant:create")):
        for one in items:
            one["health"]["problems"] = []
    items.sort(key=lambda one: one["key"])
    return listed(context.declarations.classes["IndicatorSet"], items, first, after)


def plain_set(installed: InstalledSet, catalogue: Catalogue, row: Any, differing: Sequence[Any]) -> dict[str, Any]:
    """A set that can be used, as values."""
    found = installed.set
    report = catalogue.report_of(installed)
    problems = differences(report, differing)
    problems += [one for one in report.problems if one.code not in {each.code for each in problems}] if report else []
    return {
        "key": found.key, "title_en": found.title.en, "title_zh": found.title.zh,
        "plugin": installed.plugin, "pluginVersion": installed.version, "version": installed.version,
        "author": installed.author, "licence": installed.licence, "contentHash": installed.content_hash,
        "deterministic": not any(one.code == "E-PLUGIN-DIFFERS" for one in problems),
        "health": {"state": WARNS if problems else OK, "problems": problems},
        **enabling(row),
        "recordTypes": [each.key for each in found.records],
        "indicatorKeys": [f"{found.key}.{each.key}" for each in found.indicators],
        "pythonIndicatorKeys": [*installed.python],
        "schemeKeys": [each.key for each in found.schemes],
    }  # fmt: skip


def differences(report: PluginReport | None, differing: Sequence[Any]) -> list[Problem]:
    """That this release once gave two answers to one question, as it is known now."""
    return [problem("E-PLUGIN-DIFFERS", plugin=report.label, since=day(row["differs_since"]), reason=row["differs"])
            for row in differing if report and
            (row["distribution"], row["plugin"], row["version"], row["content_hash"]) ==
            (report.distribution, report.name, report.version, report.content_hash)]


def absent(catalogue: Catalogue, enabled: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Key to the plugin that should bring it, what is wrong, and what the company has enabled."""
    left = {key: one for one in catalogue.plugins for key in one.left_out}
    for key in sorted({*left, *enabled} - catalogue.sets.keys()):
        row = enabled.get(key)
        plugin, version = (row["plugin"], row["plugin_version"]) if row else ("", "")
        report = left.get(key) or next((one for one in catalogue.plugins if one.distribution == plugin), None)
        yield key, (catalogue.why_absent(key, plugin, version), report, row)


def absent_set(key: str, why: Problem, report: PluginReport | None, row: Any) -> dict[str, Any]:
    """A set that cannot be used, as values; its title is not known."""
    version = report.version if report else row["plugin_version"]
    problems = [why, *(report.problems if report and why.code in STATES else ())]
    return {
        "key": key, "title_en": key, "title_zh": key,
        "plugin": report.distribution if report else row["plugin"], "pluginVersion": version, "version": version,
        "author": report.author if report else "", "licence": report.licence if report else "",
        "contentHash": None, "deterministic": True,
        "health": {"state": STATES.get(why.code, ABSENT), "problems": problems},
        **enabling(row),
        "recordTypes": [], "indicatorKeys": [], "pythonIndicatorKeys": [], "schemeKeys": [],
    }  # fmt: skip


def enabling(row: Any) -> dict[str, Any]:
    """What the company has of a set."""
    return {"enabled": row is not None, "enabledAt": row and row["enabled_at"],
            "enabledVersion": row and row["plugin_version"]}


INDICATOR_SETS = Computed(
    "indicatorSets", "IndicatorSetConnection!",
    "What the installed plugins bring, and what the company has enabled that is not there now.", resolve=indicator_sets,
)  # fmt: skip
MODULE = Module(objects=(INDICATOR_SET, HEALTH, HEALTH_PROBLEM, UPGRADE), enums=(HealthState,),
                queries=(INDICATOR_SETS,))
