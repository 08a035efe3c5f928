"""Numbers with units: ``"85 %"``, ``"30 min"``, ``1800``. Decides which unit fits which indicator.

A bare number is in the indicator's unit. Times convert into each other where that is exact; nothing else converts.
"""

import re
from decimal import Decimal
from fractions import Fraction

from meritline.appraisal.documents.blanks import Said, open_at
from meritline.documents import Table
from meritline.documents.table import MOST_PLACES, exact_number
from meritline_sdk.model import units
from meritline_sdk.model.units import Unit

# Possessive: a bare "0.14" is a number without a unit, not 0 of the unit ".14".
WITH_UNIT = re.compile(r"([+-]?[0-9][0-9.,eE_]*+)\s*(\D.*)")
SPELLINGS: dict[str, Unit] = {
    spelling: unit
    for unit, words in (
        (units.PERCENT, "% percent 百分比"),
        (units.PERCENTAGE_POINT, "pp percentage_point percentage_points 百分点 个百分点"),
        (units.SECONDS, "s sec second seconds 秒"),
        (units.MINUTES, "min minute minutes 分钟"),
        (units.HOURS, "h hour hours 小时"),
        (units.DAYS, "d day days 天"),
        (units.COUNT, "times count 次 个 件 单 条"),
        (units.POINTS, "points point 分"),
        (units.SCORE_100, "/100 score_0_100"),
        (units.SCORE_5, "/5 score_0_5"),
        (units.MONEY, "money 元"),
        (units.PER_MINUTE, "/min per_minute"),
        (units.RATING, "rating"),
        (units.CHARACTERS_PER_MINUTE, "cpm characters_per_minute 字/分钟"),
        (units.TIMES_PER_WEEK, "/week times_per_week 次/周"),
        (units.YES_NO, "yes_no"),
    )
    for spelling in words.split()
}


def quantity(table: Table, key: str, unit: Unit, indicator: str, *, required: bool = False,
             default: Said | None = None) -> Said | None:
    """The value of a key in the unit of its indicator, or the blank in which it will stand."""
    blank = open_at(table, key)
    if blank is not None:
        return blank
    value = table.raw(key, required=required)
    if value is None:
        return default
    return checked(table, key, value, unit, indicator)


def checked(table: Table, key: str, value: object, unit: Unit, indicator: str) -> Decimal | None:
    """The value in the unit, or None with the problem reported at the key."""
    found, code = in_unit(value, unit)
    if found is None:
        table.report(code, key, value=value, indicator=indicator, unit=unit.key, example=example(unit),
                     places=MOST_PLACES)
    return found


def step(table: Table, key: str, unit: Unit, indicator: str) -> Said:
    """How much counts as one step: a number of units, a quantity, or just a unit's name: ``"percentage_point"``."""
    blank = open_at(table, key)
    if blank is not None:
        return blank
    value = table.raw(key)
    if value is None:
        return Decimal(1)
    if isinstance(value, str) and value.strip() in SPELLINGS:
        value = f"1 {value.strip()}"
    # Percentages are apart by percentage points, so both words name the same step.
    as_difference = units.PERCENTAGE_POINT if unit is units.PERCENT else unit
    found, _ = in_unit(value, unit)
    if found is None:
        found = checked(table, key, value, as_difference, indicator)
    if found is None:
        return Decimal(1)
    if found <= 0:
        table.report("E-DOC-ABOVE", key, value=value, limit=0)
        return Decimal(1)
    return found


def in_unit(value: object, unit: Unit) -> tuple[Decimal | None, str]:
    """The number in the unit, or the code of what is wrong."""
    parts = WITH_UNIT.fullmatch(value.strip()) if isinstance(value, str) else None
    if parts is None:
        number = exact_number(value)
        return (None, number) if isinstance(number, str) else (number, "")
    number, given = exact_number(parts[1]), SPELLINGS.get(parts[2].strip())
    if isinstance(number, str):
        return None, number
    if given is unit:
        return number, ""
    if given is None or given.seconds is None or unit.seconds is None:
        return None, "E-TARGET-UNIT"
    return converted(number, Fraction(given.seconds, unit.seconds))


def converted(number: Decimal, factor: Fraction) -> tuple[Decimal | None, str]:
    """The number times the factor, where decimals can say it exactly."""
    wanted = Fraction(number) * factor
    scaled = wanted * 10**MOST_PLACES
    if scaled.denominator != 1:
        return None, "E-TARGET-INEXACT"
    return Decimal(scaled.numerator).scaleb(-MOST_PLACES).normalize() + 0, ""


def example(unit: Unit) -> str:
    """How a quantity of this unit may be written."""
    return f"85 {unit.symbol}" if unit.symbol else "85"
