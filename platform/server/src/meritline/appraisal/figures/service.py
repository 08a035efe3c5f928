"""Entering, withdrawing and waiving. Decides who may, what a second figure does, and what the audit chain is told.

- Good figures of a list are written, each bad one is refused with its own problems.
- The same figure again changes nothing; another one names the version that it replaces (``replace`` replaces whatever
  stands). A figure and a waiver of the same reading replace each other.
- Nobody enters or waives what is read of themselves, and nothing changes once the period is published. A run that has
  ended keeps the figures it was computed with.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import batched
from typing import Final

from meritline.access.principal import Principal, require
from meritline.appraisal.figures import store
from meritline.appraisal.figures.checks import content_of, text_problems
from meritline.appraisal.figures.known import Known, known
from meritline.appraisal.figures.values import WAIVER, Content, Figure, FigureInput, Outcome, Place, Writer
from meritline.audit import append
from meritline.db import UnitOfWork
from meritline.errors import NotFound, Problem, Refused, Stale, problem
from meritline_sdk.model.canonical import decimal_text

type Clock = Callable[[], datetime]

TOLD_AT_ONCE: Final = 500
COMMAND_LINE: Final = Writer("cli", "command line")


async def writer_of(uow: UnitOfWork, principal: Principal) -> Writer:
    """Who is behind the key: the employee, else what the key is called."""
    row = await store.key_name(uow.conn, uow.tenant_id, principal.key_id)
    if row is not None and row["name"] is not None:
        name = f"{row['name']} ({row['number']})"
    else:
        name = (row and row["label"]) or principal.role
    return Writer(principal.actor, name, principal.employee_id)


async def enter(uow: UnitOfWork, principal: Principal, period: str, given: Sequence[FigureInput], *,
                clock: Clock) -> Outcome:
    """What a key enters."""
    require(principal, "figures:write")
    return await enter_figures(uow, await writer_of(uow, principal), period, given, clock=clock)


async def enter_figures(uow: UnitOfWork, writer: Writer, period: str, given: Sequence[FigureInput], *, clock: Clock,
                        replace: bool = False) -> Outcome:
    """Write every figure of a period that can be, in this unit."""
    frame = await known(uow.conn, uow.tenant_id, period)
    standing = await store.of_period(uow.conn, uow.tenant_id, period)
    outcome, changes = Outcome(), dict[store.Key, tuple[store.Change, FigureInput]]()
    for each in given:
        placed = frame.place(each, writer)
        if isinstance(placed, Problem):
            outcome.refuse(each.row, [placed])
            continue
        place, chosen = placed
        content = content_of(each, chosen)
        if not isinstance(content, Content):
            outcome.refuse(each.row, content)
            continue
        if place.key in changes:
            outcome.refuse(each.row, [problem("E-FIGURE-TWICE", field="indicator", value=place.indicator,
                                              subject=place.code)])
            continue
        before = standing.get(place.key)
        if before is not None and before.content == content:  # whatever was seen: a request may come twice
            outcome.unchanged.append(before)
            continue
        stale = unseen(place, before, before.version if replace and before else each.expected_version)
        if stale is not None:
            outcome.refuse(each.row, [stale.problem])
            continue
        changes[place.key] = (place, content, 1 if before is None else before.version + 1), each
    await write(uow, writer, frame, changes, outcome, clock())
    outcome.warnings += unread(frame, [*outcome.written, *outcome.unchanged])
    return outcome


def unread(frame: Known, taken: Sequence[Figure]) -> list[Problem]:
    """A warning for each indicator that no scheme in force reads of such subjects in such a period."""
    count = Counter((each.place.indicator, each.place.subject_kind) for each in taken)
    return [problem("E-FIGURE-UNREAD", field="indicator", value=indicator, count=number, period=frame.period,
                    kind=kind.value)
            for (indicator, kind), number in sorted(count.items()) if (indicator, kind) not in frame.read]


async def write(uow: UnitOfWork, writer: Writer, frame: Known,
                changes: dict[store.Key, tuple[store.Change, FigureInput]], outcome: Outcome,
                now: datetime) -> None:
    """Write what is new, and tell the audit chain; what somebody else changed meanwhile is refused."""
    if not changes:
        return
    outcome.written = await store.put(uow.conn, uow.tenant_id, frame.period, [each for each, _ in changes.values()],
                                      writer, now)
    landed = {each.place.key for each in outcome.written}
    lost = [(key, change, each) for key, (change, each) in changes.items() if key not in landed]
    now_there = await store.of_period(uow.conn, uow.tenant_id, frame.period) if lost else {}
    for key, (place, content, version), each in lost:
        there = now_there[key]
        if there.content == content:  # the same request, at the same time
            outcome.unchanged.append(there)
        else:
            outcome.refuse(each.row, [Stale(kind="figure", value=f"{place.indicator} {place.code}",
                                            expected=version - 1, actual=there.version,
                                            field="expected_version").problem])
    for some in batched(outcome.written, TOLD_AT_ONCE):
        await append(uow.conn, uow.tenant_id, actor=writer.actor, action="figures.enter",
                     subject=f"period:{frame.period}", body={"figures": [told(each) for each in some]}, at=now)


def unseen(place: Place, before: Figure | None, seen: int | None) -> Stale | None:
    """Why the writer must look again: there stands something that they did not see."""
    if before is None or before.content.withdrawn:
        ok = not seen or (before is not None and seen == before.version)
    else:
        ok = seen == before.version
    if ok:
        return None
    return Stale(kind="figure", value=f"{place.indicator} {place.code}", expected=seen or 0,
                 actual=0 if before is None else before.version, field="expected_version")


async def withdraw(uow: UnitOfWork, principal: Principal, period: str, given: FigureInput, reason: str, *,
                   clock: Clock) -> Figure:
    """The figure or waiver no longer stands: the reading is again what the records give."""
    require(principal, "figures:write")
    writer, frame, place = await meant(uow, principal, period, given, reason)
    before = (await store.of_period(uow.conn, uow.tenant_id, period)).get(place.key)
    if before is None or before.content.withdrawn:
        raise NotFound(kind="figure", value=f"{place.indicator} {place.code}", field="indicator")
    if before.content.kind == WAIVER:
        require(principal, "readings:waive")
    was = before.content
    gone = Content(kind=was.kind, numerator=was.numerator, denominator=was.denominator, value=was.value,
                   sample=was.sample, source=was.source, note=reason, withdrawn=True)
    return await one(uow, writer, frame, place, gone, before, given.expected_version, "figure.withdraw", clock())


async def waive(uow: UnitOfWork, principal: Principal, period: str, given: FigureInput, reason: str, *,
                clock: Clock) -> Figure:
    """The reading is set aside with a reason: it counts neither for nor against."""
    require(principal, "readings:waive")
    writer, frame, place = await meant(uow, principal, period, given, reason)
    before = (await store.of_period(uow.conn, uow.tenant_id, period)).get(place.key)
    content = Content(kind=WAIVER, note=reason)
    if before is not None and before.content == content:
        return before
    return await one(uow, writer, frame, place, content, before, given.expected_version, "reading.waive", clock())


async def meant(uow: UnitOfWork, principal: Principal, period: str, given: FigureInput,
                reason: str) -> tuple[Writer, Known, Place]:
    """Who does it, and of which reading, with a reason."""
    wrong = list(text_problems("reason", reason))
    if wrong:
        raise Refused(wrong)
    writer, frame = await writer_of(uow, principal), await known(uow.conn, uow.tenant_id, period)
    placed = frame.place(given, writer)
    if isinstance(placed, Problem):
        raise Refused([placed])
    return writer, frame, placed[0]


async def one(uow: UnitOfWork, writer: Writer, frame: Known, place: Place, content: Content, before: Figure | None,
              seen: int | None, action: str, now: datetime) -> Figure:
    """Write a single change; without a version whatever stands is meant, unless it changes meanwhile."""
    if seen is not None or (before is not None and action == "reading.waive"):
        stale = unseen(place, before, seen)
        if stale is not None:
            raise stale
    version = 1 if before is None else before.version + 1
    written = await store.put(uow.conn, uow.tenant_id, frame.period, [(place, content, version)], writer, now)
    if not written:
        raise Stale(kind="figure", value=place.indicator, expected=version - 1, actual=version,
                    field="expected_version")
    await append(uow.conn, uow.tenant_id, actor=writer.actor, action=action, subject=f"period:{frame.period}",
                 body=told(written[0]), at=now)
    return written[0]


def told(figure: Figure) -> dict[str, object]:
    """A figure as the audit chain keeps it."""
    place, content = figure.place, figure.content
    numbers = {name: decimal_text(value) for name in ("numerator", "denominator", "value")
               if (value := getattr(content, name)) is not None}
    return {"indicator": place.indicator, "kind": place.subject_kind.value, "subject": place.code,
            "what": content.kind, **numbers, "sample": content.sample, "source": content.source,
            "note": content.note, "version": figure.version}
