"""Expressions in words, as an HR administrator reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from meritline_sdk.explain.phrases import index
from meritline_sdk.model import nodes
from meritline_sdk.model.canonical import decimal_text
from meritline_sdk.model.kinds import MICROSECONDS_PER_SECOND, Kind
from meritline_sdk.model.measures import every_record_type
from meritline_sdk.model.nodes import Node, kind_of
from meritline_sdk.model.records import RecordDeclaration, RecordType

WORDS: dict[str, tuple[str, str]] = {
    "==": ("{left} is {right}", "{left}为{right}"),
    "!=": ("{left} is not {right}", "{left}不为{right}"),
    "<": ("{left} is below {right}", "{left}小于{right}"),
    "<=": ("{left} is at most {right}", "{left}不超过{right}"),
    ">": ("{left} is above {right}", "{left}大于{right}"),
    ">=": ("{left} is at least {right}", "{left}不低于{right}"),
    "one_of": ("{left} is one of {right}", "{left}为{right}之一"),
    "missing": ("{item} is missing", "{item}缺失"),
    "known": ("{item} is known", "{item}有值"),
    "not": ("not ({item})", "并非（{item}）"),
    "both": ("{left} and {right}", "{left}且{right}"),
    "either": ("({left} or {right})", "（{left}或{right}）"),
    "yes": ("{item} is yes", "{item}"),
    "no": ("{item} is no", "非{item}"),
    "between": ("the time from {left} to {right}", "从{left}到{right}的时长"),
    "days_between": ("the days from {left} to {right}", "从{left}到{right}的天数"),
    "quotient": ("{left} divided by {right}", "{left}除以{right}"),
    "parameter": ("{name} ({default} unless set otherwise)", "{name}（默认{default}）"),
    "comma": (", ", "、"),
    "true": ("yes", "是"),
    "false": ("no", "否"),
    "second": ("{count} seconds", "{count}秒"),
    "minute": ("{count} minutes", "{count}分钟"),
    "hour": ("{count} hours", "{count}小时"),
    "day": ("{count} days", "{count}天"),
}  # fmt: skip
LENGTHS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))


@dataclass(frozen=True, slots=True)
class Wording:
    """Turns expressions into words of one language; knows the titles of record types and fields."""

    language: str
    records: Mapping[str, RecordDeclaration]

    def word(self, key: str, **values: str) -> str:
        """A phrase, filled."""
        return WORDS[key][index(self.language)].format(**values)

    def record(self, key: str) -> str:
        """The title of the record type."""
        declaration = self.records.get(key)
        return declaration.title.in_language(self.language) if declaration else key.replace("_", " ")

    def field(self, node: nodes.Field) -> str:
        """The title of the field, or its name in words."""
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
                return self.field(node)
            case nodes.Literal():
                return self.value(node.value, node.kind)
            case nodes.ParameterRef():
                return self.word("parameter", name=node.name.replace("_", " "),
                                 default=self.value(node.default, node.kind))
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
        name = parameter.name.replace("_", " ")
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


