"""What the sender of a file of figures is told."""

from collections.abc import Iterator

from meritline.appraisal.figures.files import Delivered
from meritline.messages import Language


def answer(done: Delivered, language: Language) -> dict[str, object]:
    """For a program."""
    return {
        "lines": done.lines, "written": done.written, "unchanged": done.unchanged, "rejected": len(done.rejects),
        "rows": [{"line": each.line, "verdict": "rejected",
                  "reasons": [reason.as_dict(language) for reason in each.reasons]} for each in done.rejects],
        "warnings": [each.as_dict(language) for each in done.warnings],
    }  # fmt: skip


def text_lines(done: Delivered, language: Language) -> Iterator[str]:
    """For a terminal."""
    yield from (reason.text(language) for each in done.rejects for reason in each.reasons)
    yield from (each.text(language) for each in done.warnings)
