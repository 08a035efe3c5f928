"""Where Python functions of plugins are asked. Decides pieces, turns, second opinions and what a dead child means.

Every piece is asked of two keepers: the second runs with its clock ahead, in another zone, with another order of sets,
and takes the subjects from the other end. What is a function of the records alone answers the same.
"""

import asyncio
import os
import signal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Final, Self

from meritline.errors import MeritlineError
from meritline.plugins.processes.asking import (
    DEADLINE,
    DIED,
    FLOOD,
    MEMORY,
    Batch,
    Failure,
    Limits,
    Outcome,
    TooLong,
    answers,
    differing,
    head_of,
    rows_told,
)  # fmt: skip
from meritline.plugins.processes.declaring import Refusal, ending, said_in
from meritline.plugins.processes.keepers import SLICE, Keeper, KeeperGone
from meritline.plugins.processes.sources import Source
from meritline_sdk.model.canonical import canonical
from meritline_sdk.model.profiles import TenantProfile
from meritline_sdk.model.sets import TenantDefaults
from meritline_sdk.running.frames import FrameError

PIECE_BYTES: Final = 4 << 20
PIECE_SUBJECTS: Final = 2000
RETRIES: Final = 3
"""How many subjects of a piece may end their process before the rest is given up."""
type Told = tuple[int, tuple[bytes, ...]]


class Workshop:
    """Keepers, started by the first question and ended by ``async with``."""

    def __init__(self, limits: Limits | None = None, *, at_once: int | None = None, per_plugin: int = 2) -> None:
        self.limits = limits or Limits()
        self.keepers = (Keeper(moved=False), Keeper(moved=True))
        self.turns = asyncio.Semaphore(at_once or max(4, 2 * (os.cpu_count() or 1)))
        self.per_plugin, self.own = per_plugin, dict[Source, asyncio.Semaphore]()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, wrong: BaseException | None,
                        trace: TracebackType | None) -> None:
        await self.close()

    async def close(self) -> None:
        """End all processes."""
        await asyncio.gather(*(one.close() for one in self.keepers))

    async def ask(self, batch: Batch) -> dict[str, Outcome]:
        """A reading or a failure for each subject; it never raises for what a plugin does."""
        pieces = await asyncio.to_thread(pieces_of, batch)
        found: dict[int, Outcome] = {}
        for each in await asyncio.gather(*(self.piece(batch, piece) for piece in pieces)):
            found.update(each)
        return {name: found[number] for number, (name, _) in enumerate(batch.subjects)}

    async def piece(self, batch: Batch, piece: Sequence[Told]) -> dict[int, Outcome]:
        """What both keepers' children say of some subjects."""
        async with self.own.setdefault(batch.source, asyncio.Semaphore(self.per_plugin)), self.turns:
            here, ahead = self.keepers
            first, second = await asyncio.gather(self.answered(here, batch, piece),
                                                 self.answered(ahead, batch, turned_round(piece)))
        return {number: differing(first[number], second[number]) for number, _ in piece}

    async def answered(self, keeper: Keeper, batch: Batch, left: Sequence[Told]) -> dict[int, Outcome]:
        """What one keeper's children say. A subject that ends its process fails; the others get another process."""
        found: dict[int, Outcome] = {}
        strikes = 0
        while left:
            strikes += 1
            try:
                more, why = await self.child(keeper, batch, left)
            except KeeperGone as wrong:
                if strikes < RETRIES:  # no fault of this subject
                    continue
                more, why = {}, Failure(DIED, str(wrong))
            found.update(more)
            left = [one for one in left if one[0] not in found]
            gone = left[:1] if why and why.reason in (DIED, FLOOD, DEADLINE) and strikes < RETRIES else left
            found.update({number: why or Failure(DIED, "no answer") for number, _ in gone})
            left = left[len(gone):]
        return found

    async def child(self, keeper: Keeper, batch: Batch, left: Sequence[Told]) -> tuple[
            dict[int, Outcome], Failure | None]:
        """What one child says, and why it says no more."""
        numbers = [number for number, _ in left]
        sizes = [sum(map(len, each)) for _, each in left]
        limits = self.limits.reading(max(sizes), sum(sizes))
        blocks = [block for _, each in left for block in each]
        try:
            ended, body = await keeper.ask(head_of(batch, numbers) | limits.plain(), blocks, sum(sizes))
            found, why, whole = await asyncio.to_thread(answers, body, batch, frozenset(numbers))
        except FrameError as wrong:
            return {}, Failure(MEMORY, str(wrong))
        except ValueError as wrong:
            return {}, Failure(FLOOD if isinstance(wrong, TooLong) else DIED, str(wrong))
        return found, why or (None if whole else end_of(ended, limits))

    async def defaults(self, source: Source, profile: TenantProfile) -> tuple[TenantDefaults, ...]:
        """What the plugin proposes for a company; raises ``MeritlineError`` where it fails or cannot decide."""
        body = canonical(profile).encode()
        head = {"do": "defaults", "source": source.plain()} | self.limits.plain()
        async with self.own.setdefault(source, asyncio.Semaphore(self.per_plugin)), self.turns:
            try:
                both = await asyncio.gather(*(one.ask(head, [body], len(body)) for one in self.keepers))
            except KeeperGone as wrong:
                raise MeritlineError("E-PLUGIN-DIED", plugin=source.label, reason=wrong) from wrong
        first, second = [await asyncio.to_thread(said_in, ended, said, TenantDefaults, self.limits)
                         for ended, said in both]
        if isinstance(first, Refusal):
            raise MeritlineError(first.code, plugin=source.label, **first.params)
        if first != second:
            raise MeritlineError("E-PLUGIN-DECLARES", plugin=source.label,
                                 reason="tenant_defaults gave two answers for the same company")
        return first[0]


def end_of(ended: Mapping[str, Any], limits: Limits) -> Failure:
    """Why a child did not come to its end."""
    if ended["ended"] == "deadline" or ended["status"] == -signal.SIGXCPU:
        return Failure(DEADLINE, f"{limits.silence_s:.0f} s / {limits.deadline_s:.0f} s")
    if ended["ended"] == "flood":
        return Failure(FLOOD, f"> {limits.answer_bytes >> 20} MB")
    return Failure(DIED, ending(ended["status"]))


def turned_round(piece: Sequence[Told]) -> list[Told]:
    """The subjects from the other end, none in its old place: whoever remembers earlier ones answers differently."""
    turned, middle = list(piece[::-1]), len(piece) // 2
    if len(piece) % 2 and middle:
        turned[middle - 1:middle + 1] = turned[middle], turned[middle - 1]
    return turned


def pieces_of(batch: Batch) -> list[list[Told]]:
    """The subjects with their rows as text, in pieces that a child answers in one go."""
    pieces: list[list[Told]] = [[]]
    size = 0
    for number, (_, taken) in enumerate(batch.subjects):
        blocks = tuple(joined(rows_told(taken)))
        length = sum(map(len, blocks))
        if pieces[-1] and (size + length > PIECE_BYTES or len(pieces[-1]) >= PIECE_SUBJECTS):
            pieces.append([])
            size = 0
        pieces[-1].append((number, blocks))
        size += length
    return [piece for piece in pieces if piece]


def joined(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines in blocks that can be written at once."""
    held: list[bytes] = []
    size = 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size >= SLICE:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)
