"""The explanation of a score line in words: a pure function of the row, so that it reads the same for ever."""

import json
from collections.abc import Mapping
from typing import Any

from meritline_sdk.explain import line_text
from meritline_sdk.model.text import Text


def explain_line(row: Mapping[str, Any], language: str) -> str:
    """The text of a row of ``score_line`` in the reader's language."""
    return line_text(json.loads(row["steps"]), Text(row["title_en"], row["title_zh"]), language)
