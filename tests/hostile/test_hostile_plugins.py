"""Plugins that do what a plugin must not: each is answered by its word, the others notice nothing, nothing is left.

The sources stand in ``plugins/``: files that are hostile when they are imported, and a plugin whose functions are. They
run in processes of their own only; this process imports none of them.
"""

import asyncio
import gc
import json
import os
import pickle
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Set
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from meritline.errors import MeritlineError, problem
from meritline.plugins.processes import (
    Batch,
    Declared,
    Failure,
    Isolation,
    Limits,
    Refusal,
    Source,
    Workshop,
    declared_by,
    isolation,
    sources,
)
from meritline.plugins.processes.asking import Outcome, answers
from meritline_sdk import COUNT, Answer, Indicator, Period, PythonMeasure, TenantProfile
from meritline_sdk.evaluate.results import Reading
from meritline_sdk.evaluate.tallies import Taken
from meritline_sdk.running.compute import answer_told

HERE = Path(__file__).parent / "plugins"
FUNCTIONS = Source("functions", "hostile_functions", path=(str(HERE), *filter(None, sys.path)))
guarded = pytest.mark.skipif(sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"),
                             reason="only Linux filters system calls")
MAY = Period(datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC), date(2026, 5, 1), date(2026, 5, 31))
RAISED, DIED, DEADLINE, DIFFERS = "plugin_raised", "plugin_died", "plugin_deadline", "plugin_differs"
TYPE, LARGE, UNIT, SAMPLE, USED = "answer_type", "answer_too_large", "answer_unit", "answer_sample", "answer_used"

# What becomes of subjects whose amounts are 1, 2 and 3: a number, None (not measured) or the word of the failure.
type Word = int | Fraction | str | None
VERDICTS: Mapping[str, Word | tuple[Word, ...]] = {
    "total": (1, 2, 3), "quotient": Fraction(1, 3), "cannot_tell": None, "sees": 1,
    "gives_float": "answer_float", "gives_nan": "answer_not_finite", "gives_float_nan": "answer_float",
    "gives_infinity": "answer_not_finite", "gives_no_value": TYPE, "gives_bool": TYPE, "gives_number": TYPE,
    "gives_text": TYPE, "gives_text_as_value": TYPE, "gives_huge": LARGE, "gives_exponent": LARGE,
    "gives_fine_fraction": LARGE, "gives_subclass": TYPE, "gives_minutes": UNIT, "gives_own_unit": UNIT,
    "uses_strangers": USED, "uses_nonsense": USED, "sample_too_large": SAMPLE, "sample_float": SAMPLE,
    "raises": RAISED, "raises_badly": RAISED, "leaves": RAISED, "recurses": RAISED,
    "ends_itself": (1, DIED, 1), "ends_itself_always": DIED, "signals_itself": DIED, "crashes": DIED,
    "takes_memory": "plugin_memory", "takes_memory_slowly": "plugin_memory", "prints_much": 1,
    "floods": "plugin_flood", "speaks_for_itself": "plugin_flood", "empty_lines": DIED, "answers_for_others": DIED,
    "says_the_end": DIED, "reads_what_is_asked": 0, "reads_the_environment": 0, "imports_late": RAISED,
    "keeps_state": DIFFERS, "keeps_state_elsewhere": DIFFERS, "changes_its_input": (1, 2, 3),
    "changes_its_settings": RAISED, "reads_the_clock": DIFFERS, "reads_now": DIFFERS, "reads_today": DIFFERS,
    "reads_local_time": DIFFERS, "throws_dice": DIFFERS, "orders_a_set": DIFFERS,
}  # fmt: skip
HANGING: Mapping[str, Word] = {"spins": DEADLINE, "spins_in_c": DEADLINE, "spins_deaf": DEADLINE}
REACHING: Mapping[str, Word] = {
    "forks": RAISED, "forks_quietly": 0, "starts_a_program": RAISED, "becomes_a_program": RAISED,
    "starts_threads": RAISED, "ends_its_keeper": RAISED, "signals_its_keeper_by_handle": RAISED,
    "outlives_its_keeper": -1, "raises_its_limits": RAISED, "opens_a_file": RAISED,
    "opens_a_file_on_a_used_number": RAISED, "removes_a_file": RAISED, "opens_a_connection": RAISED,
}  # fmt: skip


@pytest.fixture(scope="module")
def indicators() -> dict[str, Indicator]:
    """The indicators of the plugin of functions, as they come from its process."""
    declared = declared_by([FUNCTIONS])[FUNCTIONS]
    assert isinstance(declared, Declared), declared
    return {one.key: one for one in declared.sets[0].indicators if isinstance(one, Indicator)}


@pytest.fixture(scope="module")
async def workshop() -> AsyncIterator[Workshop]:
    async with Workshop(Limits(memory_bytes=256 << 20)) as one:
        yield one


def taken(amount: int) -> Taken:
    done = datetime(2026, 5, 3, 10, tzinfo=UTC)
    return f"shop/W-{amount}", (amount, done, timedelta(seconds=90), date(2026, 5, 3), True, '中\n\u2028"',
                                Decimal("1.50"), None)


def batch(indicator: Indicator, subjects: int = 3) -> Batch:
    """Subjects with one row each, whose amounts are 1, 2, 3 and so on."""
    assert isinstance(indicator.measure, PythonMeasure)
    return Batch(FUNCTIONS, indicator.measure, COUNT, {"limit": 7200 * 10**6}, MAY,
                 tuple((f"e{amount}", (taken(amount),)) for amount in range(1, subjects + 1)))


def word(one: Outcome) -> Word:
    return one.reason if isinstance(one, Failure) else one.value


def words(found: Mapping[str, Outcome]) -> tuple[Word, ...]:
    return tuple(word(found[name]) for name in sorted(found))


def every(verdict: Word | tuple[Word, ...]) -> tuple[Word, ...]:
    return verdict if isinstance(verdict, tuple) else (verdict,) * 3


def test_each_function_has_its_verdict(indicators: Mapping[str, Indicator]) -> None:
    assert set(indicators) == {"sleeps"} | set(VERDICTS) | set(HANGING) | set(REACHING)


@pytest.mark.parametrize("name", VERDICTS)
async def test_a_function_is_answered_by_its_word(name: str, workshop: Workshop,
                                                  indicators: Mapping[str, Indicator]) -> None:
    found = await workshop.ask(batch(indicators[name]))
    assert words(found) == every(VERDICTS[name]), found


@guarded
@pytest.mark.parametrize("name", REACHING)
async def test_a_function_reaches_nothing(name: str, workshop: Workshop, indicators: Mapping[str, Indicator]) -> None:
    found = await workshop.ask(batch(indicators[name]))
    assert words(found) == every(REACHING[name]), found


async def test_only_the_subject_that_hangs_fails(indicators: Mapping[str, Indicator]) -> None:
    async with Workshop(Limits(silence_s=2)) as workshop:
        assert words(await workshop.ask(batch(indicators["sleeps"]))) == (1, DEADLINE, 1)


async def test_what_an_exception_says_of_people_stays_there(workshop: Workshop,
                                                            indicators: Mapping[str, Indicator]) -> None:
    found = (await workshop.ask(batch(indicators["raises"])))["e1"]
    assert isinstance(found, Failure)
    assert found.told.startswith("hostile_functions.endings:")
    assert found.told.endswith(": ValueError")


async def test_a_function_reads_as_it_said(workshop: Workshop, indicators: Mapping[str, Indicator]) -> None:
    found = (await workshop.ask(batch(indicators["quotient"])))["e1"]
    assert not isinstance(found, Failure)
    assert (found.value, found.numerator, found.denominator, found.sample) == (
        Fraction(1, 3), Fraction(3, 2), Fraction(9, 2), 1)


def test_a_function_may_name_very_many_rows(indicators: Mapping[str, Indicator]) -> None:
    """Whoever says which rows it used is no flood, however many these are; a row that is none is no answer."""
    ids = [f"shop/W-{number}" for number in range(200_003)]
    asked = replace(batch(indicators["total"]), subjects=(("crew", tuple((one, ()) for one in ids)),))
    line = json.dumps([0, *answer_told(Answer(1, COUNT, used=tuple(ids[::2])), ids)])
    found, _, whole = answers(f"{line}\nend\n".encode(), asked, frozenset({0}))
    assert whole
    assert found[0] == Reading("measured", Fraction(1), sample=100_002)
    with pytest.raises(ValueError, match="a row that is none"):
        answers(line.replace('05"}', '15"}').encode() + b"\n", asked, frozenset({0}))


async def test_a_changed_or_absent_function_is_told_of(workshop: Workshop, tmp_path: Path,
                                                       indicators: Mapping[str, Indicator]) -> None:
    """The module's text is compared with what the declaration names, in the process that is about to run it."""
    asked = batch(indicators["total"])
    shutil.copytree(HERE, tmp_path / "plugins")
    moved = tmp_path / "plugins" / "hostile_functions" / "good.py"
    there = Source("moved", "hostile_functions", path=(str(tmp_path / "plugins"), *filter(None, sys.path)))

    async def reasons() -> set[Word]:
        return set(words(await workshop.ask(Batch(there, asked.measure, COUNT, {}, MAY, asked.subjects))))

    assert await reasons() == {1, 2, 3}
    moved.write_text(moved.read_text("utf-8") + "\n# a change\n", "utf-8")
    assert await reasons() == {"plugin_changed"}
    moved.unlink()
    assert await reasons() == {RAISED}  # its package cannot be imported any more
    shutil.rmtree(tmp_path / "plugins")
    assert await reasons() == {"plugin_missing"}


@guarded
async def test_while_all_of_them_run_others_are_answered_and_the_loop_turns(
        indicators: Mapping[str, Indicator]) -> None:
    """The lag that counts is ours: processor time that this process spends between two turns of its loop. What a busy
    machine adds is none of it; what blocks the loop, or a thread that keeps the interpreter to itself, is. What other
    tests left in memory is no server's, so the collector of garbage does not walk through it meanwhile.
    """
    gc.collect()
    gc.freeze()
    hostile = [batch(indicators[name], 1 if name in HANGING else 3)
               for name in (*VERDICTS, *REACHING, *HANGING, "sleeps")]
    good = batch(indicators["total"], 2_000)
    worst, running = 0.0, True

    async def turn() -> None:
        nonlocal worst
        while running:
            began, spent = time.perf_counter(), time.process_time()
            await asyncio.sleep(0.005)
            worst = max(worst, min(time.perf_counter() - began, time.process_time() - spent))

    async def go_on(workshop: Workshop) -> int:
        rounds = 0
        while running:
            found = await workshop.ask(Batch(OTHER, good.measure, COUNT, {}, MAY, good.subjects))
            assert words(found) == tuple(sorted(range(1, 2_001), key=lambda one: f"e{one}"))
            rounds += 1
        return rounds

    async with Workshop(Limits(silence_s=10, memory_bytes=256 << 20), per_plugin=3) as workshop:
        beside = asyncio.gather(turn(), go_on(workshop))
        found = await asyncio.gather(*map(workshop.ask, hostile))
        running = False
        assert (await beside)[1] > 1
    expected = [*map(every, VERDICTS.values()), *map(every, REACHING.values()), *((one,) for one in HANGING.values()),
                (1, DEADLINE, 1)]
    gc.unfreeze()
    assert [words(one) for one in found] == expected
    assert worst < 0.1


@guarded
async def test_closing_leaves_nothing_behind(indicators: Mapping[str, Indicator]) -> None:
    workshop, before = Workshop(), kept_by(os.getpid())
    asked = [asyncio.create_task(workshop.ask(batch(indicators[name], 1))) for name in ("total", "spins")]
    await asked[0]
    assert len(kept_by(os.getpid()) - before) >= 2
    await workshop.close()
    assert await gone(os.getpid(), before)
    assert words(await asked[1]) == (DIED,)  # whoever waits is told
    assert words(await workshop.ask(batch(indicators["total"], 1))) == (DIED,)
    assert await gone(os.getpid(), before)


@guarded
async def test_what_a_child_leaves_behind_ends_with_it(monkeypatch: pytest.MonkeyPatch,
                                                       indicators: Mapping[str, Indicator]) -> None:
    """Where nothing filters system calls a function may fork: its children hold the pipe of its answer, for an hour."""
    open_doors = "from meritline_sdk.running import child, compute; child.stand = compute.stand = lambda steps: False"
    before = kept_by(os.getpid())
    monkeypatch.setattr(sources, "BEGIN", sources.BEGIN.replace("; main(", f"; {open_doors}; main("))
    async with Workshop(Limits(deadline_s=3600, silence_s=3600)) as workshop:
        asked = workshop.ask(batch(indicators["forks_quietly"], 1))
        found = words(await asyncio.wait_for(asked, 120))  # its end is told by the system, not by its pipe
        assert found in ((20,), (0,))  # an ordinary user may start no process
        assert await gone(os.getpid(), before, but=2)  # the keepers stay, what the child left is being ended
    assert await gone(os.getpid(), before)


SERVER = """
import asyncio, pickle, sys
from meritline.plugins.processes import Workshop
async def serve():
    async with Workshop() as workshop:
        asked = [asyncio.create_task(workshop.ask(one)) for one in pickle.load(sys.stdin.buffer)]
        await asked[0]
        print("asked", flush=True)
        await asked[1]
asyncio.run(serve())
"""


@guarded
async def test_nothing_outlives_a_server_that_is_killed(indicators: Mapping[str, Indicator]) -> None:
    questions = [batch(indicators[name], 1) for name in ("total", "spins_deaf")]
    server = await asyncio.create_subprocess_exec(sys.executable, "-c", SERVER, stdin=subprocess.PIPE,
                                                  stdout=subprocess.PIPE)
    assert server.stdin
    assert server.stdout
    server.stdin.write(pickle.dumps(questions))
    server.stdin.write_eof()
    assert await server.stdout.readline() == b"asked\n"
    assert len(kept_by(server.pid)) >= 2
    server.kill()
    await server.wait()
    assert await gone(server.pid)


async def test_who_gives_up_asking_disturbs_nobody(indicators: Mapping[str, Indicator]) -> None:
    """A question may be given up at any moment, also while it is being written: half a message is nobody's."""
    large = batch(indicators["total"], 30_000)
    async with Workshop() as workshop:
        for wait in (0.0, 0.2, 0.6):
            asked = asyncio.create_task(workshop.ask(large))
            await asyncio.sleep(wait)
            asked.cancel()
            assert words(await workshop.ask(batch(indicators["total"]))) == (1, 2, 3)

        def given_up() -> Iterator[bytes]:
            yield b"1" * (1 << 20)
            asking.cancel()
            yield b"1" * (1 << 20)

        head, process = {"do": "compute", "deadline_s": 60.0}, workshop.keepers[0].process
        assert process
        asking = asyncio.create_task(workshop.keepers[0].ask(head, given_up(), 1 << 21))
        with pytest.raises(asyncio.CancelledError):
            await asking
        await asyncio.wait_for(process.wait(), 30)  # another keeper takes its place
        assert words(await workshop.ask(batch(indicators["total"]))) == (1, 2, 3)


@guarded
async def test_a_keeper_that_is_killed_is_replaced_and_takes_its_children_along(
        indicators: Mapping[str, Indicator]) -> None:
    before = kept_by(os.getpid())
    async with Workshop() as workshop:
        waiting = asyncio.create_task(workshop.ask(batch(indicators["spins"], 1)))
        for _ in range(600):
            if len(first := kept_by(os.getpid()) - before) == 4:
                break
            await asyncio.sleep(0.05)
        for one in workshop.keepers:
            assert one.process
            one.process.kill()
        assert words(await workshop.ask(batch(indicators["total"]))) == (1, 2, 3)
        for _ in range(60):
            if not kept_by(os.getpid()) & first:
                break
            await asyncio.sleep(0.1)
        assert not kept_by(os.getpid()) & first
        waiting.cancel()


def kept_by(parent: int) -> set[str]:
    """The keepers and children of a server, by their numbers."""
    mark, found = f'"parent": {parent},'.encode(), set[str]()
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if mark in one.read_bytes() and b"State:\tZ" not in one.with_name("status").read_bytes():
                found.add(one.parent.name)
    return found


async def gone(parent: int, before: Set[str] = frozenset(), *, but: int = 0) -> bool:
    """Whether all but those that were there before end, and so many; that takes a moment, and a busy machine more."""
    for _ in range(300):
        if len(kept_by(parent) - before) == but:
            return True
        await asyncio.sleep(0.1)
    return False


FITTING = Source("fitting", "fitting", file=HERE / "fitting.py")


async def test_a_plugin_that_fits_companies_is_asked_like_any_other() -> None:
    async with Workshop(Limits(silence_s=8)) as workshop:

        async def fitted(country: str) -> str:
            try:
                return ", ".join(one.set for one in await workshop.defaults(FITTING, profile_of(country)))
            except MeritlineError as wrong:
                return wrong.problem.text()

        good, *bad = await asyncio.gather(*map(fitted, ("CN", "AA", "BB", "CC", "DD", "EE", "FF")))
    assert good == "fitting"
    expected = ("fitting:20: ValueError: no such country", "two answers for the same company",
                "gave a IndicatorSet among what should be TenantDefaults", "(E-PLUGIN-HANGS)", "exit 0",
                "(E-PLUGIN-MEMORY)")
    for told, part in zip(bad, expected, strict=True):
        assert part in told


def profile_of(country: str) -> TenantProfile:
    return TenantProfile(country=country, currency="CNY", size=3)


OTHER = Source("another", "hostile_functions", path=FUNCTIONS.path)

# What becomes of a plugin that is hostile when it is imported or asked what it declares.
REFUSED = {
    "raises": ("E-PLUGIN-IMPORT", "raises:1: RuntimeError: not today"),
    "leaves": ("E-PLUGIN-IMPORT", "leaves:3: SystemExit: 0"),
    "ends_itself": ("E-PLUGIN-DIED", "exit 0"),
    "signals_itself": ("E-PLUGIN-DIED", "SIGKILL"),
    "sleeps": ("E-PLUGIN-HANGS", None), "spins_in_c": ("E-PLUGIN-HANGS", None),
    "hangs_in_its_hook": ("E-PLUGIN-HANGS", None), "takes_memory": ("E-PLUGIN-MEMORY", None),
    "floods_its_pipe": ("E-PLUGIN-FLOOD", None), "says_the_end": ("E-PLUGIN-DECLARES", "ValueError"),
    "says_another_type": ("E-PLUGIN-DECLARES", "TypeError: a Text among its IndicatorSets"),
    "forges_a_refusal": ("E-PLUGIN-DECLARES", "ValueError"), "refuses_at_length": ("E-PLUGIN-IMPORT", "?" * 300),
    "misspells_a_hook": ("E-PLUGIN-HOOK", None), "has_no_hook": ("E-PLUGIN-EMPTY", None),
    "is_async": ("E-PLUGIN-DECLARES", "TypeError: indicator_sets is async"),
    "gives_nonsense": ("E-PLUGIN-DECLARES", "TypeError: indicator_sets gave a str among"),
}  # fmt: skip
GUARDED = {
    "forks": "PermissionError", "starts_a_program": "PermissionError", "starts_a_thread": "RuntimeError: can't start",
    "opens_a_connection": "PermissionError", "writes_a_file": "PermissionError", "removes_itself": "PermissionError",
    "ends_its_keeper": "PermissionError", "reads_its_keepers_pipe": "PermissionError",
    "reads_the_servers_environment": "PermissionError",
}  # fmt: skip
BEARABLE = ("prints_much", "forks_quietly", "looks_around")


@guarded
def test_a_plugin_that_is_hostile_when_imported_is_refused_alone(tmp_path: Path) -> None:
    shutil.copytree(HERE / "importing", tmp_path / "plugins")
    files = sorted((tmp_path / "plugins").glob("*.py"))
    sources = {one.stem: Source(one.stem, one.stem, file=one) for one in files}
    assert set(sources) == {*REFUSED, *GUARDED, *BEARABLE}
    found = declared_by([*sources.values(), FUNCTIONS], deadline_s=8)
    for name, (code, told) in REFUSED.items():
        refusal = found[sources[name]]
        assert isinstance(refusal, Refusal), name
        assert refusal.code == code, (name, refusal)
        assert told is None or told in refusal.params["reason"], (name, refusal)
        assert len(problem(refusal.code, plugin=name, **refusal.params).text()) < 2000
    for name, told in GUARDED.items():
        refusal = found[sources[name]]
        assert isinstance(refusal, Refusal), name
        assert refusal.code == "E-PLUGIN-IMPORT"
        assert told in refusal.params["reason"], (name, refusal)
    for name in BEARABLE:
        assert isinstance(found[sources[name]], Declared), found[sources[name]]
    looker = found[sources["looks_around"]]
    assert isinstance(looker, Declared)
    assert "nothing and nothing" in looker.sets[0].title.en
    assert isinstance(found[FUNCTIONS], Declared)
    assert sorted((tmp_path / "plugins").glob("*")) == files  # nothing written, nothing removed


@guarded
def test_an_operator_is_told_what_stands() -> None:
    assert isolation() == Isolation(asked=True, filtered=True, known=True, refused=(), ends_with_server=True)
