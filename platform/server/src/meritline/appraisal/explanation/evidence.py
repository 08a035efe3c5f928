"""The records behind a score line. Decides which of its tallies is shown, and whose records they are.

The definitions, the parameters, the calendar and the moment are those of the line's run: what arrives later changes
nothing. A ratio shows the records of its denominator, which hold those of the numerator as a rule; either can be asked
for. A composite item shows its first part unless another is named. Behind a rating there are no records.
Nor are there behind a figure that was entered: there it is the figure itself.
"""

from typing import Final, Literal
from uuid import UUID

from meritline.appraisal.explanation import store
from meritline.appraisal.explanation.store import LineOrigin
from meritline.appraisal.run.needs import named
from meritline.appraisal.run.roster import memberships
from meritline.db import Connection
from meritline.measuring.evidence import Evidence, EvidenceKey, EvidencePage, records_behind
from meritline.tenancy.calendar import company_calendar
from meritline.tenancy.people import employments
from meritline_sdk.model.indicators import Indicator
from meritline_sdk.model.measures import Change, Measure, Ratio, Tally
from meritline_sdk.model.schemes import OWN, SubjectKind, key_of

__all__ = ["Evidence", "EvidenceKey", "EvidencePage", "line_evidence"]

type Side = Literal["numerator", "denominator"]
NOTHING: Final = EvidencePage((), False)


async def line_evidence(conn: Connection, tenant_id: UUID, line_id: UUID, *, first: int = 50,
                        after: EvidenceKey | None = None, side: Side = "denominator",
                        indicator: str | None = None) -> EvidencePage:
    """One page of the records behind a line, by moment; ``after`` is the ``key`` of the last one seen."""
    origin = await store.line_origin(conn, tenant_id, line_id)
    keys, read_from = looked_at(origin)
    target = target_of(origin, read_from, tenant_id)
    key = indicator if indicator in keys else keys[0]
    declared, parameters = await store.indicator_used(conn, tenant_id, origin, key)
    if target is None or not isinstance(declared, Indicator) or key in origin.without_records:
        return NOTHING
    tally = tally_of(declared.measure, side)
    calendar = origin.calendar or await company_calendar(conn, tenant_id)
    back = calendar.windows_back(origin.period)
    people = memberships(await employments(conn, tenant_id), calendar.zone)
    return await records_behind(conn, tenant_id, tally, parameters, back(tally.earlier), *target, people,
                                origin.known_at, first, after, clock=calendar.clock(back(0)))


def looked_at(origin: LineOrigin) -> tuple[list[str], str]:
    """The indicators of the line, and whose readings they are."""
    if origin.kind == "event":
        event = next(each for each in origin.scheme.events if each.name() == origin.key)
        return [key_of(event.indicator)], event.read_from
    item = next(each for each in origin.scheme.items if each.name() == origin.key)
    return list(named(item)), item.read_from


def target_of(origin: LineOrigin, read_from: str, company: UUID) -> tuple[SubjectKind, UUID] | None:
    """Whose records they are."""
    if read_from == OWN:
        return origin.subject_kind, origin.subject_id
    if read_from == "company":
        return SubjectKind.COMPANY, company
    return None if origin.department_id is None else (SubjectKind.DEPARTMENT, origin.department_id)


def tally_of(measure: Measure, side: Side) -> Tally:
    """The tally whose records are shown."""
    if isinstance(measure, Change):
        return tally_of(measure.measure, side)
    if isinstance(measure, Ratio):
        return measure.numerator if side == "numerator" else measure.denominator
    return measure.tally
