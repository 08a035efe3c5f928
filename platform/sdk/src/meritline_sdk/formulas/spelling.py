"""Expressions as text. Decides parentheses, how constants are written, and which record a name is said of."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from meritline_sdk.formulas.constants import LENGTHS
from meritline_sdk.formulas.looks import HOW
from meritline_sdk.formulas.scope import OTHER
from meritline_sdk.model import nodes
from meritline_sdk.model.canonical import decimal_text
from meritline_sdk.model.kinds import TEXTUAL, Kind
from meritline_sdk.model.nodes import Node, Scalar, kind_of

ANY, OR, AND, NOT, COMPARISON, SUM, PRODUCT, ATOM = range(8)
EDGES = {"start": "PERIOD_START", "end": "PERIOD_END", "first_day": "FIRST_DAY", "last_day": "LAST_DAY"}
LOOKS = {how: name for name, how in HOW.items()}
ONE_DAY = LENGTHS["days"]


class Spelling:
    """Writes expressions about one record type; inside a look at others their fields are named by their type."""

    def __init__(self, own: str, other: str | None = None) -> None:
        self.own, self.other = own, other

    def say(self, node: Node, room: int = ANY, beside: Kind | None = None) -> str:
        """The text; in parentheses where it binds less than ``room`` asks for."""
        body, binds = self.told(node, beside)
        return f"({body})" if binds < room else body

    def told(self, node: Node, beside: Kind | None) -> tuple[str, int]:
        """The text and how strongly it binds."""
        match node:
            case nodes.Field(record, name):
                plain = record == self.own and self.other is None
                return (name if plain else f"{record}.{name}"), ATOM
            case nodes.Other(nodes.Field(record, name)):
                return f"{self.owner(record)}.{name}", ATOM
            case nodes.Literal():
                return constant(node.value, node.kind, beside), ATOM
            case nodes.ParameterRef():
                return parameter(node), ATOM
            case nodes.PeriodEdge(edge):
                return EDGES[edge], ATOM
            case nodes.OtherFirst():
                return f"{self.owner(self.other or '')}.comes_first()", ATOM
            case nodes.Both(left, right):
                return f"{self.say(left, AND)} and {self.say(right, NOT)}", AND
            case nodes.Either(left, right):
                return f"{self.say(left, OR)} or {self.say(right, AND)}", OR
            case nodes.Missing(item):
                return f"{self.say(item, SUM)} is None", COMPARISON
            case nodes.Not(item):
                return self.negated(item)
            case nodes.OneOf(item, values):
                return self.membership(item, values, "in"), COMPARISON
            case nodes.Compare(op, left, right):
                return self.comparison(op, left, right), COMPARISON
            case nodes.Arithmetic(op, left, right):
                level = PRODUCT if op == "*" else SUM
                return f"{self.say(left, level)} {op} {self.say(right, level + 1)}", level
        return self.called(node), ATOM

    def owner(self, record: str) -> str:
        """How the record that is looked for is named."""
        return OTHER if record == self.own else record

    def negated(self, item: Node) -> tuple[str, int]:
        """NOT."""
        match item:
            case nodes.Missing(inner):
                return f"{self.say(inner, SUM)} is not None", COMPARISON
            case nodes.OneOf(inner, values):
                return self.membership(inner, values, "not in"), COMPARISON
        return f"not {self.say(item, ATOM)}", NOT

    def membership(self, item: Node, values: Sequence[nodes.Literal], word: str) -> str:
        """``x in ("a", "b")``."""
        told = ", ".join(constant(each.value, each.kind, kind_of(item)) for each in values)
        return f"{self.say(item, SUM)} {word} ({told}{',' if len(values) == 1 else ''})"

    def comparison(self, op: str, left: Node, right: Node) -> str:
        """Two sides; the kind of a text is read from the other."""
        if is_text(left) and not is_text(right):
            return f"{self.say(left, SUM, kind_of(right))} {op} {self.say(right, SUM)}"
        return f"{self.say(left, SUM)} {op} {self.say(right, SUM, kind_of(left))}"

    def called(self, node: Node) -> str:
        """What is written as a function."""
        match node:
            case nodes.Quotient(above, below, places):
                return f"quotient({self.say(above)}, {self.say(below)}, places={places})"
            case nodes.If(condition, then, otherwise):
                rest = () if otherwise is None else (otherwise,)
                return self.function("If", (condition, then, *rest))
            case nodes.FirstPresent(items):
                return self.function("first_present", items)
            case nodes.Extreme(op, items):
                return self.function("earliest" if op == "least" else "latest", items)
            case nodes.Titled(item, title):
                return f"titled({self.say(item)}, {quoted(title.en)}, {quoted(title.zh)})"
            case nodes.LocalDay(item):
                return self.function("local_day", (item,))
            case nodes.ClockTime(day, time):
                return self.function("at_clock", (day, time))
            case nodes.WorkedTime(start, end):
                return self.function("business_time", (start, end))
            case nodes.WorkDays(first, last):
                return self.function("working_days", (first, last))
            case nodes.Related():
                return self.look(node)
        raise TypeError(f"{node!r} has no formula")

    def function(self, name: str, items: Sequence[Node]) -> str:
        """A call."""
        return f"{name}({', '.join(self.say(item) for item in items)})"

    def look(self, node: nodes.Related) -> str:
        """A look at other records."""
        inside = Spelling(self.own, node.record)
        value = "" if node.value is None else f"{inside.say(node.value)}, "
        return f"{LOOKS[node.how]}({node.record}, {value}{inside.say(node.where)})"


def is_text(node: Node) -> bool:
    """Whether it is a constant text."""
    return isinstance(node, nodes.Literal) and isinstance(node.value, str)


def quoted(value: str) -> str:
    """A text in quotes, as Python reads it; what cannot be seen is spelled out."""
    inner = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in inner) + '"'


def constant(value: Scalar, kind: Kind, beside: Kind | None = None) -> str:
    """A constant; where a bare text would be read as another kind, its kind is said."""
    match value:
        case bool():
            return str(value)
        case str():
            read_as = beside if beside in TEXTUAL else Kind.CODE
            return quoted(value) if kind is read_as else f"{kind.value}({quoted(value)})"
        case int() if kind is Kind.DURATION:
            return length(value)
        case Decimal():
            number = decimal_text(value)
            return number if "." in number else f"{number}.0"
        case datetime():
            return f'instant("{value.isoformat()}")'
        case date():
            return f'day("{value.isoformat()}")'
    return str(value)


def length(micros: int) -> str:
    """A length of time in the largest unit that it is whole in; a single day is 24 hours."""
    if micros == 0:
        return "seconds(0)"
    if micros % ONE_DAY == 0 and abs(micros) > ONE_DAY:
        return f"days({micros // ONE_DAY})"
    for name in ("hours", "minutes", "seconds"):
        if micros % LENGTHS[name] == 0:
            return f"{name}({micros // LENGTHS[name]})"
    return f"microseconds({micros})"


def parameter(node: nodes.ParameterRef) -> str:
    """A parameter with its default, or the kind a company must fill in."""
    told = [quoted(node.name)]
    told.append(f'blank="{node.kind.value}"' if node.default is None else constant(node.default, node.kind))
    if node.options:
        told.append(f"options=[{', '.join(constant(each, option_kind(each)) for each in node.options)}]")
    if node.title is not None:
        told.append(f"title=Text({quoted(node.title.en)}, {quoted(node.title.zh)})")
    return f"parameter({', '.join(told)})"


def option_kind(value: Scalar) -> Kind:
    """The kind in which an option is written: as a plain value."""
    return Kind.CODE if isinstance(value, str) else Kind.INT


