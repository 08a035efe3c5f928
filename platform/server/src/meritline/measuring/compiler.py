"""From SDK expressions to SQL. Decides how SQL gives exactly what ``meritline_sdk.evaluate`` gives.

SQL's own three-valued logic is the SDK's; text has equality only. Values are bound, names are checked (``quoted``),
and only operators of a fixed table are written. How numbers and instants stay exact stands in ``pieces.py``, time by
the calendar in ``times.py``, other records in ``relations.py``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from meritline.measuring.binds import Binds
from meritline.measuring.pieces import (
    MICROSECOND,
    WIDEST,
    WIDEST_INSTANT,
    Sql,
    alike,
    calculated,
    constant,
    counted,
    flag,
    quotient,
)
from meritline.measuring.reach import Reach
from meritline.measuring.relations import looked, other_field, other_first
from meritline.measuring.times import Times, edge
from meritline.records.columns import quoted, value_column
from meritline_sdk.evaluate.calendars import Clock
from meritline_sdk.evaluate.expressions import value_of
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model import nodes
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.nodes import Node, Scalar, kind_of, walk

COMPARISONS: Final = {"==": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
EXTREMES: Final = {"least": "least", "greatest": "greatest"}
FIXED: Final = (nodes.Literal, nodes.ParameterRef, nodes.Compare, nodes.OneOf, nodes.Missing, nodes.Both, nodes.Either,
                nodes.Not)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles the expressions of one statement over the rows named ``row``.

    ``window`` is the tally's own, ``clock`` that of the period appraised, ``reach`` says whose other records there are.
    """

    binds: Binds
    row: str = "r"
    reach: Reach | None = None
    clock: Clock | None = None
    window: Window | None = None

    def within(self, window: Window) -> "Compiler":
        """The same for the tallies of a window."""
        return replace(self, window=window)

    def column(self, name: str) -> str:
        """A column of the row."""
        return f"{self.row}.{quoted(name)}"

    def condition(self, node: Node, parameters: Mapping[str, Scalar]) -> str:
        """A condition for WHERE or FILTER, which keep only what is true."""
        return self.piece(node, parameters).text

    def piece(self, node: Node, parameters: Mapping[str, Scalar]) -> Sql:
        """The node as SQL."""
        match node:
            case nodes.Field():
                return Sql(self.column(value_column(node.name, node.kind)), node.kind, WIDEST.get(node.kind, 0))
            case nodes.Other():
                return Sql(other_field(node), node.field.kind, WIDEST.get(node.field.kind, 0))
            case nodes.Titled():
                return self.piece(node.item, parameters)
            case nodes.Literal():
                return constant(self.binds, node.value, node.kind)
            case nodes.ParameterRef():
                return constant(self.binds, parameters.get(node.name, node.default), node.kind)
            case nodes.OneOf():
                return self.one_of(node, parameters)
            case nodes.Compare():
                return self.compared(node, parameters)
            case nodes.If():
                return self.chosen(node, parameters)
            case nodes.Related():
                return looked(node, self, parameters)
            case nodes.OtherFirst():
                return other_first(self)
            case nodes.PeriodEdge():
                return edge(self.binds, node, self.window)
            case nodes.ClockTime() | nodes.LocalDay() | nodes.WorkedTime() | nodes.WorkDays() if self.unknowable(
                    node, parameters):
                return constant(self.binds, None, nodes.kind_of(node))
            case nodes.ClockTime():
                return self.times.clock_time(self.piece(node.day, parameters), duration(node.time, parameters))
            case _:
                below = [self.piece(child, parameters) for child in nodes.children(node)]
                return self.timed(node, below) or combined(node, below)

    @property
    def times(self) -> Times:
        """Time by the calendar."""
        return Times(self.binds, self.clock)

    def unknowable(self, node: Node, parameters: Mapping[str, Scalar]) -> bool:
        """Whether there is no calendar, or no time, to ask by: then what stands below is not compiled at all, since
        the database refuses a statement with a value that is bound and never used."""
        if isinstance(node, nodes.WorkedTime | nodes.WorkDays):
            return self.clock is None or self.clock.calendar is None
        return self.clock is None or (isinstance(node, nodes.ClockTime) and duration(node.time, parameters) is None)

    def timed(self, node: Node, below: list[Sql]) -> Sql | None:
        """What asks the calendar."""
        match node:
            case nodes.LocalDay():
                return self.times.local_day(*below)
            case nodes.WorkedTime():
                return self.times.worked(*below)
            case nodes.WorkDays():
                return self.times.work_days(*below)
        return None

    def chosen(self, node: nodes.If, parameters: Mapping[str, Scalar]) -> Sql:
        """One of two values; where the tenant's parameters decide alone, they decide here."""
        if all(isinstance(each, FIXED) for each in walk(node.condition)):
            kept = node.then if value_of(node.condition, {}, parameters) is True else node.otherwise
            return constant(self.binds, None, node.kind) if kept is None else self.as_kind(kept, node.kind, parameters)
        parts = [self.piece(part, parameters) for part in (node.then, node.otherwise) if part is not None]
        found, known = alike(parts, node.kind)
        otherwise = f" ELSE {found[1].text}" if len(found) > 1 else ""
        condition = self.condition(node.condition, parameters)
        return replace(known, text=f"(CASE WHEN {condition} THEN {found[0].text}{otherwise} END)")

    def as_kind(self, node: Node, kind: Kind, parameters: Mapping[str, Scalar]) -> Sql:
        """A value of the kind: whole numbers among decimals are decimals."""
        found = self.piece(node, parameters)
        return alike([found], kind)[0][0] if kind is Kind.NUMBER else replace(found, kind=kind)

    def compared(self, node: nodes.Compare, parameters: Mapping[str, Scalar]) -> Sql:
        """``left op right``, unknown where a side is; distances of instants are compared as intervals."""
        sides = (node.left, node.right)
        fixed = [fixed_duration(side, parameters) for side in sides]
        found = [None if one is not None else self.piece(side, parameters)
                 for side, one in zip(sides, fixed, strict=True)]  # fmt: skip
        if all(piece is None or piece.interval for piece in found):
            left, right = (piece.interval if piece else self.binds.add(one, "interval")
                           for piece, one in zip(found, fixed, strict=True))  # fmt: skip
            return flag(f"({left} {COMPARISONS[node.op]} {right})")
        pieces = [piece or self.piece(side, parameters) for piece, side in zip(found, sides, strict=True)]
        if any(piece.counted for piece in pieces):
            pieces = [counted(piece) for piece in pieces]
        return flag(f"({pieces[0].text} {COMPARISONS[node.op]} {pieces[1].text})")

    def one_of(self, node: nodes.OneOf, parameters: Mapping[str, Scalar]) -> Sql:
        """Whether the item is one of the constants; unknown where it is missing."""
        item = self.piece(node.item, parameters)
        others = [constant(self.binds, other.value, other.kind) for other in node.values]
        if item.counted:
            others = [counted(other) for other in others]
        return flag(f"({item.text} IN ({', '.join(other.text for other in others)}))")


def combined(node: Node, below: list[Sql]) -> Sql:
    """The SQL of a node from that of its children."""
    match node:
        case nodes.Missing():
            return flag(f"({below[0].presence} IS NULL)")
        case nodes.Not():
            return flag(f"(NOT {below[0].text})")
        case nodes.Both():
            return flag(f"({below[0].text} AND {below[1].text})")
        case nodes.Either():
            return flag(f"({below[0].text} OR {below[1].text})")
        case nodes.Arithmetic():
            return calculated(node, *below)
        case nodes.Quotient():
            return quotient(node, *below)
        case nodes.FirstPresent():
            return of_several("coalesce", below, node.kind)
        case nodes.Extreme():
            return of_several(EXTREMES[node.op], below, node.kind)
    raise TypeError(f"{type(node).__name__} ({kind_of(node)}) cannot be compiled")


def of_several(function: str, below: list[Sql], kind: Kind) -> Sql:
    """A function that passes over what is missing."""
    found, known = alike(below, kind)
    return replace(known, text=f"{function}({', '.join(each.text for each in found)})")


def duration(node: nodes.Literal | nodes.ParameterRef, parameters: Mapping[str, Scalar]) -> int | None:
    """The microseconds of a constant; None for a blank."""
    found: Any = node.value if isinstance(node, nodes.Literal) else parameters.get(node.name, node.default)
    return found // MICROSECOND if isinstance(found, timedelta) else found


def fixed_duration(node: Node, parameters: Mapping[str, Scalar]) -> timedelta | None:
    """The duration, if it is a constant that an interval can hold."""
    if not isinstance(node, nodes.Literal | nodes.ParameterRef) or node.kind is not Kind.DURATION:
        return None
    found = duration(node, parameters)
    return None if found is None or abs(found) > WIDEST_INSTANT else timedelta(microseconds=found)
