"""What a newer version of an indicator set changes for a company. Decides what is told, before anything is done.

Schemes and reward tables keep the definitions they were saved with; so what is told of them is what they do not take.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from meritline.appraisal.indicators import TenantIndicator, declared
from meritline.appraisal.pins import takes
from meritline.db import Connection
from meritline.onboarding.sets.report import Records, Report, Says, Told
from meritline.onboarding.sets.standing import Deciding, Sets, sets_of
from meritline.plugins import Catalogue, InstalledSet
from meritline_sdk import RewardTable, Scheme, Text
from meritline_sdk.model.canonical import content_hash, parse
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.records import RecordDeclaration, RecordExtension
from meritline_sdk.model.settings import spoken

type Indicators = Mapping[str, AnyIndicator]


async def upgrade_report(conn: Connection, tenant_id: UUID, catalogue: Catalogue, set_key: str, today: date, *,
                         also: Sequence[Told] = ()) -> Report:
    """What enabling the installed version would change; ``also`` is what comes with it beside that."""
    return report_of(await sets_of(conn, tenant_id, today), catalogue, set_key, also)


async def upgrade_sentences(conn: Connection, tenant_id: UUID, catalogue: Catalogue, set_key: str, language: str,
                            today: date) -> tuple[str, ...]:
    """The same in words; none where the set is not enabled, not installed, or as it was."""
    if set_key not in catalogue.sets:
        return ()
    found = await sets_of(conn, tenant_id, today)
    if set_key not in found.enabled:
        return ()
    report = report_of(found, catalogue, set_key)
    return () if report.empty else report.sentences(language)


def report_of(now: Sets, catalogue: Catalogue, set_key: str, also: Sequence[Told] = ()) -> Report:
    """The difference between what the company has and what is installed, used sets among it."""
    installed, row = catalogue.require(set_key), now.enabled.get(set_key)
    old, new = None if row is None else f"{row['plugin']} {row['plugin_version']}", named(installed)
    told: list[Told] = []
    for one in catalogue.closure((set_key,)):
        told += [*indicator_changes(now, one), *record_changes(now.enabled.get(one.key), one, catalogue.records)]
    told += [*touched(now, newer(now, catalogue, set_key)), *also]
    if told or (old != new and row is not None and row["content_hash"] != installed.content_hash):
        told.insert(0, head(installed.set.title, old, new))
    return Report(set_key, tuple(told), old, new, catalogue.records)


def head(title: Text, old: str | None, new: str) -> Told:
    """Which version instead of which."""
    if old is None or old == new:
        return Told("same", {"set": title, "new": new})
    return Told("upgrade", {"set": title, "old": old, "new": new})


def named(installed: InstalledSet) -> str:
    """The plugin with its version."""
    return f"{installed.plugin} {installed.version}"


def newer(now: Sets, catalogue: Catalogue, set_key: str) -> Indicators:
    """The indicators that would say something else than they do for the company, by full key."""
    return {f"{one.key}.{indicator.key}": indicator for one in catalogue.closure((set_key,))
            for indicator in one.set.indicators
            if (before := now.indicators.get(f"{one.key}.{indicator.key}")) is not None
            and before.definition_hash != content_hash(indicator)}


def indicator_changes(now: Sets, installed: InstalledSet) -> Iterator[Told]:
    """The indicators of one set: what changes with its settings, what is new, what goes."""
    present = {f"{installed.key}.{one.key}": one for one in installed.set.indicators}
    for key, indicator in present.items():
        before = now.indicators.get(key)
        if before is None:
            yield Told("indicator_new", {"indicator": indicator.title, "new": Says(indicator)})
        elif key in now.retired:
            yield Told("indicator_back", {"indicator": indicator.title, "new": Says(indicator)})
        elif before.definition_hash != content_hash(indicator):
            yield Told("indicator_changes", {"indicator": before.indicator.title, "old": Says(before.indicator),
                                             "new": Says(indicator)})
            yield from parameter_changes(before, indicator)
    row = now.enabled.get(installed.key)
    known = row is not None and row["content_hash"] == installed.content_hash  # then what is kept was told before
    for key, gone in now.of_set(installed.key).items():
        readers = now.readers(key)
        if key not in present and not readers:
            yield Told("indicator_gone", {"indicator": gone.indicator.title})
        elif key not in present and not known:
            yield Told("indicator_kept", {"indicator": gone.indicator.title,
                                          "readers": unique([one.title for one in readers])})


def parameter_changes(before: TenantIndicator, indicator: AnyIndicator) -> Iterator[Told]:
    """What the company set that finds no place any more, and what it may set now."""
    old = {one.name: one for one in declared(before.indicator)}
    new = {one.name: one for one in declared(indicator)}
    for name, value in before.own.items():
        told = {"indicator": indicator.title, "parameter": old[name].title or name,
                "value": spoken(value, old[name].kind)}
        if name not in new:
            yield Told("parameter_lost", told)
        elif not takes(new[name], value):
            yield Told("parameter_other", told)
    for name, one in new.items():
        if name not in old:
            default = None if one.default is None else spoken(one.default, one.kind)
            yield Told("parameter_new", {"indicator": indicator.title, "parameter": one.title or name,
                                         "value": default})


def touched(now: Sets, changed: Indicators) -> Iterator[Told]:
    """What reads a changed indicator by the definition before, and goes on doing so."""
    said: set[tuple[str, str]] = set()
    for one in now.deciding:
        keys = behind(one, {key: content_hash(each) for key, each in changed.items()})
        if keys and (one.kind, one.key) not in said:
            said.add((one.kind, one.key))
            yield Told(f"{one.kind}_touched", {"scheme": one.title, "indicators": [changed[key].title for key in keys]})


def behind(one: Deciding, hashes: Mapping[str, str]) -> list[str]:
    """The indicators that a version has pinned otherwise."""
    return [key for key, pin in one.pins.items() if key in hashes and hashes[key] != pin.hash]


def record_changes(row: Any, installed: InstalledSet, known: Records) -> Iterator[Told]:
    """The record types of one set; nothing where it was never noted what it declared."""
    if row is None or row["records"] is None:
        return
    old = fields_of(parse(row["records"]), known)
    new = fields_of((installed.set.records, installed.set.extensions), known)
    for key, (title, fields) in new.items():
        if key not in old:
            yield Told("record_new", {"record": title, "fields": [*fields.values()]})
            continue
        more = [said for name, said in fields.items() if name not in old[key][1]]
        less = [said for name, said in old[key][1].items() if name not in fields]
        if more:
            yield Told("record_fields", {"record": title, "fields": more})
        if less:
            yield Told("record_less", {"record": title, "fields": less})


def fields_of(declared: Sequence[Sequence[Any]], known: Records) -> dict[str, tuple[Text | str, dict[str, Text | str]]]:
    """Record type to its title and the fields that a set declares of it."""
    found: dict[str, tuple[Text | str, dict[str, Text | str]]] = {}
    for one in (each for some in declared for each in some):
        key, title = key_and_title(one, known)
        found[key] = title, {spec.name: spec.title or spec.name for spec in one.fields}
    return found


def key_and_title(one: RecordDeclaration | RecordExtension, known: Records) -> tuple[str, Text | str]:
    """Of a record type, or of the one that is added to."""
    if isinstance(one, RecordDeclaration):
        return one.key, one.title
    return one.record, known[one.record].title if one.record in known else one.record


def coming(schemes: Sequence[Scheme], tables: Sequence[RewardTable]) -> list[Told]:
    """Schemes and reward tables that would be made."""
    return [*(Told("scheme_new", {"scheme": one.title}) for one in schemes),
            *(Told("reward_table_new", {"scheme": one.title}) for one in tables)]


def unique(titles: Sequence[Text]) -> list[Text]:
    """Each title once, in order."""
    return list(dict.fromkeys(titles))
