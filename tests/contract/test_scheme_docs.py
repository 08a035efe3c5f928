"""The page on schemes: every example is read as a company's document, every rule and kind of reward is on it."""

import re
from pathlib import Path

import pytest

from meritline.appraisal.documents import read_reward_table, read_scheme
from meritline.documents import read_toml
from meritline.documents.located import Document
from meritline.plugins import load_catalogue
from meritline_sdk import Scheme
from meritline_sdk.model.policies import MISSING_POLICIES
from meritline_sdk.model.rewards import ACTS, REWARD_RULES, SPLITS
from meritline_sdk.model.rules import RULES, STEPS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "platform" / "docs" / "schemes.md").read_text("utf-8")
CATALOGUE = load_catalogue()


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def document(text: str, name: str) -> Document:
    found = read_toml(text.encode(), name)
    assert isinstance(found, Document)
    return found


@pytest.fixture(scope="module")
def schemes() -> dict[str, Scheme]:
    found: dict[str, Scheme] = {}
    for text in blocks("scheme"):
        draft, problems = read_scheme(document(text, "schemes/page.toml"), CATALOGUE.indicators(),
                                      CATALOGUE.templates())
        assert draft is not None, [each.text() for each in problems]
        found[draft.scheme.key] = draft.scheme
    return found


def test_every_scheme_of_the_page_is_one(schemes: dict[str, Scheme]) -> None:
    assert set(schemes) == {"engineers", "service_post", "service_post_quarter"}


def test_the_reward_table_of_the_page_is_one(schemes: dict[str, Scheme]) -> None:
    (text,) = blocks("rewards")
    draft, problems = read_reward_table(document(text, "rewards/page.toml"), CATALOGUE.indicators(), schemes)
    assert draft is not None, [each.text() for each in problems]


def test_every_word_of_the_language_is_on_the_page() -> None:
    known = set(re.findall(r"\w+", PAGE))
    wanted = {*RULES, *REWARD_RULES, *MISSING_POLICIES, *SPLITS, *STEPS}
    assert wanted - known == set()
    assert {act for act in ACTS if act not in known and act.replace("_", " ") not in PAGE} == set()
