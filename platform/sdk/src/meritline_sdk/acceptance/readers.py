"""What a reader of a plugin would miss in its declarations: words in both languages, titles, notes, sense."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from keyword import iskeyword
from typing import Any

from meritline_sdk.acceptance.findings import Finding, found
from meritline_sdk.acceptance.parts import REFUSED
from meritline_sdk.acceptance.sets import part_name
from meritline_sdk.formulas import OF_AN_AUTHOR, FormulaError, measure_of
from meritline_sdk.formulas import text as formula
from meritline_sdk.model.functions import PythonMeasure
from meritline_sdk.model.indicators import Indicator
from meritline_sdk.model.records import RecordDeclaration
from meritline_sdk.model.sets import IndicatorSet
from meritline_sdk.model.text import Text
from meritline_sdk.testing.golden_records import looked_at

WORDS = re.compile(r"[a-z]{3,}")
HAN = re.compile(r"[\u3400-\u9fff]")


def reader_problems(sets: Sequence[IndicatorSet], records: Mapping[str, RecordDeclaration]) -> Iterator[Finding]:
    """Everything of the kind, set by set."""
    spoken = {key for key, record in records.items() if iskeyword(key) or any(iskeyword(spec.name)
                                                                              for spec in record.fields)}
    for one in sets:
        yield from language_problems(one, one.key)
        yield from title_problems(one)
        for record in one.records:
            for place, word in ((one.key, record.key), *((f"{one.key}.{record.key}", spec.name)
                                                         for spec in record.fields)):
                if iskeyword(word):
                    yield found("keyword", f"{place}.{word}", value=word)
        for indicator in one.indicators:
            place = f"{one.key}.{indicator.key}"
            if indicator.note is None:
                yield found("note", place)
            if isinstance(indicator, Indicator) and not isinstance(indicator.measure, PythonMeasure) and not (
                    spoken & set(looked_at(indicator))):
                yield from formula_problems(indicator, place, records)


def language_problems(value: Any, place: str) -> Iterator[Finding]:
    """Texts that say the same in both languages, each once."""
    seen: set[Text] = set()
    for where, text in texts(value, place):
        if text not in seen and untranslated(text):
            seen.add(text)
            yield found("language", where, value=text.zh)


def texts(value: Any, place: str) -> Iterator[tuple[str, Text]]:
    """Every text inside a declaration, with its place."""
    if isinstance(value, Text):
        yield place, value
    elif isinstance(value, tuple):
        for number, part in enumerate(value):
            yield from texts(part, f"{place}.{part_name(part, '', number)}")
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            inner = getattr(value, one.name)
            yield from texts(inner, place if isinstance(inner, tuple) else f"{place}.{one.name}")


def untranslated(text: Text) -> bool:
    """Whether words stand in one language only; names, numbers and abbreviations may be the same in both."""
    english, chinese = text.en.strip(), text.zh.strip()
    if english == chinese:
        return bool(WORDS.search(english) or HAN.search(english))
    return not HAN.search(chinese) and bool(WORDS.search(chinese))


def title_problems(one: IndicatorSet) -> Iterator[Finding]:
    """Fields and parameters that have no title, each once."""
    for record in one.records:
        for spec in record.fields:
            if spec.title is None:
                yield found("untitled", f"{one.key}.{record.key}.{spec.name}", value=spec.name)
    for extension in one.extensions:
        for spec in extension.fields:
            if spec.title is None:
                yield found("untitled", f"{one.key}.{extension.record}.{spec.name}", value=spec.name)
    seen: set[str] = set()
    for indicator in one.indicators:
        for parameter in indicator.parameters() if isinstance(indicator, Indicator) else ():
            if parameter.title is None and parameter.name not in seen:
                seen.add(parameter.name)
                yield found("untitled", f"{one.key}.{indicator.key}", value=parameter.name)


def formula_problems(indicator: Indicator, place: str, records: Mapping[str, RecordDeclaration]) -> Iterator[Finding]:
    """What the reader of formulas says of the measure: a condition that never holds, a sum that is always zero."""
    try:
        measure_of(formula(indicator.measure, records), records, OF_AN_AUTHOR)
    except FormulaError as wrong:
        for problem in wrong.problems:
            yield found("formula", place, reason=str(problem).partition(": ")[2])
    except REFUSED:
        return
