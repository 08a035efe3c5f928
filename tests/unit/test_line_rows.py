"""Score lines as COPY sends them: each begins with the number of columns and the id of its card."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from meritline.appraisal.run.rows import SCORE_LINE, line_bytes


def test_each_line_names_its_card_and_whoever_has_none_writes_none() -> None:
    lines = {"A": ["a0", "a1"], "B": [], "C": ["c0"]}
    people: Any = [SimpleNamespace(subject=subject) for subject in lines]
    appraisal: Any = SimpleNamespace(lines={
        subject: [SimpleNamespace(largest=None, row=row.encode()) for row in rows]
        for subject, rows in lines.items()})  # fmt: skip
    ids: Any = {subject: UUID(int=place) for place, subject in enumerate(lines)}
    columns, of_uuid = len(SCORE_LINE).to_bytes(2), (16).to_bytes(4)
    assert list(SCORE_LINE)[:2] == ["scorecard_id", "position"]
    assert line_bytes(appraisal, people, ids) == b"".join(
        columns + of_uuid + ids[subject].bytes + row.encode() for subject, rows in lines.items() for row in rows)
