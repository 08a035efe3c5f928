"""Whether a record type can be stored: its fields, whose a record is, and the columns that it needs.

The names of columns are the server's business; which a field needs is part of the promise, since a set that is taken
once must never fail later for its names.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from meritline_sdk.acceptance.findings import Finding, found
from meritline_sdk.model.fields import Choice, Code, FieldSpec, Int, Number
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.records import CREDITED, KEY, RESERVED, SUFFIXES, RecordDeclaration, RecordExtension, added
from meritline_sdk.model.sets import IndicatorSet

MOST_FIELDS = 300
MOST_OPTIONS = 500
MOST_PLACES = 18
MOMENTS = (Kind.INSTANT, Kind.DAY)


def declarations(sets: Sequence[IndicatorSet]) -> dict[str, RecordDeclaration]:
    """The record types, with the fields that sets add to them."""
    declared = {record.key: record for one in sets for record in one.records}
    for one in sets:
        for extension in one.extensions:
            if extension.record in declared:
                declared[extension.record] = extension.widened(declared[extension.record])
    return declared


def record_problems(record: RecordDeclaration, place: str) -> Iterator[Finding]:
    """What is wrong with a record type."""
    yield from key_problems(record.key, place)
    if not record.fields:
        yield found("meaning", place, reason="it has no fields")
    yield from fields_problems(record.fields, place)
    kinds = {spec.name: spec.kind for spec in record.fields}
    if record.credit is not None and kinds.get(record.credit) not in CREDITED:
        yield found("meaning", f"{place}.credit",
                    reason=f"defaults.credit is {record.credit!r}, none of its people or team fields")
    if kinds.get(record.at) not in MOMENTS:
        yield found("meaning", f"{place}.at", reason=f"defaults.at is {record.at!r}, none of its instants or days")


def extension_problems(extension: RecordExtension, place: str) -> Iterator[Finding]:
    """What is wrong with the fields that a set adds."""
    yield from fields_problems(extension.fields, place, extension.by)
    for spec in extension.fields:
        if not spec.optional:
            yield found("meaning", f"{place}.{spec.name}",
                        reason="a field added to the records of others must be optional=True")


def key_problems(key: str, place: str) -> Iterator[Finding]:
    """A key that can name no table."""
    if not KEY.fullmatch(key):
        yield found("key", place, value=key)


def fields_problems(specs: tuple[FieldSpec, ...], place: str, by: str | None = None) -> Iterator[Finding]:
    """Names, limits and columns of fields; those that the set ``by`` adds bear its name."""
    if len(specs) > MOST_FIELDS:
        yield found("many", place, count=len(specs), what="fields", most=MOST_FIELDS)
    names = [spec.name for spec in specs]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield found("twice", f"{place}.{name}", what="field", value=name)
    for spec in specs:
        short = spec.name if by is None else spec.name.removeprefix(added(by, ""))
        if not KEY.fullmatch(spec.name) or not KEY.fullmatch(short) or (by is not None and spec.name == short):
            yield found("key", f"{place}.{spec.name}", value=spec.name)
        elif short in RESERVED:
            yield found("meaning", f"{place}.{short}", reason=f"the name {short!r} is kept for the server")
        yield from limit_problems(spec, f"{place}.{spec.name}")
    yield from column_problems(specs, place)


def limit_problems(spec: FieldSpec, place: str) -> Iterator[Finding]:
    """Limits that no value can keep to."""
    match spec:
        case Int() | Number():
            low, high = spec.minimum, spec.maximum
            if low is not None and high is not None and Decimal(low) > Decimal(high):
                yield found("meaning", place, reason=f"nothing is at least {low} and at most {high}")
            if isinstance(spec, Number) and not 0 <= spec.places <= MOST_PLACES:
                yield found("meaning", place, reason=f"places is from 0 to {MOST_PLACES}, not {spec.places}")
        case Code() if not 1 <= spec.longest <= 500:
            yield found("meaning", place, reason=f"longest is from 1 to 500, not {spec.longest}")
        case Choice():
            yield from choice_problems(spec, place)


def choice_problems(spec: Choice, place: str) -> Iterator[Finding]:
    """The words of a choice."""
    if not spec.options or len(spec.options) > MOST_OPTIONS:
        yield found("meaning", place, reason=f"a choice has from 1 to {MOST_OPTIONS} options, not {len(spec.options)}")
    if len(set(spec.options)) != len(spec.options):
        yield found("meaning", place, reason="an option stands twice")
    for option in spec.options:
        if option != option.strip() or not option:
            yield found("meaning", place, reason=f"the option {option!r} is empty, or has spaces at its ends")


def column_problems(specs: Iterable[FieldSpec], place: str) -> Iterator[Finding]:
    """Columns that two fields need; a key of 41 characters fits, whatever is put behind it."""
    owners: dict[str, str] = {}
    for spec in specs:
        for suffix in SUFFIXES.get(spec.kind, ("",)):
            column = spec.name + suffix
            owner = owners.setdefault(column, spec.name)
            if owner != spec.name:
                yield found("column_clash", f"{place}.{spec.name}", first=owner, second=spec.name, column=column)
