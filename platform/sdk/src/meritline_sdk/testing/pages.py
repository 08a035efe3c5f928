"""The page of an indicator set: each indicator in both languages, its formula, its records and its golden cases."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from meritline_sdk.evaluate.shown import reading_step
from meritline_sdk.explain import sentence
from meritline_sdk.explain.readings import reading_text
from meritline_sdk.explain.words import Wording, known_records
from meritline_sdk.formulas import fields_needed
from meritline_sdk.formulas import text as formula
from meritline_sdk.model.indicators import AnyIndicator, Indicator
from meritline_sdk.model.nodes import ParameterRef
from meritline_sdk.model.rated import RatedIndicator
from meritline_sdk.model.records import RecordDeclaration
from meritline_sdk.model.sets import IndicatorSet
from meritline_sdk.testing.golden import GoldenCase, load_golden, read_case
from meritline_sdk.testing.rated_cases import RatedCase, read_rated

type Case = GoldenCase | RatedCase

LANGUAGES = ("en", "zh")
COMMENT = re.compile(r"^# ?(.*)$")
MADE = "<!-- Made by `{command}` from the declarations: change those, not this page. -->"


def page(one: IndicatorSet, golden: Path, link: str, command: str) -> str:
    """The Markdown of a set; ``golden`` is its folder of cases, ``link`` how the page names that folder."""
    records = known_records()
    cases: dict[str, list[Case]] = {}
    for case in load_golden(golden, [one]):
        cases.setdefault(case.indicator.key, []).append(case)
    lines = [MADE.format(command=command), "", f"# {one.title.en} · {one.title.zh}", "",
             f"Indicator set `{one.key}`: {len(one.indicators)} indicators, {len(one.records)} record types.", ""]
    for indicator in one.indicators:
        lines += section(one, indicator, records, cases.get(indicator.key, []), golden, link)
    lines += ["## Record types · 记录类型", "", *record_rows(one.records)]
    return "\n".join(lines).rstrip() + "\n"


def section(one: IndicatorSet, indicator: AnyIndicator, records: Mapping[str, RecordDeclaration],
            cases: Sequence[Case], golden: Path, link: str) -> Iterator[str]:
    """All of one indicator."""
    yield from (f"## {indicator.title.en} · {indicator.title.zh}", "")
    unit = f"{indicator.unit.title.en} · {indicator.unit.title.zh} (`{indicator.unit.key}`)"
    kind = "measured" if isinstance(indicator, Indicator) else "rated by people"
    yield from (f"`{one.key}.{indicator.key}`, {kind}; unit {unit}; better: {indicator.better.value}.", "")
    for language in LANGUAGES:
        yield from (f"> {sentence(indicator, language, records)}", ">" if language == "en" else "")
    if indicator.note is not None:
        yield from (f"{indicator.note.en} · {indicator.note.zh}", "")
    if isinstance(indicator, RatedIndicator):
        yield from rated_lines(indicator)
    else:
        yield from ("```python", formula(indicator.measure), "```", "")
        yield from fields_lines(indicator, records)
        yield ""
        yield from parameter_rows(indicator.parameters(), records)
    yield from golden_lines(cases, golden, link)


def fields_lines(indicator: Indicator, records: Mapping[str, RecordDeclaration]) -> Iterator[str]:
    """The record types it looks at, with their fields."""
    wording = Wording("en", records)
    by_type: dict[str, list[str]] = {}
    for record, name in fields_needed(indicator.measure):
        by_type.setdefault(record, []).append(f"`{name}`")
    for record, names in by_type.items():
        yield f"- {wording.record(record)} (`{record}`): {', '.join(names)}"


def rated_lines(indicator: RatedIndicator) -> Iterator[str]:
    """The described grades."""
    for value, title in indicator.grades():
        yield f"- {value}: {title.en} · {title.zh}"
    if indicator.anchors:
        yield ""


def parameter_rows(parameters: Sequence[ParameterRef], records: Mapping[str, RecordDeclaration]) -> Iterator[str]:
    """What a tenant may set, as a table."""
    if not parameters:
        return
    yield from ("| a tenant may set | meaning | default |", "|---|---|---|")
    words = Wording("en", records)
    for one in parameters:
        meaning = f"{one.title.en} · {one.title.zh}" if one.title else one.name.replace("_", " ")
        default = "to be filled in" if one.default is None else words.value(one.default, one.kind)
        choice = f"; one of {', '.join(map(str, one.options))}" if one.options else ""
        yield f"| `{one.name}` | {meaning} | {default}{choice} |"
    yield ""


def golden_lines(cases: Sequence[Case], golden: Path, link: str) -> Iterator[str]:
    """What the golden cases come to, in numbers, with the worked arithmetic of their files."""
    for case in cases:
        file = case.place.split(" case ")[0]
        reading = read_rated(case) if isinstance(case, RatedCase) else read_case(case)
        shown = reading_text(reading_step(reading, case.indicator), "en")
        yield f"- Golden case [{case.place.removesuffix('.toml')}]({link}/{file}): {shown}"
    told = {case.place.split(" case ")[0]: None for case in cases}
    for file in told:
        if comment := worked((golden / file).read_text("utf-8")):
            yield f"  - Worked by hand: {comment}"
    yield ""


def worked(text: str) -> str:
    """The comment at the head of a golden file."""
    found = []
    for line in text.splitlines():
        match = COMMENT.match(line)
        if match is None:
            break
        found.append(match[1].strip())
    return " ".join(found)


def record_rows(records: Iterable[RecordDeclaration]) -> Iterator[str]:
    """The fields of every record type."""
    for one in records:
        yield from (f"### {one.title.en} · {one.title.zh} (`{one.key}`)", "",
                    "| field | meaning | kind | |", "|---|---|---|---|")
        for spec in one.fields:
            title = f"{spec.title.en} · {spec.title.zh}" if spec.title else spec.name.replace("_", " ")
            yield f"| `{spec.name}` | {title} | {spec.kind.value}{limits(spec)} | {said(spec, one)} |"
        yield ""


def limits(spec: Any) -> str:
    """The words of a choice."""
    options = getattr(spec, "options", ())
    return f": {', '.join(options)}" if options else ""


def said(spec: Any, one: RecordDeclaration) -> str:
    """Whether the field may be missing, and what it decides."""
    told = ["optional"] if spec.optional else []
    told += ["credited"] if spec.name == one.credit else []
    told += ["decides the period"] if spec.name == one.at else []
    return ", ".join(told)
