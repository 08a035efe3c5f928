"""``[schemes]``: a quarter or a year of a template reads the months under the company's own key."""

from pathlib import Path
from typing import Any

import pytest

from meritline.appraisal.documents import read_scheme
from meritline.documents import Document
from meritline.errors import Problem
from meritline.onboarding.manifest import check
from meritline.plugins import load_catalogue

CATALOGUE = load_catalogue()
OWN = "appliance_repair"
QUARTER = {"scheme": "engineers_quarter", "template": f"{OWN}.s01_quarter_starter", "valid_from": "2026-01-01"}
TENANT = """\
key = "renames"
name = "维修公司"
time_zone = "Asia/Shanghai"
currency = "CNY"
languages = ["zh", "en"]
country = "CN"
indicator_sets = ["appliance_repair"]
"""
MONTH = """\
scheme = "engineers"
template = "appliance_repair.s01_starter"
valid_from = 2026-01-01
"""
MONTHS = """\
scheme = "engineers_quarter"
template = "appliance_repair.s01_quarter_starter"
valid_from = 2026-01-01

[schemes]
s01_starter = "engineers"
"""


def read(document: dict[str, Any]) -> tuple[list[str], list[Problem]]:
    """Whose scores the document takes, and its problems."""
    draft, problems = read_scheme(Document(document), CATALOGUE.indicators(), CATALOGUE.templates())
    taken = [item.score_of.scheme for item in draft.scheme.items if item.score_of] if draft else []
    return taken, problems


@pytest.mark.parametrize(("template", "old"), [
    (f"{OWN}.s01_quarter_starter", "s01_starter"), (f"{OWN}.s01_year", "s01"),
    (f"{OWN}.s11_year_starter", "s11_starter"),
    ("after_sales_common.s06_starter", "s06_month_starter"),
])  # fmt: skip
def test_every_template_of_a_longer_period_can_read_the_companys_own_months(template: str, old: str) -> None:
    document = {**QUARTER, "template": template}
    before, problems = read(document)
    assert (before, problems) == ([old], [])
    assert read({**document, "schemes": {old: "engineers"}}) == (["engineers"], [])


def test_every_line_that_takes_scores_follows_and_the_rest_of_the_scheme_stays() -> None:
    """Two lines of a document without a template: one scheme renamed, the other not."""
    def line(key: str, scheme: str) -> dict[str, Any]:
        return {"key": key, "title": key, "weight": 50, "score_of": {"scheme": scheme, "least": 2},
                "rule": {"kind": "as_points"}}

    document = {"scheme": "half", "period": "year", "valid_from": "2026-01-01",
                "item": [line("a", "old"), line("b", "other")]}  # fmt: skip
    assert read({**document, "schemes": {"old": "new"}})[0] == ["new", "other"]
    assert read(document)[0] == ["old", "other"]


@pytest.mark.parametrize(("schemes", "code", "field", "says"), [
    ({"s01_stater": "engineers"}, "E-SCHEMES-UNKNOWN", "schemes.s01_stater", "s01_starter"),
    ({"s01_starter": "No Key"}, "E-DOC-KEY", "schemes.s01_starter", "lower case"),
    ({"s01_starter": 7}, "E-DOC-KEY", "schemes.s01_starter", "lower case"),
    ("engineers", "E-DOC-TABLE", "schemes", ""),
])  # fmt: skip
def test_what_cannot_be_renamed_is_refused_by_name(schemes: Any, code: str, field: str, says: str) -> None:
    _, problems = read({**QUARTER, "schemes": schemes})
    assert [(one.code, one.field) for one in problems] == [(code, field)]
    assert says in problems[0].text()
    assert problems[0].text("zh") != problems[0].text("en")


def test_a_manifest_reads_it_and_a_wrong_name_is_told_where_it_stands(tmp_path: Path) -> None:
    def checked(quarter: str) -> Any:
        for name, text in {"tenant.toml": TENANT, "schemes/month.toml": MONTH, "schemes/quarter.toml": quarter}.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, "utf-8")
        return check(tmp_path, CATALOGUE)

    manifest = checked(MONTHS)
    assert not isinstance(manifest, list), [one.text() for one in manifest]
    assert {one.scheme.key: [item.score_of.scheme for item in one.scheme.items if item.score_of]
            for one in manifest.schemes} == {"engineers": [], "engineers_quarter": ["engineers"]}  # fmt: skip
    found = checked(MONTHS.replace('"engineers"\n', '"engineer"\n'))
    assert [(one.code, one.file, one.line, one.value) for one in found] == [
        ("E-SCORE-OF-UNKNOWN", "schemes/quarter.toml", 6, "engineer")]
    assert "engineers" in found[0].text()
    assert [one.code for one in checked(MONTHS.partition("[schemes]")[0])] == ["E-SCORE-OF-UNKNOWN"]
