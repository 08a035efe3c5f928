"""The lines of a scheme as written: items, parts of composites, events, vetoes. Decides their keys.

A part may be a composite itself: ``item = "key"`` names an ``[[item]]`` with parts and without a weight.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from meritline.appraisal.documents.blanks import Said, number
from meritline.appraisal.documents.points import Indicators, read_indicator, read_points, read_rule_table
from meritline.appraisal.documents.quantities import quantity
from meritline.documents import Table
from meritline.documents.table import nearest_first
from meritline_sdk import DeclarationError, Event, Item, Part
from meritline_sdk.model.items import COMBINATIONS, MEAN, OWN, READ_FROM, ScoreOf, Veto
from meritline_sdk.model.policies import MISSING_POLICIES, WITHOUT, Policies
from meritline_sdk.model.rules import Rule
from meritline_sdk.model.sets import short
from meritline_sdk.model.text import Text
from meritline_sdk.model.units import COUNT, POINTS, Direction

HEAVIEST, DEEPEST, MOST_PARTS = 10**6, 4, 200
SHORTER = ("month", "quarter")


@dataclass(frozen=True, slots=True)
class Composite:
    """A composite without a weight of its own."""

    title: Text
    parts: tuple[Part, ...]


class Items:
    """The ``[[item]]`` tables of a document: the lines, and the composites that only parts name."""

    def __init__(self, tables: list[Table], indicators: Indicators, dimensions: tuple[str, ...]) -> None:
        self.indicators, self.dimensions = indicators, dimensions
        self.inner = {key: one for one in tables if isinstance(key := one.data.get("key"), str)
                      and one.data.get("weight") is None and one.data.get("part")}
        self.keys = {key for one in tables if isinstance(key := one.data.get("key"), str)}
        self.tables, self.known = tables, dict[str, Composite | None]()

    def read(self) -> tuple[Item | None, ...]:
        """The weighted lines; None for one with problems."""
        lines = [one for one in self.tables if self.inner.get(str(one.data.get("key"))) is not one]
        found = tuple(self.item(one) for one in lines)
        for key, table in self.inner.items():
            if key not in self.known:
                table.report("E-DOC-MISSING", "weight")
                self.composite(key, (key,))
        return found

    def item(self, table: Table) -> Item | None:
        """One weighted line, or None with its problems reported."""
        before = len(table.problems)
        name, score_of = table.text("indicator"), read_score_of(table)
        parts = self.parts(table, (str(table.data.get("key") or ""),))
        whole = table.has("part") or table.has("score_of")
        if sum((name is not None, table.has("part"), table.has("score_of"))) != 1:
            table.report("E-ITEM-PARTS", "indicator", value=name)
        weight = number(table, "weight", required=True, least=0, most=HEAVIEST)
        rule, target = self.points(table, name, told=weight == 0)
        given = {
            "weight": weight,
            "dimension": self.dimension(table),
            "minimum_sample": table.whole("minimum_sample"),
            "missing": table.choice("not_measured", MISSING_POLICIES),
            "policies": read_policies(table.table("policies")),
            "read_from": table.choice("read_from", READ_FROM, default=OWN),
            "title": table.title(default=None),
            "key": table.key("key", required=whole) or (short(name) if name else ""),
        }
        if whole and given["title"] is None:
            table.report("E-DOC-MISSING", "title")
        table.finish()
        if len(table.problems) != before or (parts is None and table.has("part")):
            return None
        return built(table, lambda: Item(name, rule=rule, target=target, parts=parts or (), score_of=score_of, **given))  # type: ignore[arg-type]

    def points(self, table: Table, name: str | None, *, told: bool) -> tuple[Rule | None, Said | None]:
        """Rule and target of the line; a composite has those of its parts. What weighs nothing is only told, and may
        have any rule."""
        if table.has("part"):
            return None, None
        if name is None and table.has("score_of"):
            return read_rule_table(table, POINTS, Direction.HIGHER, "score_of")
        return read_points(table, name, self.indicators, told=told) if name else (None, None)

    def dimension(self, table: Table) -> Text | str | None:
        """The key of a declared dimension, or a title; where dimensions are declared, a title has its Chinese too."""
        word = table.data.get("dimension")
        if word in self.dimensions and not table.has("dimension_zh"):
            table.has("dimension")
            return str(word)
        found = table.title("dimension")
        if found is not None and self.dimensions and not table.has("dimension_zh"):
            table.report("E-DIMENSION-UNKNOWN", "dimension", value=found.en,
                         known=nearest_first(found.en, self.dimensions)[:5])
        return found

    def parts(self, table: Table, way: tuple[str, ...]) -> tuple[Part, ...] | None:
        """The parts of a composite, or None where one of them could not be read."""
        read = [self.part(one, way) for one in table.tables("part")]
        found = tuple(one for one in read if one is not None)
        if height(found) > DEEPEST:
            table.report("E-ITEM-DEEP", "part", value=table.data.get("key"), most=DEEPEST)
        elif leaves(found) > MOST_PARTS:
            table.report("E-ITEM-MANY", "part", value=table.data.get("key"), most=MOST_PARTS)
        elif len(found) == len(read) and read:
            return found
        return None

    def part(self, table: Table, way: tuple[str, ...]) -> Part | None:
        """One indicator inside a composite item, or a composite inside it."""
        before = len(table.problems)
        weight, title = number(table, "weight", required=True, above=0), table.title()
        name, inner = table.text("indicator"), table.text("item")
        if (name is None) == (inner is None):
            table.report("E-PART-FORM", "item" if inner else "indicator", value=inner)
        found = self.named(table, inner, way) if inner and name is None else None
        rule, target = read_points(table, name, self.indicators) if name else (None, None)
        table.finish()
        if len(table.problems) != before or weight is None or (found is None and rule is None):
            return None
        if found is not None:
            return built(table, lambda: Part(None, weight, parts=found.parts, title=title or found.title))
        return built(table, lambda: Part(name, weight, rule, target, title=title))

    def named(self, table: Table, key: str, way: tuple[str, ...]) -> "Composite | None":
        """The composite that a part names, unless it contains the part itself."""
        if key in way:
            table.report("E-ITEM-CIRCLE", "item", value=key, way=" → ".join((*way[way.index(key):], key)))
        elif key in self.inner and len(way) >= DEEPEST:
            table.report("E-ITEM-DEEP", "item", value=key, most=DEEPEST)
        elif key in self.inner:
            return self.composite(key, (*way, key))
        elif key in self.keys:
            table.report("E-ITEM-WEIGHED", "item", value=key)
        else:
            table.report("E-ITEM-UNKNOWN", "item", value=key, known=nearest_first(key, self.inner)[:5] or ("—",))
        return None

    def composite(self, key: str, way: tuple[str, ...]) -> "Composite | None":
        """Title and parts of a composite without a weight of its own; its mistakes are told once."""
        if key not in self.known:
            table, self.known[key] = self.inner[key], None
            before = len(table.problems)
            table.key("key")
            title, parts = table.title(default=key), self.parts(table, way)
            table.has("weight")
            table.finish()
            if title is not None and parts and len(table.problems) == before:
                self.known[key] = Composite(title, parts)
        return self.known[key]


def leaves(parts: tuple[Part, ...]) -> int:
    """How many indicators a composite looks at in all."""
    return sum(leaves(part.parts) or 1 for part in parts)


def height(parts: tuple[Part, ...]) -> int:
    """How many composites stand inside each other."""
    return 1 + max((height(part.parts) for part in parts), default=-1)


def read_policies(table: Table | None) -> Policies:
    """``policies = { not_measured = "zero", failed = "manual" }``: what is done in each state without a reading."""
    if table is None:
        return Policies()
    given = {state: table.choice(state, MISSING_POLICIES) for state in WITHOUT}
    table.finish()
    return Policies(**given)


def read_score_of(table: Table) -> ScoreOf | None:
    """``score_of = { scheme = "engineers", combine = "mean", least = 3, period = "month" }``."""
    inner = table.table("score_of")
    if inner is None:
        return None
    scheme, combine = inner.key("scheme", required=True), inner.choice("combine", COMBINATIONS, default=MEAN)
    least, period = inner.whole("least", least=1, default=1), inner.choice("period", SHORTER)
    inner.finish()
    return None if scheme is None else ScoreOf(scheme, combine or MEAN, least or 1, period)


def read_event(table: Table, indicators: Indicators) -> Event | None:
    """Something added to or taken from the total."""
    before = len(table.problems)
    name = table.text("indicator", required=True)
    rule, target = read_points(table, name, indicators) if name else (None, None)
    title, read_from = table.title(), table.choice("read_from", READ_FROM, default=OWN)
    key = table.key("key") or (short(name) if name else "")
    table.finish()
    if len(table.problems) != before or name is None or rule is None:
        return None
    return built(table, lambda: Event(name, rule, title, read_from or OWN, target, key))


def read_veto(table: Table, indicators: Indicators) -> Veto | None:
    """Zero tolerance for the whole score."""
    before = len(table.problems)
    key, name = table.key("key", required=True), read_indicator(table, indicators)
    unit = indicators[name].unit if name else COUNT
    given: dict[str, Any] = {
        "title": table.title(default=key),
        "over": quantity(table, "over", unit, name or "", default=Decimal(0)),
        "score": number(table, "score", default=Decimal(0)),
        "read_from": table.choice("read_from", READ_FROM, default=OWN),
    }  # fmt: skip
    table.finish()
    if len(table.problems) != before or key is None or name is None:
        return None
    return built(table, lambda: Veto(key, indicator=name, **given))


def built[T](table: Table, make: Callable[[], T]) -> T | None:
    """The value; what the language itself refuses is a problem of the document like any other."""
    try:
        return make()
    except DeclarationError as wrong:
        table.report("E-DOC-DECLARATION", reason=wrong)
        return None
