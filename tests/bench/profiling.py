"""Where the time goes: the top consumers of a profile in one line. Only ``--profile`` needs it.

A profile slows the profiled, small functions more than large ones; read it as an order, not as milliseconds.
"""

import asyncio
import cProfile
import pstats
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from tests.bench.stage import Stage

WAITING: Final = re.compile(r"run_until_complete|run_forever|'poll'|'select'|epoll|SimpleQueue|acquire|^wait$")
PACKAGE: Final = re.compile(r".*/(?:site-packages|python3\.\d+)/([^/]+?)(?:\.py|/|$)")
OWN: Final = re.compile(r".*/(meritline|meritline_sdk)/(.+)\.py$")
LONGEST: Final = """
select round(100 * total_exec_time / sum(total_exec_time) over ()) || '% ' || calls || ' calls of '
  || round(mean_exec_time::numeric, 3) || ' ms: ' || left(regexp_replace(query, '\\s+', ' ', 'g'), 90)
from pg_stat_statements where query !~ 'pg_stat_statements|typeinfo_tree' order by total_exec_time desc limit :most;
"""
WATCHER: Final = "meritline/local/"
MOST: Final = 6


def told(stats: pstats.Stats) -> str:
    """Shares of processor time by module, and the functions that take most."""
    modules: Counter[str] = Counter()
    functions: Counter[str] = Counter()
    for (file, _, name), (_, _, own, _, _) in stats.stats.items():  # type: ignore[attr-defined]
        if not WAITING.search(name) and WATCHER not in file:
            where = module(file, name)
            modules[where] += own
            functions[name if file == "~" else f"{where}:{name}"] += own
    whole = sum(modules.values()) or 1
    return f"by module {shares(modules, whole)}; by function {shares(functions, whole)}"


def shares(of: Counter[str], whole: float) -> str:
    """The largest, as shares."""
    return ", ".join(f"{name} {100 * each / whole:.0f}%" for name, each in of.most_common(MOST))


def module(file: str, name: str) -> str:
    """How a file is called here: by package, and our own by module."""
    if file == "~":
        return "built in"
    if found := OWN.match(file):
        return f"{found[1]}/{found[2]}"
    found = PACKAGE.match(file)
    return found[1] if found else Path(file).stem


async def of_work(work: Callable[[], Awaitable[Any]]) -> str:
    """The profile of something done in this process."""
    profile = cProfile.Profile(time.process_time)
    profile.enable()
    try:
        await work()
    finally:
        profile.disable()
    await asyncio.sleep(0)
    return told(pstats.Stats(profile))


def of_file(path: Path) -> str:
    """The profile that a process left."""
    return told(pstats.Stats(str(path)))


def statements(stage: Stage, most: int = 3) -> str:
    """The statements that took Postgres longest since ``forget_statements``."""
    assert stage.services.postgres is not None
    rows = stage.services.postgres.sql(LONGEST, most=str(most))
    return "; ".join(rows.strip().splitlines())


def forget_statements(stage: Stage) -> None:
    """Begin to count anew."""
    assert stage.services.postgres is not None
    stage.services.postgres.sql("create extension if not exists pg_stat_statements;"
                                "select from pg_stat_statements_reset();")  # fmt: skip
