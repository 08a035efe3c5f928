"""Lines of a scheme against each other. Decides which cannot stand side by side, and what is only told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from meritline.appraisal.documents.hints import tell_overshadowed
from meritline.appraisal.documents.judging import judged_problem
from meritline.appraisal.documents.points import Indicators
from meritline.documents import Path, Table
from meritline_sdk import Event, Item, Part, Text
from meritline_sdk.model.blanks import Blank
from meritline_sdk.model.items import Veto, key_of
from meritline_sdk.model.records import RecordDeclaration
from meritline_sdk.model.rules import Judged, Rule

type Lines = Mapping[str, tuple[Item | Event | Veto | None, ...]]


@dataclass(frozen=True, slots=True)
class Bound:
    """An indicator where a line or a part of one looks at it."""

    path: Path
    name: str
    indicator: str
    read_from: str
    target: object
    title: Text | None
    rule: Rule | None


def check_lines(table: Table, lines: Lines, indicators: Indicators, records: Mapping[str, RecordDeclaration]) -> None:
    """Report names that stand twice, targets that contradict each other, and judgements outside their range."""
    seen: set[str] = set()
    for where, found in lines.items():
        names = seen if where != "veto" else set()
        for place, line in enumerate(found):
            name = line.key if isinstance(line, Veto) else line.name() if line else None
            if name is not None and name in names:
                told = "key" if table.document.at((where, place, "key")) else "indicator"
                table.report("E-SCHEME-TWICE", where, place, told, value=name)
            names |= {name} if name is not None else set()
    every = [one for where, found in lines.items() for one in bindings(where, found)]
    tell_overshadowed(table, [(one.path, one.name, one.indicator, one.target) for one in every], indicators)
    for place, one in enumerate(every):
        before = next((other for other in every[:place] if same(other, one)), None)
        if before is not None:
            report_again(table, before, one)
        if isinstance(one.rule, Judged):
            judged_problem(table, one.path, one.rule, one.indicator, indicators, records)


def same(one: Bound, other: Bound) -> bool:
    """Whether both look at one reading."""
    return (one.indicator, one.read_from) == (other.indicator, other.read_from)


def report_again(table: Table, first: Bound, again: Bound) -> None:
    """Report another target for the same reading; tell of one that counts twice."""
    known = not any(isinstance(one, Blank) for one in (first.target, again.target))
    differ = known and None not in (first.target, again.target) and first.target != again.target
    apart = first.title is not None and again.title is not None and first.title != again.title
    if differ and not apart:
        table.report("E-TARGET-CONTRADICTS", *again.path, "target", value=again.target, indicator=again.indicator,
                     first=first.name, second=again.name, other=first.target)
    elif again.path[0] == first.path[0]:
        table.report("E-SCHEME-DUPLICATE", *again.path, "indicator", value=again.indicator, first=first.name,
                     second=again.name)


def bindings(where: str, lines: tuple[Item | Event | Veto | None, ...]) -> Iterator[Bound]:
    """Every place where one of the lines looks at an indicator, those inside composites too."""
    for place, line in enumerate(lines):
        if isinstance(line, Event) or (isinstance(line, Item) and line.indicator is not None):
            yield Bound((where, place), line.name(), key_of(line.indicator), line.read_from, line.target, line.title,
                        line.rule)
        elif isinstance(line, Item):
            yield from part_bindings((where, place), line, line.parts)


def part_bindings(path: Path, item: Item, parts: tuple[Part, ...]) -> Iterator[Bound]:
    """The same of the parts of a composite."""
    for place, part in enumerate(parts):
        if part.parts:
            yield from part_bindings(path, item, part.parts)
        else:
            yield Bound((*path, "part", place) if len(path) == 2 else path, item.name(), key_of(part.indicator),
                        item.read_from, part.target, part.title, part.rule)


