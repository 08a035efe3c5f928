"""From a figure to a reading. Decides that it stands instead of what the records give, and never in silence.

The day of its entry is told in the company's own zone. What the records give goes with it; it changes nothing.
"""

from collections.abc import Mapping
from fractions import Fraction
from uuid import UUID
from zoneinfo import ZoneInfo

from meritline.appraisal.figures import bounds, store
from meritline.appraisal.figures.values import RATIO, WAIVER, Figure
from meritline.appraisal.indicators import TenantIndicator
from meritline.db import Connection
from meritline_sdk.evaluate.readings import MEASURED, WAIVED, Entered, Reading
from meritline_sdk.model.indicators import Indicator
from meritline_sdk.model.schemes import SubjectKind

type Figures = Mapping[tuple[str, SubjectKind, UUID], Figure]


async def figures_of(conn: Connection, tenant_id: UUID, period: str) -> Figures:
    """The figures and waivers that stand."""
    every = await store.of_period(conn, tenant_id, period)
    return {key: each for key, each in every.items() if not each.content.withdrawn}


def read_from_figure(figure: Figure, chosen: TenantIndicator, found: Reading, zone: str) -> Reading:
    """The reading that the figure gives, judged by the minimum sample where it says how many there were."""
    content = figure.content
    mark = Entered(figure.entered_name, figure.entered_at.astimezone(ZoneInfo(zone)).isoformat(), content.source,
                   content.note, figure.version, found if found.value is not None else None)
    if content.kind == WAIVER or not isinstance(chosen.indicator, Indicator):
        return Reading(WAIVED, reason=content.note, entered=mark)
    if content.kind == RATIO:
        assert content.numerator is not None
        assert content.denominator is not None
        above, below = Fraction(content.numerator), Fraction(content.denominator)
        given = Reading(MEASURED, above / below * bounds.factor(chosen.indicator), above, below)
    else:
        assert content.value is not None
        given = Reading(MEASURED, Fraction(content.value))
    return Reading(MEASURED, given.value, given.numerator, given.denominator, content.sample or 0,
                   entered=mark).needing(chosen.minimum_sample)


def figure_facts(figure: Figure) -> list[object]:
    """What of a figure goes into the digest of a run's input: what was said, not by whom and when."""
    content = figure.content
    numbers = [None if value is None else str(Fraction(value))
               for value in (content.numerator, content.denominator, content.value)]
    return [content.kind, *numbers, content.sample, content.source, content.note]
