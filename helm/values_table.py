"""The table of values in the chart's README, from values.schema.json (meanings) and values.yaml (defaults).

``python helm/values_table.py`` writes it; a test compares.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

CHART = Path(__file__).parent / "meritline"
BEGIN, END = "<!-- values: begin -->\n", "<!-- values: end -->\n"
LONGEST_DEFAULT = 60


def rows(node: dict[str, Any], values: dict[str, Any], path: str = "") -> Iterator[tuple[str, str, str]]:
    """Path, default and meaning of each value, in the order of the schema; what has no default is not listed."""
    for name, each in node["properties"].items():
        if name not in values:
            continue
        here = f"{path}{name}"
        if "description" in each:
            yield here, shown(values[name]), each["description"]
        else:
            yield from rows(each, values[name], f"{here}.")


def shown(value: object) -> str:
    """A default as one would write it."""
    text = json.dumps(value, ensure_ascii=False)
    if value in ("", None, [], {}):
        return "" if value in ("", None) else f"`{text}`"
    return f"`{text}`" if len(text) <= LONGEST_DEFAULT else "see `values.yaml`"


def table() -> str:
    """The whole table."""
    schema = json.loads((CHART / "values.schema.json").read_text("utf-8"))
    values = yaml.safe_load((CHART / "values.yaml").read_text("utf-8"))
    lines = (f"| `{path}` | {default} | {about} |" for path, default, about in rows(schema, values))
    return "| value | default | meaning |\n|---|---|---|\n" + "\n".join(lines) + "\n"


def page(text: str) -> str:
    """The README with the table as it is now."""
    return re.sub(f"(?<={BEGIN}).*(?={END})", lambda _: table(), text, flags=re.DOTALL)


if __name__ == "__main__":
    readme = CHART / "README.md"
    readme.write_text(page(readme.read_text("utf-8")), "utf-8")
