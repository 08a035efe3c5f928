"""The canonical form of every declaration, and the hash that names it.

One value has one spelling: JSON with sorted keys, no spaces, decimals as plain strings without trailing zeros,
class names as tags. Two declarations that say the same have the same hash on every machine; nothing in the form
depends on the order of a dictionary, a clock or a process.
"""

import hashlib
import json
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from meritline_sdk.model import (
    bands,
    blanks,
    credits,
    functions,
    indicators,
    measures,
    nodes,
    policies,
    profiles,
    rated,
    records,
    rewards,
    rules,
    schemes,
    sets,
    tallies,
    templates,
    weights,
)  # fmt: skip
from meritline_sdk.model import fields as field_specs
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.text import Text
from meritline_sdk.model.units import UNITS, Direction, Unit

TAG = "is"
ENUMS: dict[str, type[Enum]] = {
    cls.__name__: cls for cls in (Kind, Direction, schemes.SubjectKind, schemes.PeriodKind)
}
CLASSES: dict[str, type] = {
    cls.__name__: cls
    for cls in (
        Text, nodes.Field, nodes.Literal, nodes.ParameterRef, nodes.Compare, nodes.OneOf, nodes.Missing, nodes.Both,
        nodes.Either, nodes.Not, nodes.Arithmetic, nodes.Quotient, nodes.PeriodEdge, nodes.If, nodes.FirstPresent,
        nodes.Extreme, nodes.LocalDay, nodes.ClockTime, nodes.WorkedTime, nodes.WorkDays, nodes.Other,
        nodes.OtherFirst, nodes.Related, nodes.Titled,
        credits.Credit, credits.ChosenCredit, tallies.Tally, measures.Count,
        measures.Distinct, measures.Sum, measures.Mean, measures.Percentile, measures.Largest, measures.Smallest,
        measures.EmployedDays, measures.PeriodDays, measures.Total, measures.Pooled, measures.Ratio,
        measures.Weighted, measures.Complete, measures.Change, functions.PythonMeasure, indicators.Beside,
        indicators.Indicator, rated.RatedIndicator, rated.Raters, rated.Anchor, *rules.RULES.values(), bands.Grade,
        bands.GradeBands, bands.Granted, blanks.Blank, policies.Policies, weights.Dimension, schemes.ScoreOf,
        schemes.Veto,
        rewards.When, rewards.InARow, rewards.Terms, templates.Template, templates.Starter, schemes.Part, schemes.Item,
        schemes.Event, schemes.Ranking, schemes.Scheme, *rewards.REWARD_RULES.values(), rewards.RewardTable,
        records.RecordDeclaration, records.RecordExtension,
        field_specs.Person, field_specs.People, field_specs.Team, field_specs.Instant,
        field_specs.Day, field_specs.Int, field_specs.Number, field_specs.Flag, field_specs.Code, field_specs.Choice,
        sets.IndicatorSet, sets.TenantDefaults, profiles.TenantProfile,
    )
}  # fmt: skip


def decimal_text(value: Decimal) -> str:
    """The number as people write it: no exponent, no trailing zeros, no minus before zero."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


PLAIN = frozenset({type(None), bool, str, int})


PARTS: dict[Any, tuple[Field[Any], ...] | None] = {}


def parts_of(kind: type) -> tuple[Field[Any], ...] | None:
    """The fields of a class that has a canonical form; None for any other. A server asks a hundred thousand times."""
    if kind not in PARTS:
        PARTS[kind] = fields(kind) if is_dataclass(kind) and kind.__name__ in CLASSES else None
    return PARTS[kind]


def to_plain(value: Any) -> Any:
    """The value as JSON can hold it."""
    kind = type(value)
    if kind in PLAIN:
        return value
    if kind is tuple:
        return [to_plain(part) for part in value]
    known = None if kind is Unit else parts_of(kind)
    if known is not None:
        plain = {field.name: to_plain(found) for field in known
                 if not unsaid_still(field, found := getattr(value, field.name))}
        return {TAG: kind.__name__, **plain}
    return rarely_plain(value)


def rarely_plain(value: Any) -> Any:
    """The other values that have a canonical form."""
    match value:
        case None | bool() | str() if not isinstance(value, Enum):
            return value
        case Enum():
            return {TAG: type(value).__name__, "name": value.value}
        case int():
            return value
        case Decimal():
            return {TAG: "decimal", "value": decimal_text(value)}
        case datetime():
            return {TAG: "instant", "value": value.astimezone(UTC).isoformat()}
        case date():
            return {TAG: "day", "value": value.isoformat()}
        case Unit():
            return {TAG: "Unit", "key": value.key}
        case tuple() | list():
            return [to_plain(part) for part in value]
    raise TypeError(f"{value!r} has no canonical form")


def from_plain(plain: Any) -> Any:
    """The value again; what was stored under a hash was checked when it was declared."""
    if isinstance(plain, list):
        return tuple([from_plain(part) for part in plain])
    if not isinstance(plain, dict):
        return plain
    tag = plain[TAG]
    if tag in CLASSES:
        return made(CLASSES[tag], plain)
    if tag == "decimal":
        return Decimal(plain["value"])
    if tag == "instant":
        return datetime.fromisoformat(plain["value"])
    if tag == "day":
        return date.fromisoformat(plain["value"])
    if tag == "Unit":
        return UNITS[plain["key"]]
    return ENUMS[tag](plain["name"])


def made(cls: type, plain: dict[str, Any]) -> Any:
    """A declaration from its parts; it is not checked again."""
    found: Any = object.__new__(cls)
    for field in parts_of(cls) or ():
        if (name := field.name) not in plain:
            value = unsaid(field)
        elif type(value := plain[name]) is list:
            value = tuple([from_plain(part) for part in value])
        elif type(value) is dict:
            value = from_plain(value)
        object.__setattr__(found, name, value)
    return found


def unsaid_still(field: Field[Any], value: Any) -> bool:
    """Whether the field came later and says nothing here: what was said before it came keeps its hash."""
    return bool(field.metadata) and bool(field.metadata.get("young")) and bool(value == field.default)


def unsaid(field: Field[Any]) -> Any:
    """The default of a field that is younger than the text."""
    if field.default_factory is not MISSING:
        return field.default_factory()
    if field.default is MISSING:
        raise ValueError(f"the stored definition lacks {field.name!r}, which has no default")
    return field.default


def canonical(value: Any) -> str:
    """The canonical JSON of a declaration: the same text for the same meaning, on every machine.

    Takes anything that a hook may return, and its parts. Raises ``TypeError`` for anything else, a float among them.

    >>> canonical(Text("Call-outs", "急修单"))
    '{"en":"Call-outs","is":"Text","zh":"急修单"}'
    """
    return json.dumps(to_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def parse(text: str) -> Any:
    """The declaration of a canonical JSON."""
    return from_plain(json.loads(text))


def content_hash(value: Any) -> str:
    """SHA-256 of the canonical form, as 64 hexadecimal digits: what names a declaration in results, for years.

    >>> content_hash(Text("Call-outs", "急修单"))[:8]
    '1e75c860'
    """
    return hash_of(canonical(value))


def hash_of(body: str) -> str:
    """The hash of a canonical form that is at hand."""
    return hashlib.sha256(body.encode()).hexdigest()


def set_hash(one: sets.IndicatorSet) -> str:
    """The hash of everything that a set says, by which a release of a plugin is known.

    It fails where something in the set has no canonical form.
    """
    offered = (one.templates, one.starters) if one.templates or one.starters else ()
    return content_hash((one.key, one.title, one.records, one.indicators, one.schemes, one.rewards, one.uses, *offered,
                         *((one.extensions,) if one.extensions else ())))
