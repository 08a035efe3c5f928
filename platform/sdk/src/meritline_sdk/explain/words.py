"""Expressions in words, as an HR administrator reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from meritline_sdk.explain.phrases import index
from meritline_sdk.explain.vocabulary import WORDS
from meritline_sdk.model import nodes
from meritline_sdk.model.canonical import decimal_text
from meritline_sdk.model.kinds import MICROSECONDS_PER_SECOND, Kind
from meritline_sdk.model.measures import every_record_type
from meritline_sdk.model.nodes import Node, kind_of
from meritline_sdk.model.records import EXTERNAL_ID, RecordDeclaration, RecordType

LENGTHS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))


@dataclass(frozen=True, slots=True)
class Wording:
    """Turns expressions into words of one language; knows the titles of record types and fields."""

    language: str
    records: Mapping[str, RecordDeclaration]
    looking: bool = False
    """Whether it speaks of another record, so that the record's own fields must be told apart from its fields."""

    def word(self, key: str, **values: str) -> str:
        """A phrase, filled."""
        return WORDS[key][index(self.language)].format(**values)

    def record(self, key: str) -> str:
        """The title of the record type."""
        declaration = self.records.get(key)
        return declaration.title.in_language(self.language) if declaration else key.replace("_", " ")

    def field(self, node: nodes.Field) -> str:
        """The title of the field, or its name in words."""
        if node.name == EXTERNAL_ID:
            return self.word("external_id")
        declaration = self.records.get(node.record)
        for spec in declaration.fields if declaration else ():
            if spec.name == node.name and spec.title is not None:
                title = spec.title.in_language(self.language)
                return title if index(self.language) else title[:1].lower() + title[1:]
        return node.name.replace("_", " ")

    def say(self, node: Node) -> str:
        """The expression in words."""
        match node:
            case nodes.Field():
                return self.word("own", field=self.field(node)) if self.looking else self.field(node)
            case nodes.Literal():
                return self.value(node.value, node.kind)
            case nodes.ParameterRef():
                return self.parameter(node)
            case nodes.Titled():
                return node.title.in_language(self.language)
            case nodes.PeriodEdge():
                return self.word(node.edge)
            case nodes.Compare():
                return self.compare(node)
            case nodes.OneOf():
                return self.word("one_of", left=self.say(node.item), right=self.word("comma").join(
                    self.say(value) for value in node.values))
            case nodes.Missing():
                return self.word("missing", item=self.say(node.item))
            case nodes.Not():
                return self.negation(node)
            case nodes.Both() | nodes.Either():
                return self.word("both" if isinstance(node, nodes.Both) else "either",
                                 left=self.condition(node.left), right=self.condition(node.right))
            case nodes.Quotient():
                return self.word("quotient", left=self.bracketed(node.dividend), right=self.bracketed(node.divisor))
            case nodes.Arithmetic():
                return self.arithmetic(node)
            case nodes.If():
                return self.chosen(node)
            case nodes.FirstPresent():
                return self.word("first_present", items=self.listed(node.items))
            case nodes.Extreme():
                moments = node.kind in (Kind.INSTANT, Kind.DAY)
                names = {"least": "earliest", "greatest": "latest"} if moments else {}
                return self.word(names.get(node.op, node.op), items=self.listed(node.items))
            case nodes.LocalDay():
                return self.word("local_day", item=self.say(node.item))
            case nodes.ClockTime():
                return self.word("clock_time", day=self.say(node.day), time=self.time_of_day(node.time))
            case nodes.WorkedTime():
                return self.word("worked_time", left=self.say(node.start), right=self.say(node.end))
            case nodes.WorkDays():
                return self.word("work_days", left=self.say(node.first), right=self.say(node.last))
            case nodes.Other():
                return self.word("other", field=self.field(node.field))
            case nodes.OtherFirst():
                return self.word("other_first")
            case nodes.Related():
                return self.related(node)

    def parameter(self, node: nodes.ParameterRef) -> str:
        """What a tenant may set, with its default, or that it must be set."""
        name = self.parameter_name(node)
        if node.default is None:
            return self.word("blank", name=name)
        return self.word("parameter", name=name, default=self.value(node.default, node.kind))

    def parameter_name(self, node: nodes.ParameterRef) -> str:
        """The title of the parameter, or its name in words."""
        return node.title.in_language(self.language) if node.title else node.name.replace("_", " ")

    def listed(self, items: tuple[Node, ...]) -> str:
        """Several expressions in a row."""
        return self.word("comma").join(self.say(item) for item in items)

    def chosen(self, node: nodes.If) -> str:
        """One value or the other; the choice between two clocks in its own words."""
        if isinstance(node.then, nodes.WorkedTime) and isinstance(node.condition, nodes.Compare):
            return self.word("elapsed", left=self.say(node.then.start), right=self.say(node.then.end),
                             clock=self.say(node.condition.left))
        then, condition = self.bracketed(node.then), self.condition(node.condition)
        if node.otherwise is None:
            return self.word("if_only", then=then, condition=condition)
        return self.word("if", then=then, condition=condition, otherwise=self.bracketed(node.otherwise))

    def related(self, node: nodes.Related, without: bool = False) -> str:
        """What is looked for among other records."""
        inside = replace(self, looking=True)
        values = {"record": self.record(node.record), "where": inside.condition(node.where)}
        if node.how != "exists":
            value = "" if node.value is None else inside.say(node.value)
            return self.word(f"related_{node.how}", value=value, **values)
        own = any(isinstance(part, nodes.Field) and part.record == node.record for part in nodes.walk(node.where))
        return self.word(("no_" if without else "") + ("exists" if own else "exists_type"), **values)

    def time_of_day(self, node: Node) -> str:
        """19:30, or the parameter that says it."""
        if not isinstance(node, nodes.Literal | nodes.ParameterRef):
            return self.say(node)
        value = node.value if isinstance(node, nodes.Literal) else node.default
        if not isinstance(value, int):
            return self.say(node)
        seconds = value // MICROSECONDS_PER_SECOND
        shown = f"{seconds // 3600}:{seconds % 3600 // 60:02}" + (f":{seconds % 60:02}" if seconds % 60 else "")
        if isinstance(node, nodes.Literal):
            return shown
        return self.word("parameter", name=self.parameter_name(node), default=shown)

    def condition(self, node: Node) -> str:
        """What must be true; a flag on its own says that it is yes."""
        return self.word("yes", item=self.say(node)) if kind_of(node) is Kind.FLAG and isinstance(
            node, nodes.Field) else self.say(node)

    def compare(self, node: nodes.Compare) -> str:
        """A comparison; of a flag with yes or no, the flag itself."""
        if isinstance(node.right, nodes.Literal) and node.right.kind is Kind.FLAG and node.op == "==":
            return self.word("yes" if node.right.value else "no", item=self.say(node.left))
        return self.word(node.op, left=self.say(node.left), right=self.say(node.right))

    def negation(self, node: nodes.Not) -> str:
        """Not missing is known; not a flag is plain; all else in brackets."""
        if isinstance(node.item, nodes.Missing):
            return self.word("known", item=self.say(node.item.item))
        if isinstance(node.item, nodes.Related) and node.item.how == "exists":
            return self.related(node.item, without=True)
        return self.word("no" if isinstance(node.item, nodes.Field) else "not", item=self.say(node.item))

    def arithmetic(self, node: nodes.Arithmetic) -> str:
        """The distance of two moments in words, all else as a formula."""
        kinds = (kind_of(node.left), kind_of(node.right))
        if node.op == "-" and kinds in ((Kind.INSTANT, Kind.INSTANT), (Kind.DAY, Kind.DAY)):
            return self.word("between" if kinds[0] is Kind.INSTANT else "days_between",
                             left=self.say(node.right), right=self.say(node.left))
        for parameter, unit in ((node.left, node.right), (node.right, node.left)):
            if isinstance(parameter, nodes.ParameterRef) and kind_of(unit) is Kind.DURATION:
                return self.set_duration(parameter, unit)
        sign = {"+": "+", "-": "−", "*": "×"}[node.op]
        return f"{self.bracketed(node.left)} {sign} {self.bracketed(node.right)}"

    def set_duration(self, parameter: nodes.ParameterRef, unit: Node) -> str:
        """A duration that a tenant sets as a number of seconds or minutes."""
        name = self.parameter_name(parameter)
        length, count = getattr(unit, "value", None), parameter.default
        if not isinstance(length, int) or not isinstance(count, int):
            return f"{self.say(parameter)} × {self.bracketed(unit)}"
        return self.word("parameter", name=name, default=self.duration(length * count))

    def bracketed(self, node: Node) -> str:
        """The expression, in brackets where it is not simple."""
        text = self.say(node)
        return text if isinstance(node, nodes.Field | nodes.Literal | nodes.ParameterRef) else f"({text})"

    def value(self, value: object, kind: Kind) -> str:
        """A constant as people write it."""
        if kind is Kind.DURATION and isinstance(value, int):
            return self.duration(value)
        match value:
            case bool():
                return self.word("true" if value else "false")
            case Decimal():
                return decimal_text(value)
            case datetime() | date():
                return value.isoformat()
        return str(value)

    def duration(self, microseconds: int) -> str:
        """The duration in the longest unit that is whole."""
        for unit, length in LENGTHS:
            if microseconds and microseconds % (length * MICROSECONDS_PER_SECOND) == 0:
                return self.word(unit, count=str(microseconds // (length * MICROSECONDS_PER_SECOND)))
        exact = Decimal(microseconds).scaleb(-6)
        return self.word("second", count=decimal_text(exact))


def known_records() -> Mapping[str, RecordDeclaration]:
    """Every record type that is declared in this process."""
    return {kind.declaration.key: kind.declaration for kind in reversed(every_record_type(RecordType))}


