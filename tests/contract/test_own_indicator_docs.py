"""The page on a company's own indicators: its examples are read, its list of functions is complete."""

import re
from pathlib import Path

import pytest

from meritline.appraisal.own.drafts import read_own
from meritline.documents import read_toml
from meritline.documents.located import Document
from meritline.plugins import load_catalogue
from meritline_sdk.explain.sentences import measured
from meritline_sdk.explain.words import Wording
from meritline_sdk.formulas import measure_of, text
from meritline_sdk.formulas.calls import SHAPES, plain
from meritline_sdk.model.records import RecordDeclaration
from meritline_sdk.model.units import UNITS

PAGE = (Path(__file__).parents[2] / "platform" / "docs" / "own-indicators.md").read_text("utf-8")


@pytest.fixture(scope="module")
def records() -> dict[str, RecordDeclaration]:
    return {one.key: one for each in load_catalogue().closure(("after_sales_common",)) for one in each.set.records}


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_every_formula_of_the_page_is_one(records: dict[str, RecordDeclaration]) -> None:
    found = blocks("formula")
    assert len(found) >= 8
    for formula in found:
        measure = measure_of(formula, records)
        assert measure_of(text(measure, records), records) == measure
        for language in ("en", "zh"):
            assert measured(measure, Wording(language, records))


def test_the_file_of_the_page_is_an_indicator_whose_case_comes_out(records: dict[str, RecordDeclaration]) -> None:
    (written,) = blocks("toml")
    document = read_toml(written.encode(), "indicators/second_visits.toml")
    assert isinstance(document, Document)
    draft, problems = read_own(document, records, "Asia/Shanghai")
    assert draft is not None, [each.text() for each in problems]
    assert (draft.key, len(draft.golden)) == ("own.second_visits", 1)


def test_every_function_and_every_unit_is_on_the_page() -> None:
    known = {plain(name) for name in re.findall(r"\w+", PAGE)}
    assert {shape.name for shape in SHAPES if plain(shape.name) not in known} == set()
    assert {key for key in UNITS if f"`{key}`" not in PAGE} == set()
