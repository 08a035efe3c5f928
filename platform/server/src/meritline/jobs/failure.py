"""How a failure is kept in a row: by code and values, so that any reader gets it in their own language."""

import json
from typing import Any

from meritline.errors import MeritlineError, Problem, problem
from meritline.messages import Language

PLACES = ("file", "line", "row", "field", "value")
NUMBERS = ("line", "row")


def dump(error: MeritlineError) -> str:
    """The problems of an error as JSON."""
    return json.dumps([plain(each) for each in error.problems], ensure_ascii=False, sort_keys=True)


def plain(each: Problem) -> dict[str, Any]:
    """One problem; whatever it names becomes text."""
    places = {name: getattr(each, name) for name in PLACES if getattr(each, name) is not None}
    texts = {name: value if name in NUMBERS else str(value) for name, value in places.items()}
    return {"code": each.code, **texts, "params": {name: str(value) for name, value in each.params.items()}}


def load(text: str | None) -> tuple[Problem, ...]:
    """The problems again; a text that no one of us wrote is shown as it stands."""
    if not text:
        return ()
    try:
        return tuple(problem(each["code"], **{name: each[name] for name in PLACES if name in each}, **each["params"])
                     for each in json.loads(text))
    except (ValueError, TypeError, KeyError):
        return (problem("E-JOB-FAILED", reason=text),)


def text_of(text: str | None, language: Language = "en") -> str:
    """The failure as a reader sees it."""
    return "\n".join(each.text(language) for each in load(text))
