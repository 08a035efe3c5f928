"""``meritline doctor``: what is wrong with an installation, and what to do. It changes nothing."""

import argparse
import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from meritline.cli.examined import Finding
    from meritline.settings import Settings

NAME = "doctor"
HELP = "examine settings, database, queue, plugins and jobs; exit 1 where something is wrong"
NEEDS_PLATFORM = False
MARKS = {"ok": "ok     ", "warning": "WARNING", "wrong": "WRONG  "}


def configure(parser: argparse.ArgumentParser) -> None:
    """One option."""
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace, _: None) -> int:
    """Look at everything, and tell each thing as it is found."""
    import asyncio

    from meritline.messages import language_of

    language = language_of((args.lang or "").replace(".", ","))
    found = asyncio.run(all_of(None if args.json else lambda one: tell(one, language)))
    wrong = any(one.state == "wrong" for one in found)
    if args.json:
        told = [{"check": one.check, "state": one.state, "note": one.note,
                 "problems": [each.as_dict(language) for each in one.problems]} for one in found]  # fmt: skip
        print(json.dumps({"ok": not wrong, "checks": told}, ensure_ascii=False))
    elif not wrong:
        print("nothing is wrong." if language == "en" else "没有发现问题。")
    return int(wrong)


def tell(one: "Finding", language: Any) -> None:
    """One thing, for people."""
    print(f"{MARKS[one.state]}  {one.check:<18}  {one.note if one.state == 'ok' else ''}".rstrip(), flush=True)
    for each in one.problems:
        print(f"    {each.text(language)}")


async def all_of(tell: Any = None) -> "list[Finding]":
    """All findings."""
    from meritline import logs
    from meritline.cli.examined import process

    logs.set_up("text", "error")  # what is wrong is told here, and once
    found: list[Finding] = []

    def note(one: "Finding") -> None:
        found.append(one)
        if tell is not None:
            tell(one)

    settings, finding = process.settings(os.environ)
    note(finding)
    for each in process.folders(settings):
        note(each)
    if settings is not None:
        await of_services(settings, note)
    return found


async def of_services(settings: "Settings", note: Any) -> None:
    """The database, what it knows of the plugins, the queue and the jobs."""
    import asyncio

    from meritline.cli.examined import Finding, database, process, work
    from meritline.cli.plugins_known import address
    from meritline.db import Database
    from meritline.db.pools import open_pool
    from meritline.errors import MeritlineError, problem
    from meritline.plugins import load_for
    from meritline.records.installed import wrong_with

    loaded = await asyncio.to_thread(load_for, settings)
    url, redis = address(settings), queue_of(settings)
    note(await work.queue(redis) if redis else Finding("queue", (problem("E-DOCTOR-NO-DATABASE"),)))
    if url is None:
        note(Finding("database", (problem("E-DOCTOR-NO-DATABASE"),)))
        note(process.plugins(loaded.catalogue()))
        return
    try:
        # Not ``Database.open``: it refuses what is to be examined.
        async with Database(await open_pool(url, max_size=2, connect_timeout=5)) as opened:
            sound = True
            async for each in database.examined(opened, database.system_clock):
                note(each)
                sound = sound and (each.state == "ok" or each.check == "clock")
            if not sound:
                note(process.plugins(loaded.catalogue()))
                return
            async with opened.global_work(readonly=True) as conn:
                note(process.plugins(loaded.catalogue(await wrong_with(conn, loaded, keep=False))))
            async for each in work.jobs(opened):
                note(each)
            note(await work.score_lines(opened))
    except MeritlineError as error:
        note(Finding("database", tuple(error.problems)))
        note(process.plugins(loaded.catalogue()))


def queue_of(settings: "Settings") -> str | None:
    """The queue that there is."""
    from meritline.cli.services import data_dir, running
    from meritline.local import remembered

    if settings.redis_url:
        return settings.redis_url
    folder = data_dir()
    if not (folder / "passwords.json").is_file() or "valkey" not in remembered.ports(folder):
        return None
    return running(folder, settings)[2]
