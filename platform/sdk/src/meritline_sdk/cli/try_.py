"""``meritline-sdk try records.csv``: readings, scores and their explanation on a terminal, without any server.

In a plugin's folder the plugin is found by itself. Headers are field names; ``callout=records.csv`` says of which
record type a file is, where the plugin has several. Bad rows are told and left out. Exit code 1 where a file, or a row
of one, cannot be used, or a Python function gave no answer.
"""

import argparse
import json
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from meritline_sdk.acceptance import Finding
from meritline_sdk.acceptance.records import declarations
from meritline_sdk.cli.target import Plugin, TargetError, plugin_of, target_of
from meritline_sdk.evaluate.calendars import CalendarError, WorkCalendar
from meritline_sdk.evaluate.hours import calendar_from
from meritline_sdk.evaluate.windows import PeriodError, window
from meritline_sdk.model.blanks import filled, open_blanks
from meritline_sdk.model.indicators import AnyIndicator, Indicator
from meritline_sdk.model.nodes import Scalar
from meritline_sdk.model.records import DeclarationError, RecordDeclaration
from meritline_sdk.model.sets import IndicatorSet
from meritline_sdk.trying import page, plain
from meritline_sdk.trying.cards import Cards, Offered, cards, offered_by
from meritline_sdk.trying.company import Company, likely_period
from meritline_sdk.trying.ratings import load_ratings
from meritline_sdk.trying.readings import Told, readings
from meritline_sdk.trying.records import Loaded, load, nearest
from meritline_sdk.trying.refusals import Refusal
from meritline_sdk.trying.settings import settings_of
from meritline_sdk.trying.tables import read_table
from meritline_sdk.trying.terminal import Paint
from meritline_sdk.trying.words import word

ZONE = "Asia/Shanghai"
EVER = "2000-01"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("files", nargs="+", metavar="[RECORD=]FILE", help="CSV, TSV or JSON lines; a record type's key "
                        "before the file says what its rows are")  # fmt: skip
    parser.add_argument("--module", help="the plugin's module, folder or file; by default that of this folder")
    parser.add_argument("--record", help="the record type of files that do not say it")
    parser.add_argument("--period", help="2026-05, 2026-Q2 or 2026; by default the month in which most records lie")
    parser.add_argument("--zone", default=ZONE, help=f"the company's time zone (default {ZONE})")
    parser.add_argument("--scheme", action="append", help="only this scheme, or this template or starter of the set")
    parser.add_argument("--indicator", action="append", help="only this indicator, and no scheme")
    parser.add_argument("--set", action="append", default=[], dest="settings", metavar="NAME=VALUE",
                        help="a parameter that a company sets, such as within=20s; or the number of a blank")
    parser.add_argument("--ratings", type=Path, help="a file of ratings: indicator, subject, role, value")
    parser.add_argument("--calendar", type=Path, help="a TOML file with working_hours and holidays")
    parser.add_argument("--records", action="store_true", help="also which records stand behind each reading")
    parser.add_argument("--lang", choices=("en", "zh"), default="en")
    parser.add_argument("--json", action="store_true", help="for programs: every number as exact text")


class TryError(Exception):
    """The command cannot be carried out; the message says what to write."""


@dataclass(frozen=True, slots=True)
class Tried:
    """Everything that came of the files."""

    company: Company
    loaded: tuple[Loaded, ...]
    refusals: tuple[Refusal, ...]
    told: tuple[Told, ...]
    cards: tuple[Cards, ...]
    guessed: bool


def run(chosen: argparse.Namespace) -> int:
    """Read the files, compute, show."""
    try:
        plugin = plugin_of(target_of(chosen.module))
        if isinstance(plugin, Finding):
            raise TryError(plugin.text(chosen.lang))
        if not plugin.sets:
            raise TryError("\n".join(one.text(chosen.lang) for one in plugin.asked.problems))
        done = tried(plugin, chosen)
    except (TryError, TargetError, DeclarationError, PeriodError, CalendarError) as wrong:
        print(f"meritline-sdk try: {wrong}", file=sys.stderr)
        return 2
    (print_json if chosen.json else print_page)(done, chosen)
    failed = any(one.failure is not None for one in done.told)
    return 1 if failed or any(not one.note for one in done.refusals) else 0


def tried(plugin: Plugin, chosen: argparse.Namespace) -> Tried:
    """What the files give."""
    window(EVER, chosen.zone)  # a zone that there is
    sets = plugin.everything
    declared = declarations(sets)
    loaded = tuple(loaded_files(chosen, sets, declared))
    records: dict[str, tuple[Any, ...]] = {}
    for one in loaded:
        records[one.record.key] = (*records.get(one.record.key, ()), *one.records)
    refusals = [refusal for one in loaded for refusal in one.refusals]
    period = chosen.period or likely_period(records, declared, chosen.zone)
    if period is None:
        period = EVER if chosen.ratings else ""
    if not period:
        raise TryError("\n".join([word(chosen.lang, "nothing_read"), *(one.text(chosen.lang) for one in refusals)]))
    company = Company(sets, records, declared, period, chosen.zone, calendar_of(chosen.calendar))
    if chosen.ratings:
        given, wrong = load_ratings(read_table(chosen.ratings), company.indicators)
        company, refusals = replace(company, ratings=given), [*refusals, *wrong]
    company.window()  # a period that there is
    offered = chosen_schemes(chosen, plugin.sets)
    company, offered = set_on(company, offered, chosen)
    told = tuple(readings(company, chosen_indicators(chosen, plugin, company)))
    scored = () if chosen.indicator and not chosen.scheme else tuple(cards(company, one) for one in offered)
    return Tried(company, loaded, tuple(refusals), told, scored, chosen.period is None)


def loaded_files(chosen: argparse.Namespace, sets: Sequence[IndicatorSet],
                 declared: Mapping[str, RecordDeclaration]) -> Iterator[Loaded]:
    """The records of every file."""
    for given in chosen.files:
        key, equals, path = given.partition("=")
        if not equals or Path(given).exists():
            key, path = chosen.record or only_record(sets, Path(given)), given
        if key not in declared:
            raise TryError(f"{given}: no record type {key!r}; {nearest(key, declared)}")
        yield load(read_table(Path(path)), declared[key], chosen.zone, chosen.lang)


def only_record(sets: Sequence[IndicatorSet], path: Path) -> str:
    """The record type of a file that does not say it: the only one, or the one of the file's name."""
    own = [record.key for record in sets[0].records] + [one.record for one in sets[0].extensions]
    every = [record.key for one in sets for record in one.records]
    stem = path.stem.casefold()
    for key in every:
        if key == stem or f"{key}s" == stem:
            return key
    if len(own) == 1:
        return own[0]
    if len(every) == 1:
        return every[0]
    used = f", or one of the {len(every) - len(own)} of the sets that it uses" if len(every) > len(own) else ""
    raise TryError(f"{path.name}: say of which record type its rows are: RECORD={path.name}, "
                   f"one of {', '.join(own)}{used}")  # fmt: skip


def calendar_of(path: Path | None) -> WorkCalendar | None:
    """The working hours of a file; without one there are none."""
    if path is None:
        return None
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as wrong:
        raise TryError(f"{path}: {wrong}") from wrong
    return calendar_from(document.get("calendar", document))


def chosen_schemes(chosen: argparse.Namespace, sets: Sequence[IndicatorSet]) -> list[Offered]:
    """The schemes asked for, by default all that a company gets with the sets."""
    known = offered_by(sets)
    if not chosen.scheme:
        return [one for one in known.values() if one.own]
    return [known[named(name, known, "scheme")] for name in chosen.scheme]


def named(name: str, known: Iterable[str], what: str) -> str:
    """The full name that a name means."""
    keys = list(known)
    for key in keys:
        if name in (key, key.partition(".")[2]):
            return key
    raise TryError(f"there is no {what} {name!r}; {nearest(name, keys)}")


def chosen_indicators(chosen: argparse.Namespace, plugin: Plugin, company: Company) -> dict[str, AnyIndicator]:
    """The indicators asked for, by default those of the plugin that its files can tell something of."""
    if chosen.indicator:
        names = [named(name, company.indicators, "indicator") for name in chosen.indicator]
        return {name: company.indicators[name] for name in names}
    own = {f"{one.key}.{indicator.key}": indicator for one in plugin.sets for indicator in one.indicators}
    return {key: one for key, one in own.items()
            if (set(one.records()) & set(company.records) if isinstance(one, Indicator) else company.ratings)}


def set_on(company: Company, offered: list[Offered], chosen: argparse.Namespace) -> tuple[Company, list[Offered]]:
    """The company and the schemes with what was set."""
    blanks = [blank.key for one in offered for blank in open_blanks((one.scheme, *one.rewards))]
    given, numbers = settings_of(chosen.settings, company.indicators, chosen.zone, blanks)
    settings: dict[str, dict[str, Scalar]] = {}
    for one in offered:
        for key, values in one.settings:
            settings.setdefault(key, {}).update(values)
    for key, found in given.items():
        settings.setdefault(key, {}).update(found)
    done = [replace(one, scheme=filled(one.scheme, numbers),
                    rewards=tuple(filled(table, numbers) for table in one.rewards)) for one in offered]
    return replace(company, settings=settings), done if numbers else offered


def print_page(done: Tried, chosen: argparse.Namespace) -> None:
    """On a terminal."""
    paint, language = Paint(), chosen.lang
    lines = [*page.head(done.company, done.loaded, language, paint, guessed=done.guessed),
             *page.refusals(done.refusals, language, paint)]
    by_key: dict[str, list[Told]] = {}
    for one in done.told:
        by_key.setdefault(one.key, []).append(one)
    for told in by_key.values():
        lines += page.indicator_block(done.company, told, language, paint, records=chosen.records)
    if not by_key:
        lines += ["", word(language, "no_readings", known=", ".join(done.company.declared))]
    for found in done.cards:
        lines += page.scheme_block(found, language, paint, dict(done.company.indicators))
    print("\n".join(lines))


def print_json(done: Tried, chosen: argparse.Namespace) -> None:
    """For programs."""
    print(json.dumps({
        "period": done.company.period, "zone": done.company.zone,
        "files": [plain.file_plain(one) for one in done.loaded],
        "refusals": plain.refusals_plain(done.refusals, chosen.lang),
        "readings": [plain.reading_plain(done.company, one, chosen.lang, records=chosen.records) for one in done.told],
        "schemes": [plain.scheme_plain(one, chosen.lang) for one in done.cards],
    }, ensure_ascii=False, indent=2))  # fmt: skip
