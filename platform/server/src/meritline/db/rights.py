"""The table of privileges in docs/operations/roles.md, from what gives them. ``python -m meritline.db.rights``."""

import re
import sys
from pathlib import Path
from typing import Final

from meritline.db.examination import VERBS, intended

PAGE: Final = "platform/docs/operations/roles.md"
PLACE: Final = re.compile(r"(<!-- rights: [^\n]*-->\n).*?(<!-- end of rights -->)", re.DOTALL)


def table() -> str:
    """Which tables may be read, added to, changed and cleared."""
    found: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for name, (whole, some) in sorted(intended().items()):
        columns = f"`update` of {', '.join(f'`{each}`' for each in sorted(some))}" if some else ""
        found.setdefault((tuple(verb for verb in VERBS if verb in whole), columns), []).append(name)
    rows = [f"| {', '.join(f'`{verb}`' for verb in verbs)}{'; ' if columns else ''}{columns} | "
            f"{', '.join(f'`{each}`' for each in tables)} |\n"
            for (verbs, columns), tables in sorted(found.items(), key=lambda one: (len(one[0][0]), one))]  # fmt: skip
    return "| may | tables |\n|---|---|\n" + "".join(rows)


def renewed(page: str) -> str:
    """The page with the table of now."""
    return PLACE.sub(lambda found: f"{found[1]}{table()}{found[2]}", page)


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else PAGE)
    target.write_text(renewed(target.read_text("utf-8")), "utf-8")
