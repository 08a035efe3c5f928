"""Constants of a formula. Decides how numbers, texts, days and lengths of time are written; all of them are exact."""

import ast
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from meritline_sdk.formulas.problems import Source
from meritline_sdk.model import nodes
from meritline_sdk.model.expressions import literal
from meritline_sdk.model.fields import MAXIMUM_TEXT
from meritline_sdk.model.kinds import MICROSECONDS_PER_SECOND, TEXTUAL, Kind

NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
LENGTH = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?) ?(s|sec|seconds?|min|minutes?|h|hours?|d|days?)")
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
LENGTHS: Mapping[str, int] = {
    "seconds": MICROSECONDS_PER_SECOND, "minutes": 60 * MICROSECONDS_PER_SECOND,
    "hours": 3600 * MICROSECONDS_PER_SECOND, "days": 86_400 * MICROSECONDS_PER_SECOND, "microseconds": 1,
}  # fmt: skip
LONGEST_TIME = 10**nodes.DIGITS


def constant(node: ast.Constant, source: Source, beside: Kind | None = None) -> nodes.Literal:
    """The literal; ``beside`` is the kind of what it is compared with."""
    match node.value:
        case bool():
            return nodes.Literal(node.value, Kind.FLAG)
        case int() | float():
            return number(node, source)
        case str():
            return written(node, node.value, source, beside)
    raise source.error("E-FORMULA-FORM", node, source.written(node)[:40], form=type(node.value).__name__)


def number(node: ast.expr, source: Source, sign: int = 1) -> nodes.Literal:
    """An exact number, by its text: Python would make a binary fraction of 0.1."""
    text = source.written(node)
    if not NUMBER.fullmatch(text) or len(text) > 2 * nodes.DIGITS:
        raise source.error("E-FORMULA-NUMBER", node, text[:40], digits=nodes.DIGITS)
    exact = Decimal(text) * sign
    if not nodes.within_digits(exact):
        raise source.error("E-FORMULA-NUMBER", node, text[:40], digits=nodes.DIGITS)
    return literal(exact if "." in text else int(exact))


def written(node: ast.expr, text: str, source: Source, beside: Kind | None) -> nodes.Literal:
    """A text, read as what it stands beside."""
    if len(text) > MAXIMUM_TEXT or any(ord(sign) < 32 or 0xD800 <= ord(sign) <= 0xDFFF for sign in text):
        raise source.error("E-FORMULA-TEXT", node, ascii(text[:20]), longest=MAXIMUM_TEXT)
    match beside:
        case Kind.DURATION:
            return nodes.Literal(length(node, text, source), Kind.DURATION)
        case Kind.DAY:
            return nodes.Literal(moment(node, text, source, date.fromisoformat, "day"), Kind.DAY)
        case Kind.INSTANT:
            return nodes.Literal(moment(node, text, source, with_zone, "instant"), Kind.INSTANT)
    return nodes.Literal(text, beside if beside in TEXTUAL else Kind.CODE)


def length(node: ast.expr, text: str, source: Source) -> int:
    """``24 h`` in microseconds."""
    found = LENGTH.fullmatch(text.strip())
    micros = Decimal(found[1]) * UNITS[found[2][0]] * MICROSECONDS_PER_SECOND if found else None
    if micros is None or micros >= LONGEST_TIME:
        raise source.error("E-FORMULA-DURATION", node, text[:40])
    return int(micros)


def moment[T](node: ast.expr, text: str, source: Source, read: Callable[[str], T], what: str) -> T:
    """A day, or an instant with its zone."""
    try:
        return read(text)
    except ValueError:
        raise source.error("E-FORMULA-DATE", node, text[:40], what=what) from None


def with_zone(text: str) -> datetime:
    """An instant; without a zone it is none."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found
