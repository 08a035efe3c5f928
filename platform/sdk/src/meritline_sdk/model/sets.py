"""Indicator sets: what a plugin brings. Decides how its parts are named and that every reference is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from meritline_sdk.model.blanks import young
from meritline_sdk.model.indicators import AnyIndicator, Indicator
from meritline_sdk.model.records import (
    DeclarationError,
    RecordDeclaration,
    RecordExtension,
    RecordType,
    require_key,
)  # fmt: skip
from meritline_sdk.model.rewards import RewardTable, require_grades
from meritline_sdk.model.schemes import Event, Item, Part, Scheme
from meritline_sdk.model.settings import Settings, fitting
from meritline_sdk.model.templates import Starter, Template
from meritline_sdk.model.text import Text


@dataclass(frozen=True, slots=True, init=False)
class IndicatorSet:
    """Record types, indicators, scheme templates and reward tables under one key.

    ``records`` are the record types it declares, and those of other sets that it adds fields to. ``uses`` are the sets
    whose record types or indicators it refers to (declare their distributions as
    dependencies). In ``schemes`` and ``rewards`` every indicator is named ``set.key``. A company that enables the set
    gets ``schemes`` and ``rewards``; ``templates`` (printed schemes with their blanks) and ``starters`` (complete ones
    of ours) are offered to it. Raises ``DeclarationError`` for a key that stands twice and for what belongs to no set.

    >>> ELEVATOR = IndicatorSet("elevator", Text("Elevators", "电梯"), records=[Callout], indicators=[FIRST])
    >>> ELEVATOR.indicator("first").unit.key
    'percent'
    """

    key: str
    title: Text
    records: tuple[RecordDeclaration, ...]
    indicators: tuple[AnyIndicator, ...]
    schemes: tuple[Scheme, ...]
    rewards: tuple[RewardTable, ...]
    uses: tuple[str, ...]
    templates: tuple[Template, ...]
    starters: tuple[Starter, ...]
    extensions: tuple[RecordExtension, ...] = young(())

    def __init__(self, key: str, title: Text, *, records: Sequence[type[RecordType]] = (),
                 indicators: Sequence[AnyIndicator] = (), schemes: Sequence[Scheme] = (),
                 rewards: Sequence[RewardTable] = (), uses: "Sequence[IndicatorSet]" = (),
                 templates: Sequence[Template] = (), starters: Sequence[Starter] = ()) -> None:
        require_key(key, "indicator set")
        added = tuple(record.extension for record in records if "extension" in vars(record))
        declared = tuple(record.declaration for record in records if "extension" not in vars(record))
        put = object.__setattr__
        put(self, "key", key)
        put(self, "title", title)
        put(self, "records", declared)
        put(self, "extensions", added)
        put(self, "indicators", tuple(indicators))
        put(self, "uses", tuple(other.key for other in uses))
        names = Names(self, tuple(uses))
        put(self, "schemes", tuple(names.scheme(scheme) for scheme in schemes))
        put(self, "rewards", tuple(names.table(table) for table in rewards))
        offered = Names(self, tuple(uses), abroad=True)
        put(self, "templates", tuple(offered.offered(one) for one in templates))
        put(self, "starters", tuple(offered.offered(one) for one in starters))
        require_consistent(self, tuple(uses))

    def __repr__(self) -> str:
        """In a line: the whole of a set fills a hundred pages."""
        return (f"<IndicatorSet {self.key}: {len(self.records)} record types, {len(self.indicators)} indicators, "
                f"{len(self.schemes)} schemes, {len(self.rewards)} reward tables>")

    def indicator(self, key: str) -> AnyIndicator:
        """The indicator of this set with the short key."""
        for found in self.indicators:
            if found.key == key:
                return found
        raise DeclarationError(f"indicator set {self.key!r} has no indicator {key!r}")

    def fitted(self, schemes: Sequence[Scheme] | None = None,
               rewards: Sequence[RewardTable] | None = None) -> "TenantDefaults":
        """What a company of a certain profile gets instead of ``schemes`` and ``rewards``; None leaves them."""
        names = Names(self, (), abroad=True)
        given = tuple(names.scheme(one) for one in (self.schemes if schemes is None else schemes))
        tables = tuple(names.table(one) for one in (self.rewards if rewards is None else rewards))
        require_tables(self.key, {one.key: one for one in given}, tables)
        return TenantDefaults(self.key, given, tables)

    def offered(self) -> tuple[Template | Starter, ...]:
        """The templates and starters."""
        return (*self.templates, *self.starters)


@dataclass(frozen=True, slots=True)
class TenantDefaults:
    """The schemes and reward tables that a company gets of a set; made by ``IndicatorSet.fitted``."""

    set: str
    schemes: tuple[Scheme, ...]
    rewards: tuple[RewardTable, ...]


class Names:
    """Gives every indicator that a set's schemes and tables mention its full name.

    What is only offered may also name an indicator of a set that this one does not use: whoever takes it must have it.
    """

    def __init__(self, own: IndicatorSet, uses: tuple[IndicatorSet, ...], *, abroad: bool = False) -> None:
        self.own, self.abroad = own, abroad
        self.sets = (own, *uses)
        self.known = {f"{one.key}.{found.key}": found for one in self.sets for found in one.indicators}

    def full(self, indicator: AnyIndicator | str | None, where: str) -> str | None:
        """``set.key`` of the indicator."""
        if indicator is None:
            return None
        if isinstance(indicator, str):
            name = indicator if "." in indicator else f"{self.own.key}.{indicator}"
            if name in self.known or (self.abroad and name.partition(".")[0] not in {one.key for one in self.sets}):
                return name
            raise DeclarationError(f"{where}: no indicator {name!r} in {self.sources()}")
        for name, found in self.known.items():
            if found is indicator or found == indicator:
                return name
        raise DeclarationError(f"{where}: indicator {indicator.key!r} belongs to none of {self.sources()}; "
                               "list it in indicators=, or its set in uses=")

    def sources(self) -> str:
        """The sets that were looked through."""
        return ", ".join(one.key for one in self.sets)

    def scheme(self, scheme: Scheme) -> Scheme:
        """The scheme with full names."""
        where = f"scheme {scheme.key!r}"
        grades = scheme.grades
        if grades and grades.granted:
            grades = replace(grades, granted=tuple(replace(one, indicator=self.full(one.indicator, where) or "")
                                                   for one in grades.granted))
        return replace(scheme, items=tuple(self.item(item, where) for item in scheme.items),
                       events=tuple(self.event(event, where) for event in scheme.events), grades=grades,
                       vetoes=tuple(replace(one, indicator=self.full(one.indicator, where) or "")
                                    for one in scheme.vetoes))

    def offered[T: (Template, Starter)](self, one: T) -> T:
        """The template or starter with full names."""
        more: dict[str, Any] = {"settings": self.settings(one)} if isinstance(one, Starter) else {}
        return replace(one, scheme=self.scheme(one.scheme), rewards=tuple(self.table(table) for table in one.rewards),
                       **more)

    def settings(self, starter: Starter) -> Settings:
        """What a starter sets, by full names; of what is known here each value is of its parameter's kind."""
        where = f"starter {starter.scheme.key!r}"
        named = [(self.full(indicator, where) or "", values) for indicator, values in starter.settings]
        for key in sorted({key for key, _ in named if [one for one, _ in named].count(key) > 1}):
            raise DeclarationError(f"{where}: settings of {key!r} stand there twice")
        return tuple((key, fitting(self.known[key], values, where) if key in self.known else values)
                     for key, values in named)

    def item(self, item: Item, where: str) -> Item:
        """The item with full names; it keeps its own short key."""
        return replace(item, indicator=self.full(item.indicator, where), key=short(item.name()),
                       parts=tuple(self.part(part, where) for part in item.parts))

    def part(self, part: Part, where: str) -> Part:
        """The part with full names, those inside it too."""
        return replace(part, indicator=self.full(part.indicator, where),
                       parts=tuple(self.part(inner, where) for inner in part.parts))

    def event(self, event: Event, where: str) -> Event:
        """The event with full names."""
        name = self.full(event.indicator, where)
        assert name is not None
        return replace(event, indicator=name, key=short(event.name()))

    def table(self, table: RewardTable) -> RewardTable:
        """The reward table with full names."""
        where = f"reward table {table.key!r}"
        rules: list[Any] = []
        for rule in table.rules:
            indicator = getattr(rule, "indicator", None)
            rules.append(rule if indicator is None else replace(rule, indicator=self.full(indicator, where)))  # type: ignore[type-var]
        return replace(table, rules=tuple(rules))


def short(name: str) -> str:
    """The key without its set."""
    return name.rpartition(".")[2]


def require_consistent(own: IndicatorSet, uses: tuple[IndicatorSet, ...]) -> None:
    """Raise where a key stands twice or something unknown is named."""
    for what, keys in (("record type", [one.key for one in own.records]),
                       ("extension of", [one.record for one in own.extensions]),
                       ("indicator", [one.key for one in own.indicators]),
                       ("scheme", [one.key for one in own.schemes]),
                       ("template or starter", [*(one.key for one in own.schemes),
                                                *(one.scheme.key for one in own.offered())]),
                       ("reward table", [one.key for one in own.rewards])):
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            raise DeclarationError(f"indicator set {own.key!r}: {what} {key!r} is declared twice")
    records = {one.key for one in (*own.records, *(record for other in uses for record in other.records))}
    for extension in own.extensions:
        if extension.by != own.key:
            raise DeclarationError(f"indicator set {own.key!r}: the fields it adds to {extension.record!r} bear the "
                                   f"name of {extension.by!r}; say by={own.key!r}")
        if extension.record not in records or any(one.key == extension.record for one in own.records):
            raise DeclarationError(f"indicator set {own.key!r}: it adds fields to {extension.record!r}, which none of "
                                   "the sets in uses= declares")
    for indicator in own.indicators:
        for record in indicator.records() if isinstance(indicator, Indicator) else ():
            if record not in records:
                raise DeclarationError(f"indicator {own.key}.{indicator.key}: record type {record!r} is declared by "
                                       "none of the sets; list it in records=, or its set in uses=")
    offered = {one.scheme.key for one in own.templates}
    for starter in own.starters:
        if starter.template not in offered:
            raise DeclarationError(f"starter {starter.scheme.key!r}: no template {starter.template!r} "
                                   f"in set {own.key!r}")
    for scheme, rewards in ((one.scheme, one.rewards) for one in own.offered()):
        require_tables(own.key, {scheme.key: scheme}, rewards)
    require_tables(own.key, {one.key: one for one in own.schemes}, own.rewards)


def require_tables(own: str, schemes: Mapping[str, Scheme], tables: Sequence[RewardTable]) -> None:
    """Raise where a reward table rewards another scheme, or grades that it has not."""
    for table in tables:
        if table.scheme not in schemes:
            raise DeclarationError(f"reward table {table.key!r}: no scheme {table.scheme!r} in set {own!r}")
        require_grades(table, schemes[table.scheme].grades)
