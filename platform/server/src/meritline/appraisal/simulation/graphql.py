"""``simulate``: what a draft would have given, as GraphQL tells it. Only for those who may save schemes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import strawberry

from meritline.appraisal.simulation import graphql_suggestion as targets
from meritline.documents import Document as Written
from meritline.errors import MeritlineError, Refused
from meritline.graphql.kit import Column, Computed, Module, Object, Order, RequestContext, cursors, words
from meritline.graphql.kit.documents import given_document
from meritline.graphql.kit.mutating import mendable, user_error
from meritline.graphql.kit.paging import Connection, Edge, page_info, page_size
from meritline.graphql.kit.scalars import Document

if TYPE_CHECKING:
    from meritline.appraisal.simulation.comparison import Compared, Pair, PeriodTotal
    from meritline.appraisal.simulation.outcomes import Side
    from meritline.appraisal.simulation.service import Asked, Simulation

DEFAULT_FIRST = 20
BY_PLACE = (Order("place", "", "int"),)

SimulatedVerdict = words(
    "SimulatedVerdict",
    "What a draft means for somebody.",
    {
        "gains": "More money than stands; without any reward table, more points.",
        "loses": "Less of it.",
        "unchanged": "The same.",
    },
)


@strawberry.input(description="A draft of a scheme, of a reward table or of both, and the periods it is tried over.")
class SimulateInput:
    """What is tried."""

    scheme: Document | None = strawberry.field(
        default=strawberry.UNSET, description="The scheme as saveScheme takes it; without one the schemes stay."
    )
    reward_table: Document | None = strawberry.field(
        default=strawberry.UNSET, description="The reward table as saveRewardTable takes it; without one it stays."
    )
    periods: list[str] | None = strawberry.field(
        default=strawberry.UNSET, description="These periods; or from and to, or from and months."
    )
    from_: str | None = strawberry.field(default=strawberry.UNSET, name="from", description="The first period.")
    to: str | None = strawberry.field(default=strawberry.UNSET, description="The last period, included.")
    months: int | None = strawberry.field(
        default=strawberry.UNSET, description="How many periods, beginning with the first; by default one."
    )


async def simulation(_: Mapping[str, Any], context: RequestContext, input: SimulateInput) -> dict[str, Any]:
    """Try the draft; what the user can mend comes as errors."""
    from meritline.appraisal.simulation.service import simulate  # with all of a run

    platform, tenant_id = context.platform, context.principal.tenant_id
    try:
        found = await simulate(platform.database, tenant_id, platform.catalogue, asked_of(input), context.now,
                               functions=platform.functions)
    except MeritlineError as refused:
        if not all(mendable(each) for each in refused.problems):
            raise
        document = isinstance(refused, Refused)
        return {"found": None, "errors": [user_error(each, context, document=document) for each in refused.problems]}
    return {"found": found, "errors": []}


def asked_of(given: SimulateInput) -> "Asked":
    """The input as the service takes it."""
    from meritline.appraisal.simulation.service import Asked

    def known(value: Any) -> Any:
        return None if value is strawberry.UNSET else value

    documents = [None if known(one) is None else Written(given_document(one))
                 for one in (given.scheme, given.reward_table)]
    periods = known(given.periods) or ()
    first = known(given.from_)
    if not periods and not first:
        raise MeritlineError("E-SIMULATE-PERIODS", field="from", value="—", most=0)
    return Asked(documents[0], documents[1], first or "", known(given.to), known(given.months), periods)


def simulated(needed: Mapping[str, Any], context: RequestContext) -> dict[str, Any] | None:
    """The simulation, with everything its own fields are made from."""
    found: Simulation | None = needed["found"]
    if found is None:
        return None
    return {
        "key": found.scheme, "scheme": found.scheme, "subjectKind": found.kind.value, "people": len(found.people),
        "gains": found.how_many("gains"),
        "loses": found.how_many("loses"), "unchanged": found.how_many("unchanged"), "readAgain": list(found.again),
        "warnings": [user_error(each, context) for each in found.warnings], "found": found,
        "before": found.before, "after": found.after, "currency": found.currency,
    }  # fmt: skip


def periods(needed: Mapping[str, Any], _: RequestContext) -> list[dict[str, Any]]:
    """The totals of each period."""
    found: Simulation = needed["found"]
    return [period_values(one, found.currency) for one in found.periods]


def period_values(one: "PeriodTotal", currency: str) -> dict[str, Any]:
    """A period's totals."""
    return {"period": one.period, "people": one.people, "before": one.before, "after": one.after,
            "currency": currency, "grades": one}


def grades(needed: Mapping[str, Any], _: RequestContext) -> list[dict[str, Any]]:
    """How many have which grade on either side; the grades by key, those without one last."""
    one: PeriodTotal = needed["grades"]
    keys = sorted({*one.grades_before, *one.grades_after}, key=lambda key: (not key, key))
    return [{"grade": key or None, "before": one.grades_before.get(key, 0), "after": one.grades_after.get(key, 0)}
            for key in keys]


def people(needed: Mapping[str, Any], context: RequestContext, first: int = DEFAULT_FIRST,
           after: str | None = None) -> Connection:
    """A page of the people, who gains most first."""
    found: Simulation = needed["found"]
    size, start = page_size(first), started(after)
    row_type: Any = context.declarations.classes["SimulatedPerson"]
    chosen = list(enumerate(found.people[start:start + size], start))
    edges = [Edge(row_type.of_values(person_values(one, found.currency)), cursors.encode(BY_PLACE, [place]))
             for place, one in chosen]

    async def count() -> int:
        return len(found.people)

    return Connection(edges, page_info(edges, more=start + size < len(found.people), after=after), count)


def started(after: str | None) -> int:
    """At which place the page begins."""
    return 0 if after is None else int(str(cursors.decode(after, BY_PLACE)[0])) + 1


def person_values(one: "Compared", currency: str) -> dict[str, Any]:
    """A person over all periods."""
    person = one.person
    return {
        "key": person.code, "code": person.code,
        "name": person.name, "verdict": one.verdict, "pairs": person.pairs, "currency": currency,
        "difference": one.difference, "before": person.before, "after": person.after,
        "scoreDifference": one.score_difference,
    }  # fmt: skip


def side_of(which: str) -> Any:
    """The side of a person over all periods: money together, the mean score; place and grade of a single period."""
    def resolve(needed: Mapping[str, Any], _: RequestContext) -> dict[str, Any] | None:
        from meritline.appraisal.simulation.comparison import mean_score, paid

        pairs: list[Pair] = needed["pairs"]
        sides: list[Side | None] = [getattr(one, which) for one in pairs]
        only = sides[0] if len(sides) == 1 else None
        if all(side is None for side in sides):
            return None
        return {"score": mean_score(sides), "grade": only and only.grade, "rank": only and only.rank,
                "state": only and only.state, "passed": only.passed if only else None,
                "money": sum(map(paid, sides), Decimal("0.00")), "currency": needed["currency"]}
    return resolve


def person_periods(needed: Mapping[str, Any], _: RequestContext) -> list[dict[str, Any]]:
    """Each period of a person."""
    pairs: list[Pair] = needed["pairs"]
    return [{"period": one.period, "pairs": [one], "currency": needed["currency"], "difference": one.difference}
            for one in pairs]


def money_of(name: str) -> Any:
    """An amount with its currency."""
    def resolve(needed: Mapping[str, Any], _: RequestContext) -> dict[str, Any]:
        return {"amount": needed[name], "currency": needed["currency"]}
    return resolve


def difference(needed: Mapping[str, Any], _: RequestContext) -> dict[str, Any]:
    """By how much the money changes."""
    return {"amount": needed["after"] - needed["before"], "currency": needed["currency"]}


def money(name: str, description: str) -> Computed:
    """A field with money."""
    return Computed(name, "Money!", description, resolve=money_of(name), needs={name: "", "currency": ""})


COSTS = (
    money("before", "What stands, together."),
    money("after", "What the draft would have given, together."),
    Computed("difference", "Money!", "After less before.", resolve=difference,
             needs={"before": "", "after": "", "currency": ""}),
)
SIDES = (
    Computed("before", "SimulatedSide", "What stands; null for whom the scheme did not appraise.",
             resolve=side_of("before"), needs={"pairs": "", "currency": ""}),
    Computed("after", "SimulatedSide", "What the draft gives; null for whom it does not appraise.",
             resolve=side_of("after"), needs={"pairs": "", "currency": ""}),
    money("difference", "After less before."),
)

PAYLOAD = Object(
    name="SimulatePayload",
    description="A simulation, or every mistake of the draft. Nothing is kept of it.",
    fields=(
        Computed("simulation", "Simulation", "What the draft would have given.", resolve=simulated,
                 needs={"found": ""}),
        Column("errors", "[UserError!]!", "What is wrong with the draft or the periods."),
    ),
)
SIMULATION = Object(
    name="Simulation",
    description="What a draft would have given over past periods, beside what stands.",
    fields=(
        Column("scheme", "String!", "The scheme that is tried, by key."),
        Column("subjectKind", "SubjectKind!", "Who is appraised by it: employees, departments, the company."),
        Column("people", "Int!", "How many are appraised before or after."),
        Column("gains", "Int!", "How many gain."),
        Column("loses", "Int!", "How many lose."),
        Column("unchanged", "Int!", "For how many nothing changes."),
        *COSTS,
        Column("readAgain", "[String!]!", "The periods whose records had to be read again, as they were known then."),
        Column("warnings", "[UserError!]!", "What to look at."),
        Computed("periods", "[SimulatedPeriod!]!", "Each period.", resolve=periods, needs={"found": ""}),
        Computed("persons", "SimulatedPersonConnection!", "Everybody, who gains most first; who loses most last.",
                 resolve=people, needs={"found": ""}),
    ),
)
PERIOD = Object(
    name="SimulatedPeriod",
    description="A period of a simulation.",
    fields=(
        Column("period", "String!", "The period."),
        Column("people", "Int!", "How many are appraised before or after."),
        *COSTS,
        Computed("grades", "[SimulatedGrade!]!", "How many have which grade.", resolve=grades, needs={"grades": ""}),
    ),
)
GRADE = Object(
    name="SimulatedGrade",
    description="How many have a grade before and after.",
    fields=(
        Column("grade", "String", "The grade's key; null for cards without one."),
        Column("before", "Int!", "How many have it as things stand."),
        Column("after", "Int!", "How many have it by the draft."),
    ),
)
PERSON = Object(
    name="SimulatedPerson",
    description="Somebody over all periods of a simulation.",
    fields=(
        Column("code", "String!", "The employee number, the department's code, the company's key."),
        Column("name", "String!", "The name."),
        Column("verdict", "SimulatedVerdict!", "Who gains and who loses."),
        *SIDES,
        Column("scoreDifference", "Decimal!", "By how much the scores of all periods together change."),
        Computed("periods", "[SimulatedPersonPeriod!]!", "Each period.", resolve=person_periods,
                 needs={"pairs": "", "currency": ""}),
    ),
)
PERSON_PERIOD = Object(
    name="SimulatedPersonPeriod",
    description="Somebody in one period of a simulation.",
    fields=(Column("period", "String!", "The period."), *SIDES),
)
SIDE = Object(
    name="SimulatedSide",
    description="What somebody comes to, before or after.",
    fields=(
        Column("score", "Decimal", "The score; of several periods the mean of those with one, to two places."),
        Column("grade", "String", "The grade's key, of a single period."),
        Column("rank", "Int", "The place, of a single period."),
        Column("state", "ScorecardState", "How complete the card is, of a single period."),
        Column("passed", "Boolean", "Whether the pass score was reached, in a single period."),
        money("money", "What the reward table gives, of all periods together."),
    ),
)
SIMULATE = Computed(
    "simulate", "SimulatePayload!",
    "What a draft of a scheme or of a reward table would have given over past periods. Writes nothing.",
    resolve=simulation, action="schemes:write",
)  # fmt: skip
OBJECTS = (PAYLOAD, SIMULATION, PERIOD, GRADE, PERSON, PERSON_PERIOD, SIDE)
ENUMS = (SimulatedVerdict,)
MODULE = Module(objects=(*OBJECTS, *targets.OBJECTS), enums=(*ENUMS, *targets.ENUMS),
                queries=(SIMULATE, targets.SUGGEST_TARGETS), mutations=(targets.ACCEPT_TARGETS,))
