"""Settings: all mistakes at once, no secret shown, the page current."""

from pathlib import Path

import pytest

from meritline.errors import Refused
from meritline.settings import Settings, page

PAGE = Path(__file__).parents[2] / "platform" / "docs" / "operations" / "settings.md"
SECRET = "postgresql://meritline_app:p%40ss@db.example:5432/meritline?sslmode=require"


def test_an_empty_environment_gives_the_defaults() -> None:
    assert Settings.from_environ({}) == Settings.from_environ({"MERITLINE_PORT": " "}) == Settings()


def test_what_is_set_is_read() -> None:
    found = Settings.from_environ({"MERITLINE_PLUGINS": "call_center, appliance_repair,", "MERITLINE_PORT": "0"})
    assert (found.plugins, found.port) == (frozenset({"call_center", "appliance_repair"}), 0)


def test_all_mistakes_are_named_and_no_secret_is() -> None:
    wrong = {
        "MERITLINE_DATABASE_URL": "mysql://me:p%40ss@db/x",
        "MERITLINE_PORT": "８７００",
        "MERITLINE_REQUEST_TIMEOUT_S": "-1",
        "MERITLINE_LOG_FORMAT": "xml",
    }
    with pytest.raises(Refused) as caught:
        Settings.from_environ(wrong)
    assert {each.field for each in caught.value.problems} == set(wrong)
    assert "p%40ss" not in str(caught.value)


def test_secrets_are_not_shown() -> None:
    found = Settings.from_environ({"MERITLINE_DATABASE_URL": SECRET})
    assert found.shown()["MERITLINE_DATABASE_URL"] == "postgresql://meritline_app@db.example:5432/meritline"
    assert "p%40ss" not in f"{found!r} {found.shown()}"


def test_the_page_is_that_of_the_code() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: python -m meritline.settings"
