"""What an author sets on the command line: ``--set within=20s``. Decides whose parameter a name means, and its kind."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from difflib import get_close_matches

from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.kinds import MICROSECONDS_PER_SECOND, Kind
from meritline_sdk.model.nodes import ParameterRef, Scalar
from meritline_sdk.model.records import DeclarationError
from meritline_sdk.trying.values import DECIMAL, WHOLE, CellError, day, flag, instant

LENGTHS = {"s": 1, "sec": 1, "min": 60, "m": 60, "h": 3600, "d": 86400, "秒": 1, "分钟": 60, "小时": 3600, "天": 86400}

type Given = Mapping[str, Mapping[str, Scalar]]


def settings_of(texts: Iterable[str], indicators: Mapping[str, AnyIndicator], zone: str,
                blanks: Iterable[str] = ()) -> tuple[dict[str, dict[str, Scalar]], dict[str, Decimal]]:
    """What was set of each indicator, and the numbers for blanks; raises ``DeclarationError`` with what is wrong."""
    found: dict[str, dict[str, Scalar]] = {}
    numbers: dict[str, Decimal] = {}
    known_blanks = set(blanks)
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not name or not value:
            raise DeclarationError(f"--set {text}: write --set NAME=VALUE, or --set INDICATOR.NAME=VALUE")
        meant = list(parameters(name, indicators))
        if name in known_blanks and DECIMAL.fullmatch(value):
            numbers[name] = Decimal(value)
        elif not meant:
            raise DeclarationError(f"--set {text}: no indicator has a parameter {name!r}; {hint(name, indicators)}")
        for key, parameter in meant:
            found.setdefault(key, {})[parameter.name] = scalar(parameter, value, zone, text)
    return found, numbers


def parameters(name: str, indicators: Mapping[str, AnyIndicator]) -> Iterable[tuple[str, ParameterRef]]:
    """Whose parameters the name means: of every indicator that has one, or of the one that is named before a point."""
    whose, _, short = name.rpartition(".")
    for key, indicator in indicators.items():
        if whose and whose not in (key, key.partition(".")[2]):
            continue
        for parameter in indicator.parameters():
            if parameter.name == short:
                yield key, parameter


def hint(name: str, indicators: Mapping[str, AnyIndicator]) -> str:
    """The nearest name, or all there are."""
    known = sorted({one.name for indicator in indicators.values() for one in indicator.parameters()})
    near = get_close_matches(name.rpartition(".")[2], known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known) or 'none'}"


def scalar(parameter: ParameterRef, text: str, zone: str, given: str) -> Scalar:
    """The value, of the parameter's kind and among its options."""
    try:
        value = of_kind(parameter.kind, text, zone)
    except CellError:
        raise DeclarationError(f"--set {given}: {parameter.name} is a {parameter.kind.value}, and {text!r} is none"
                               + ("; write 20s, 15min, 2h or 3d" if parameter.kind is Kind.DURATION else "")) from None
    if parameter.options and value not in parameter.options:
        raise DeclarationError(f"--set {given}: {parameter.name} is one of {', '.join(map(str, parameter.options))}")
    return value


def of_kind(kind: Kind, text: str, zone: str) -> Scalar:
    """The text as a value of the kind."""
    match kind:
        case Kind.INT:
            if not WHOLE.fullmatch(text):
                raise CellError("int")
            return int(text)
        case Kind.NUMBER:
            if not DECIMAL.fullmatch(text):
                raise CellError("number")
            return Decimal(text)
        case Kind.DURATION:
            return duration(text)
        case Kind.FLAG:
            return flag(text)
        case Kind.DAY:
            return day(text)
        case Kind.INSTANT:
            return instant(text, zone)
    return text


def duration(text: str) -> int:
    """``20s``, ``15 min``, ``2h``, ``3d``, or seconds, as microseconds."""
    number = text.rstrip("".join(sorted(set("".join(LENGTHS)))) + " ")
    unit = text[len(number):].strip() or "s"
    if unit not in LENGTHS or not DECIMAL.fullmatch(number):
        raise CellError("number")
    found = Decimal(number) * LENGTHS[unit] * MICROSECONDS_PER_SECOND
    if found != found.to_integral_value():
        raise CellError("number")
    return int(found)
