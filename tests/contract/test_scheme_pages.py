"""The pages of the schemes are as the declarations make them, and tell every blank, note and reason."""

from pathlib import Path

from meritline.plugins import load_catalogue
from meritline_sdk import Template, open_blanks
from meritline_sdk.testing.scheme_pages import document_of, pages

FOLDER = Path(__file__).parents[2] / "platform" / "docs" / "schemes"


def test_the_pages_of_the_schemes_are_current() -> None:
    catalogue = load_catalogue()
    made = pages(catalogue.offered(), catalogue.indicators())
    assert {one.name: one.read_text("utf-8") for one in FOLDER.glob("*.md")} == made, "run: make docs"
    for key, one in catalogue.offered().items():
        text = made[f"{document_of(key)}.md"]
        sentences = (*one.missing, *one.notes) if isinstance(one, Template) else [why for _, why in one.reasons]
        assert all(each.en in text and each.zh in text for each in sentences)
        assert all(f"`{blank.key}`" in text for blank in open_blanks((one.scheme, *one.rewards)))
