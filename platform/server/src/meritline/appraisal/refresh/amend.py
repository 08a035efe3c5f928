"""Scores people again and writes what differs: cards and lines, then places, then rewards."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from uuid import UUID

from meritline.appraisal.refresh import store
from meritline.appraisal.refresh.frame import Amending, AmendRewards, Refreshed, Unmoved
from meritline.appraisal.refresh.reach import looks_at_places
from meritline.appraisal.refresh.seats import Seat, Seats, standing
from meritline.appraisal.refresh.seats import seats as seats_of
from meritline.appraisal.refresh.standing import NeedsRun
from meritline.appraisal.refresh.sums import exchanged
from meritline.appraisal.run.rows import card_bytes, line_bytes
from meritline.appraisal.run.scoring import Appraisal
from meritline.appraisal.run.seen import APART
from meritline.appraisal.run.snapshot import Basis, Snapshot, read_on


async def amend(at: Amending, basis: Basis, snapshot: Snapshot, done: Refreshed, rewards: AmendRewards,
                seats: Seats | None, *, everybody: bool) -> None:
    """Bring everything of the run up to date for those whom the snapshot appraises; ``seats`` if theirs are known."""
    if seats is None:
        some = None if everybody else {who.id for each in snapshot.appraisals for who in each.people}
        seats = await seats_of(at.conn, at.tenant_id, at.run.id, some)
    concerned = [appraisal for appraisal in snapshot.appraisals if appraisal.people]
    at = replace(at, at_once=at.at_once and len(concerned) == 1)
    for appraisal in concerned:
        await amend_scheme(at, basis, snapshot, appraisal, seats.get(appraisal.chosen.scheme.key, {}), done, rewards,
                           everybody=everybody)


async def amend_scheme(at: Amending, basis: Basis, snapshot: Snapshot, appraisal: Appraisal,
                       seats: Mapping[UUID, Seat], done: Refreshed, rewards: AmendRewards, *, everybody: bool) -> None:
    """Bring one scheme up to date."""
    chosen, key = appraisal.chosen, appraisal.chosen.scheme.key
    if {who.id for who in appraisal.people} - seats.keys():
        raise NeedsRun("E-REFRESH-PEOPLE", field="scheme", value=key, period=at.cycle.period)
    appraisal.read_portion(appraisal.people, appraisal.declarations)
    if appraisal.reader.failures:
        raise NeedsRun("E-REFRESH-FAILED", field="indicator", value=min(appraisal.reader.failures)[0],
                       period=at.cycle.period)
    if not everybody:
        # Of a record all people are marked that it names, whoever's it counts as. Of whose records the same was found
        # as before, has the card that he had, and what was read of him stands there.
        appraisal.people = tuple(who for who in appraisal.people
                                 if seats[who.id].read != appraisal.tallied[who.subject])
    if not appraisal.people:
        return
    score(snapshot, appraisal)
    placing = looks_at_places(chosen)
    if at.at_once and not placing and unmoved(appraisal, seats):
        await amend_unmoved(at, basis, snapshot, appraisal, seats, done, rewards)
        return
    before = await store.shared(at.conn, at.tenant_id, at.run.id, key) if placing else {}
    cards = {who.subject: seats[who.id].card for who in appraisal.people}
    rows, _ = card_bytes(appraisal, appraisal.people, cards, at.cycle.period)
    written = await store.write(at.conn, at.tenant_id, at.run.id, key, rows,
                                line_bytes(appraisal, appraisal.people, cards), cards.values(),
                                list(readings(basis, appraisal)))
    if written is None:
        raise NeedsRun("E-REFRESH-PEOPLE", field="scheme", value=key, period=at.cycle.period)
    done.cards, done.lines = done.cards + written.cards, done.lines + written.lines
    done.results, done.inputs = done.results + written.results, done.inputs + written.inputs
    others: dict[UUID, UUID] = {}
    if written.moves:
        others, exchange = await store.place(at.conn, at.tenant_id, at.run.id, key)
        done.results, done.places = done.results + exchange, done.places + len(others)
    if chosen.reward is None:
        return
    shared = await store.shared(at.conn, at.tenant_id, at.run.id, key) if placing else {}
    if written.moves:
        seats = await standing(at.conn, at.tenant_id, cards.values())
    await reward(at, snapshot, appraisal, seats, shared, rewards, done)
    if placing and written.moves:
        differing = [rank for rank in before.keys() | shared.keys() if before.get(rank) != shared.get(rank)]
        others |= await store.at_places(at.conn, at.tenant_id, at.run.id, key, differing)
        await reward_others(at, basis, key, {who: others[who] for who in others.keys() - cards_of(appraisal)}, shared,
                            rewards, done)


def unmoved(appraisal: Appraisal, seats: Mapping[UUID, Seat]) -> bool:
    """Whether everybody has the score that he had, and takes a place if he took one."""
    return all((seats[who.id].score, seats[who.id].ranked)
               == (appraisal.results[who.subject].score, appraisal.places[who.subject].ranked)
               for who in appraisal.people)


async def amend_unmoved(at: Amending, basis: Basis, snapshot: Snapshot, appraisal: Appraisal,
                        seats: Mapping[UUID, Seat], done: Refreshed, rewards: AmendRewards) -> None:
    """Bring the scheme up to date where nobody's place changes: what is written then is known before it is written."""
    if appraisal.chosen.reward is None:
        seat(appraisal, seats, {})
    else:
        await reward(at, snapshot, appraisal, seats, {}, rewards, done)
    mine = [seats[who.id] for who in appraisal.people]
    cards = {who.subject: was.card for who, was in zip(appraisal.people, mine, strict=True)}
    rows, digests = card_bytes(appraisal, appraisal.people, cards, at.cycle.period)
    done.unmoved = Unmoved(appraisal.chosen.scheme.key, list(cards.values()), digests, rows,
                           line_bytes(appraisal, appraisal.people, cards), list(readings(basis, appraisal)))
    done.cards += len(mine)
    done.results += exchanged((was.digest, digest) for was, digest in zip(mine, digests, strict=True))
    done.inputs += exchanged((was.read, appraisal.tallied[who.subject])
                             for who, was in zip(appraisal.people, mine, strict=True))


async def reward_others(at: Amending, basis: Basis, key: str, others: Mapping[UUID, UUID], shared: Mapping[int, int],
                        rewards: AmendRewards, done: Refreshed) -> None:
    """The rewards of those whose own records did not change, but whose place or company in it did."""
    if not others:
        return
    theirs = await read_on(at.conn, basis, at.known_at, frozenset(others))
    for each in theirs.appraisals:
        if each.chosen.scheme.key == key:
            each.read_portion(each.people, each.declarations)
            score(theirs, each)
            seats = await standing(at.conn, at.tenant_id, [others[who.id] for who in each.people])
            await reward(at, theirs, each, seats, shared, rewards, done)


def cards_of(appraisal: Appraisal) -> set[UUID]:
    """Whose cards were looked at."""
    return {who.id for who in appraisal.people}


async def reward(at: Amending, snapshot: Snapshot, appraisal: Appraisal, seats: Mapping[UUID, Seat],
                 shared: Mapping[int, int], rewards: AmendRewards, done: Refreshed) -> None:
    """The rewards of those who are appraised again, in the places that everybody has now."""
    seat(appraisal, seats, shared)
    mine = {who.id: seats[who.id].card for who in appraisal.people}
    differing = await rewards(at, snapshot, appraisal, mine)
    done.results, done.rewards = done.results + exchanged(differing), done.rewards + len(differing)


def seat(appraisal: Appraisal, seats: Mapping[UUID, Seat], shared: Mapping[int, int]) -> None:
    """Give those who are appraised again the places that they have among everybody."""
    for who in appraisal.people:
        mine = seats[who.id]
        appraisal.places[who.subject] = replace(appraisal.places[who.subject], rank=mine.place, among=mine.among,
                                                shared=0 if mine.place is None else shared.get(mine.place, 0))


def score(snapshot: Snapshot, appraisal: Appraisal) -> None:
    """Score everybody in it who was read. The places are those among themselves: only whether there is one counts."""
    appraisal.score_read(appraisal.people, snapshot.earlier.shares.get(appraisal.chosen.scheme.key))
    appraisal.rank_all()


def readings(basis: Basis, appraisal: Appraisal) -> Iterator[tuple[int, str]]:
    """What was read of each, with the place among all people of the scheme: a line for each reading."""
    places = basis.places[appraisal.chosen.scheme.key]
    for who in appraisal.people:
        lines = (APART.join((*need, cell.seen)) for need, cell in
                 zip(appraisal.wanted, appraisal.cells[who.subject], strict=True))
        yield places[who.id], "\n".join(lines)
