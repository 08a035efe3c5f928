"""A measure as a formula, in one spelling: reading the text again gives the same measure.

What a record type says by itself, its credit and its moment, is left out where its declaration is at hand.
"""

from collections.abc import Mapping
from typing import Any

from meritline_sdk.formulas.spelling import Spelling, quoted
from meritline_sdk.model import measures
from meritline_sdk.model.credits import ChosenCredit, Credit, plain_credit
from meritline_sdk.model.expressions import Expr
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.measures import Measure, every_record_type
from meritline_sdk.model.nodes import Field
from meritline_sdk.model.records import RecordDeclaration, RecordType
from meritline_sdk.model.tallies import EMPLOYED_DAYS, PERIOD_DAYS, Tally

WIDEST = 100
NAMES = {"count": "count", "distinct": "distinct", "sum": "sum", EMPLOYED_DAYS: "employed_days",
         PERIOD_DAYS: "period_days"}


def text(measure: Measure, records: Mapping[str, RecordDeclaration] | None = None) -> str:
    """The formula of the measure; ``records`` are the declared types, by default all of this process."""
    return Printer(declared() if records is None else records).measure(measure)


def declared() -> dict[str, RecordDeclaration]:
    """The record types of this process, by key."""
    return {kind.declaration.key: kind.declaration for kind in every_record_type(RecordType)}


class Printer:
    """Writes measures."""

    def __init__(self, records: Mapping[str, RecordDeclaration]) -> None:
        self.records = records

    def measure(self, measure: Measure) -> str:
        """Any measure."""
        match measure:
            case measures.Ratio():
                return call("ratio", [self.side(measure.numerator), self.side(measure.denominator)])
            case measures.Total():
                return self.side(measure)
            case measures.Pooled():
                return call("pooled", [self.tally(part, "mean") for part in measure.parts])
            case measures.Weighted():
                parts = [f"({self.measure(one)}, {Spelling('').say(weight)})" for one, weight in measure.parts]
                return call("weighted", parts)
            case measures.Complete():
                return call("complete", [f"({self.side(part)}, {self.side(all_of)})"
                                         for part, all_of in measure.pairs])
            case measures.Change():
                relative = ["relative=True"] if measure.relative else []
                return call("change", [self.measure(measure.measure), *relative])
            case measures.Percentile():
                return self.tally(measure.tally, "percentile", str(measure.percent))
            case measures.Largest() | measures.Smallest():
                nothing = [] if measure.nothing is None else [f"nothing={measure.nothing}"]
                return self.tally(measure.tally, type(measure).__name__.lower(), last=nothing)
            case measures.Mean():
                return self.tally(measure.tally, "mean")
            case _:
                return self.side(measure.tally)

    def side(self, side: Any) -> str:
        """One side of a ratio."""
        if isinstance(side, measures.Total):
            return call("total", [self.side(part) for part in side.parts])
        return self.tally(side, NAMES[side.how])

    def tally(self, tally: Tally, function: str, *after_value: str, last: list[str] | None = None) -> str:
        """One tally."""
        if not tally.record:
            return f"{function}()"
        spelling = Spelling(tally.record)
        told = [tally.record]
        if tally.value is not None:
            told.append(spelling.say(tally.value))
        told.extend(after_value)
        if tally.by:
            told.append(f"by=[{', '.join(spelling.say(part) for part in tally.by)}]")
        if tally.where is not None:
            named = "where=" if tally.by else ""
            told.append(named + spelling.say(tally.where))
        if tally.over is not None:
            told.append(f"over={spelling.say(tally.over)}")
        told.extend(self.attribution(tally, spelling))
        return call(function, [*told, *(last or [])])

    def attribution(self, tally: Tally, spelling: Spelling) -> list[str]:
        """Credit and moment, where they are not those of the record type."""
        record = self.records.get(tally.record)
        found = []
        if record is None or tally.credit != own_credit(record):
            found.append(f"credit={credit_text(tally.credit, spelling)}")
        own_moment = record and Field(record.key, record.at, moment_kind(record))
        if tally.at is None:
            found.append("at=AS_THINGS_STAND")
        elif tally.at != own_moment:
            found.append(f"at={spelling.say(tally.at)}")
        return found


def own_credit(record: RecordDeclaration) -> Credit:
    """The credit that the record type has by itself."""
    if record.credit is None:
        return Credit(None, "company")
    return plain_credit(Expr(Field(record.key, record.credit, record.field(record.credit).kind)))


def moment_kind(record: RecordDeclaration) -> Kind:
    """Whether the record type's moment is an instant or a day."""
    return record.field(record.at).kind


def credit_text(credit: Credit | ChosenCredit, spelling: Spelling) -> str:
    """A way of credit."""
    if isinstance(credit, ChosenCredit):
        ways = ", ".join(f"{quoted(name)}: {credit_text(one, spelling)}" for name, one in credit.options)
        return f"credit_choice({spelling.say(credit.parameter)}, {{{ways}}})"
    if credit.field is None:
        return "company_only()"
    holder = spelling.say(credit.field)
    if credit.mode == "divided" and credit.divisor is not None:
        return f"divided({holder}, by={spelling.say(credit.divisor)})"
    return f"each({holder})" if credit.mode == "each" else holder


def call(function: str, arguments: list[str]) -> str:
    """A call on one line, or one argument a line where that is too wide."""
    line = f"{function}({', '.join(arguments)})"
    if len(line) <= WIDEST and "\n" not in line:
        return line
    inner = ",\n".join("  " + argument.replace("\n", "\n  ") for argument in arguments)
    return f"{function}(\n{inner},\n)"
