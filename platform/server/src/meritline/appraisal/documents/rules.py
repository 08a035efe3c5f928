"""Scoring rules as written: ``{ kind = "deduct", points = 2, per = "percentage_point" }``. Decides their spelling."""

from dataclasses import MISSING, Field, fields
from decimal import Decimal
from typing import Any

from meritline.appraisal.documents.blanks import Said, number, require_order
from meritline.appraisal.documents.quantities import checked, quantity, step
from meritline.appraisal.documents.ranges import read_rows
from meritline.documents import Table
from meritline_sdk import DeclarationError
from meritline_sdk.model import units
from meritline_sdk.model.rules import ABOVE_TARGET, BELOW_TARGET, RULES, STEPS, Bands, Rule
from meritline_sdk.model.units import Direction

NONE = "none"
IN_UNIT = frozenset({("above_floor", "start"), ("threshold", "over"), ("zero_tolerance", "allowed")})
NOT_NEGATIVE = frozenset({("judged", "least"), ("judged", "most"), ("deduct", "points")})
ORDERED = (("floor", "cap"), ("least", "most"))
LIFTABLE = frozenset({"floor", "cap"})
HIGHEST = {units.SCORE_100: Decimal(100), units.SCORE_5: Decimal(5), units.YES_NO: Decimal(1)}
MAY_BE_NEGATIVE = frozenset({units.PERCENTAGE_POINT, units.POINTS, units.MONEY})


def read_rule(table: Table, unit: units.Unit, better: Direction, indicator: str) -> Rule | None:
    """The rule of an item, or None with its problems reported."""
    kind = table.choice("kind", RULES, required=True)
    if kind is None:
        return None
    before = len(table.problems)
    if kind == Bands.kind:
        given = read_bands(table, unit, indicator)
    else:
        given = {one.name: read_parameter(table, kind, one, unit, better, indicator) for one in fields(RULES[kind])}  # type: ignore[arg-type]
        for lower, upper in ORDERED:
            require_order(table, lower, upper, given.get(lower), given.get(upper))  # type: ignore[arg-type]
    table.finish()
    if given is None or len(table.problems) != before:
        return None
    try:
        return RULES[kind](**given)
    except DeclarationError as wrong:
        table.report("E-DOC-DECLARATION", "kind", value=kind, reason=wrong)
        return None


def read_parameter(table: Table, kind: str, one: Field[Any], unit: units.Unit, better: Direction,
                   indicator: str) -> object:
    """One parameter of a rule; its default where it is not given."""
    if one.name == "when":
        return table.choice("when", (BELOW_TARGET, ABOVE_TARGET),
                            default=ABOVE_TARGET if better is Direction.LOWER else BELOW_TARGET)
    if one.name == "step":
        return table.choice("step", STEPS, default=str(one.default))
    if one.name == "per":
        return step(table, "per", unit, indicator)
    if one.name == "strict":
        return table.flag("strict")
    if one.name == "sign":
        return read_sign(table)
    if one.name in LIFTABLE and table.data.get(one.name) == NONE:
        table.has(one.name)
        return None
    required = one.default is MISSING
    if (kind, one.name) in IN_UNIT:
        return quantity(table, one.name, unit, indicator, required=required,
                        default=None if required else one.default)  # type: ignore[arg-type]
    return number(table, one.name, required=required, above=0 if one.name == "full" else None,
                  least=0 if (kind, one.name) in NOT_NEGATIVE else None,
                  default=None if required else one.default)  # type: ignore[arg-type]


def read_sign(table: Table) -> int:
    """``sign``: -1 takes the points that were judged, 1 gives them."""
    found = table.number("sign", default=Decimal(-1))
    if found not in (-1, 1):
        table.report("E-DOC-CHOICE", "sign", value=found, known=("-1", "1"))
        return -1
    return int(found)


def read_bands(table: Table, unit: units.Unit, indicator: str) -> dict[str, Any] | None:
    """The limits of a rule ``bands``: ``up_to`` with ``beyond``, ``at_least`` with ``below``, or ``row`` from-to."""
    full = number(table, "full", above=0, default=Decimal(100))
    ways = [way for way in ("up_to", "at_least", "row") if table.has(way)]
    if len(ways) != 1:
        table.report("E-BANDS-FORM", "kind", value="bands", given=len(ways))
        return None
    if ways == ["row"]:
        found = read_band_rows(table, unit, indicator)
        return None if found is None else {**found, "full": full}
    rest = "beyond" if ways == ["up_to"] else "below"
    limits = read_limits(table, ways[0], unit, indicator)
    points = number(table, rest, required=True)
    return None if limits is None or points is None else {ways[0]: limits, rest: points, "full": full}


def read_limits(table: Table, key: str, unit: units.Unit, indicator: str) -> dict[Decimal, Said] | None:
    """``{ "30 min" = 100, "45 min" = 80 }``: points by limit."""
    inner = table.table(key)
    if inner is None:
        return None
    found: dict[Decimal, Said] = {}
    for written in inner.data:
        limit, points = checked(inner, written, written, unit, indicator), number(inner, written, required=True)
        if limit is not None and limit in found:
            inner.report("E-DOC-TWICE", written, value=written)
        if limit is not None and points is not None:
            found[limit] = points
    if not inner.data:
        table.report("E-DOC-MISSING", key)
    return found or None


def closed_number(row: Table, key: str, unit: units.Unit, indicator: str) -> Decimal | None:
    """An end of a range; it is no blank, since ranges with open ends cannot be checked."""
    value = row.raw(key)
    return None if value is None else checked(row, key, value, unit, indicator)


def read_band_rows(table: Table, unit: units.Unit, indicator: str) -> dict[str, Any] | None:
    """``row = [{ to = 60, points = 0 }, { from = 60, points = 100 }]``; ``closed`` says which end belongs to a row."""
    closed = table.choice("closed", ("lower", "upper"), default="lower")
    tables = table.tables("row", required=True)
    points = {row.path: number(row, "points", required=True) for row in tables}
    lowest = None if unit in MAY_BE_NEGATIVE else Decimal(0)
    rows = read_rows(tables, lambda row, key: closed_number(row, key, unit, indicator), lowest, HIGHEST.get(unit))
    for row in tables:
        row.finish()
    if rows is None or None in points.values():
        return None
    if len(rows) < 2:
        tables[0].report("E-BANDS-ONE", "points", value=points[tables[0].path])
        return None
    if closed == "lower":
        return {"at_least": {row.low: points[row.table.path] for row in rows[1:]}, "below": points[rows[0].table.path]}
    return {"up_to": {row.high: points[row.table.path] for row in rows[:-1]}, "beyond": points[rows[-1].table.path]}
