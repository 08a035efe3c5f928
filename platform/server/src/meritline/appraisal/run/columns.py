"""The columns of scorecards and score lines. Decides how an exact number is kept: in full as text, rounded for display.

Display columns are rounded half up to ten places and decide nothing; the score is rounded once, as the scheme says.
"""

from fractions import Fraction
from typing import Any, Final
from uuid import UUID

import msgspec

from meritline.appraisal.definitions import TenantIndicator
from meritline.appraisal.run.sizes import DISPLAYED_PLACES
from meritline.appraisal.run.subjects import Stay
from meritline_sdk.evaluate.lines import ScoredLine
from meritline_sdk.evaluate.numbers import rational_text, rounded
from meritline_sdk.evaluate.readings import Entered
from meritline_sdk.model.canonical import decimal_text
from meritline_sdk.model.text import Text
from meritline_sdk.model.units import POINTS, Direction

SCORECARD: Final = {
    "scheme_key": "text", "scheme_version_id": "uuid", "subject_kind": "text", "subject_id": "uuid",
    "subject_code": "text", "subject_name": "text", "department_id": "uuid", "department_code": "text",
    "score": "numeric", "exact_score": "text", "grade": "text", "grade_title_en": "text", "grade_title_zh": "text",
    "rank": "int", "ranked": "boolean", "ranked_among": "int", "state": "text", "passed": "boolean", "digest": "text",
    "content_digest": "text", "input_digest": "text",
    "days_employed": "int", "period_days": "int", "spans": "text", "steps": "text",
}  # fmt: skip
SCORE_LINE: Final = {
    "scorecard_id": "uuid", "position": "int", "kind": "text", "key": "text", "indicator_key": "text",
    "definition_hash": "text", "dimension": "text", "dimension_zh": "text", "title_en": "text", "title_zh": "text",
    "unit": "text", "direction": "text", "target": "numeric", "target_text": "text", "reading_state": "text",
    "reading_value": "numeric", "reading_exact": "text", "numerator": "text", "denominator": "text",
    "sample_size": "int", "raw_points": "numeric", "raw_points_exact": "text", "weight": "numeric",
    "effective_weight_exact": "text", "weighted_points": "numeric", "weighted_points_exact": "text",
    "policy": "text", "steps": "text", "reading_reason": "text", "entered": "text",
}  # fmt: skip


def spans_text(stay: Stay) -> str | None:
    """The days whose records alone counted, as JSON; None: those of the whole period did."""
    return None if stay.records is None else msgspec.json.encode(stay.spans).decode()


def line_row(line: ScoredLine, card_id: UUID | None, indicator: TenantIndicator | None) -> tuple[Any, ...]:
    """A score line as the columns of ``SCORE_LINE``; a composite item has points for a unit."""
    unit, title = line.unit or POINTS, line.title or Text(line.key, line.key)
    reading = line.reading
    return (
        card_id, line.position - 1, line.kind, line.key, line.indicator, indicator and indicator.definition_hash,
        line.dimension and line.dimension.en, line.dimension and line.dimension.zh, title.en, title.zh, unit.key,
        (line.better or Direction.HIGHER).value, line.target,
        None if line.target is None else f"{decimal_text(line.target)} {unit.symbol}".strip(),
        reading.state, shown(reading.value), exact(reading.value), exact(reading.numerator),
        exact(reading.denominator), reading.sample, shown(line.raw_points), exact(line.raw_points), line.weight,
        exact(line.effective_weight), shown(line.weighted_points), exact(line.weighted_points), line.policy,
        msgspec.json.encode(line.steps).decode(), reading.reason, reading.entered and entered_text(reading.entered),
    )  # fmt: skip


def entered_text(mark: Entered) -> str:
    """Who gave the reading by hand, and what the records give instead, as JSON."""
    told: dict[str, Any] = {"by": mark.by, "at": mark.at, "source": mark.source, "note": mark.note,
                            "version": mark.version}
    if mark.found is not None:
        told |= {"records_state": mark.found.state, "records_value": exact(mark.found.value)}
    return msgspec.json.encode(told).decode()


def exact(value: Fraction | None) -> str | None:
    """The whole number or ``p/q``."""
    return None if value is None else rational_text(value)


def shown(value: Fraction | None) -> Any:
    """The number for display."""
    return None if value is None else rounded(value, DISPLAYED_PLACES)
