"""Every error code in the source has a text and a remedy in both languages, and its page is current."""

import ast
import re
from pathlib import Path

import pytest

from meritline.errors import MeritlineError, Refused, problem, render
from meritline.messages import catalogue, language_of
from meritline.messages.entries import CODE, PLACE, CatalogueError, read
from meritline.messages.pages import pages

ROOT = Path(__file__).parents[2]

def used_codes() -> dict[str, str]:
    sources = [
        *(ROOT / "platform").glob("*/src/**/*.py"),
        *(ROOT / "plugins").glob("*/src/**/*.py"),
    ]
    return {
        node.value: f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value)
    }


def test_every_code_in_the_source_is_in_the_catalogue() -> None:
    missing = {code: path for code, path in used_codes().items() if code not in catalogue()}
    assert not missing, f"add a section per code to messages/catalogue/<feature>.toml: {missing}"


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_both_languages_say_the_same_with_the_same_values(code: str) -> None:
    entry = catalogue()[code]
    assert set(PLACE.findall(entry.en)) == set(PLACE.findall(entry.zh))
    assert set(PLACE.findall(entry.remedy_en)) == set(PLACE.findall(entry.remedy_zh))
    assert re.search(r"[一-鿿]", entry.zh), "the Chinese text has no Chinese in it"
    assert re.search(r"[一-鿿]", entry.remedy_zh), "the Chinese remedy has no Chinese in it"
    assert entry.en.endswith((".", "!", "?", "}")), "texts are whole sentences"


def test_the_pages_are_those_of_the_catalogue() -> None:
    folder = ROOT / "platform" / "docs" / "errors"
    written = {path.name: path.read_text("utf-8") for path in folder.glob("*.md")}
    assert written == pages(), "run: python -m meritline.messages"


def test_a_text_names_place_field_value_and_remedy() -> None:
    found = problem("E-INPUT", file="calls.csv", row=812, field="wait_s", value="12\x00\n", reason="no number")
    assert found.text() == (
        "calls.csv row 812  wait_s = '12\\x00\\n': This is not acceptable: no number. "
        "Correct the value and try again. (E-INPUT)"
    )
    assert found.text("zh").startswith("calls.csv 第 812 行  wait_s")
    assert found.as_dict()["value"] == "12\\x00\\n"


def test_many_problems_are_shown_together() -> None:
    error = Refused([problem("E-INPUT", field="a", reason="x"), problem("E-INPUT", field="b", reason="{value}")])
    assert isinstance(error, MeritlineError)
    assert render(error, "zh").splitlines()[-1].startswith("共 2 个问题")
    assert "{value}" in render(error), "a value that looks like a template is shown, never filled"


def test_the_reader_gets_the_first_language_that_we_speak() -> None:
    wishes = {None: "en", "": "en", "zh-CN,zh;q=0.9,en;q=0.8": "zh", "fr,de;q=0.9": "en", "en;q=0.1,zh_CN;q=0.9": "zh"}
    assert {wish: language_of(wish) for wish in wishes} == wishes
    assert language_of("zh;q=0, " + "x" * 10_000) == "en"


def test_a_section_that_lacks_a_language_is_refused() -> None:
    with pytest.raises(CatalogueError, match="remedy_zh"):
        read("bands", '[E-BANDS-GAP]\nen = "a."\nzh = "甲。"\nremedy_en = "b."\n')
