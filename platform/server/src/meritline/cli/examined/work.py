"""What belongs to the work: the queue, the jobs, and what runs have written."""

import asyncio
from datetime import timedelta
from typing import Final

from meritline.appraisal.orphans_store import MOST_LINES, orphans
from meritline.cli.examined import Finding, Findings
from meritline.db import Database
from meritline.errors import MeritlineError, problem
from meritline.jobs.store import backlog, stuck
from meritline.logs.private import shape
from meritline.tenancy.store import newest

PATIENCE_S: Final = 5
LONGEST_WAIT_S: Final = 60
LONGEST_JOB: Final = timedelta(hours=2)
MOST_COMPANIES: Final = 200
LONGEST_LOOK_S: Final = 60
KEEPS: Final = "noeviction"


async def queue(url: str) -> Finding:
    """Whether it answers, and keeps what it holds."""
    from redis.asyncio import Redis
    from redis.exceptions import RedisError

    client: Redis = Redis.from_url(url, socket_connect_timeout=PATIENCE_S, socket_timeout=PATIENCE_S)
    try:
        async with asyncio.timeout(2 * PATIENCE_S):
            told = await client.info()
    except (RedisError, OSError, TimeoutError) as error:
        return Finding("queue", (problem("E-UNAVAILABLE", service="queue", reason=shape(error)),))
    finally:
        await client.aclose()
    policy = str(told.get("maxmemory_policy", KEEPS))
    wrong = [problem("E-DOCTOR-QUEUE", value=policy)] if policy != KEEPS and told.get("maxmemory") else []
    version = told.get("valkey_version") or told.get("redis_version")
    return Finding("queue", tuple(wrong), f"version {version}, maxmemory-policy {policy}")


async def jobs(database: Database) -> Findings:
    """Whether somebody takes them, and whether they end."""
    counted = await backlog(database)
    late = counted["overdue_s"] > LONGEST_WAIT_S
    waiting = problem("E-DOCTOR-JOBS-WAIT", count=int(counted["overdue"]), seconds=int(counted["overdue_s"]))
    yield Finding("outbox", (waiting,) if late else (), f"{int(counted['open'])} jobs are open")
    old = [problem("E-DOCTOR-JOB-STUCK", value=each["job_id"], tenant=each["tenant_id"], kind=each["kind"],
                   state=each["state"], attempt=each["attempt"], seconds=each["seconds"])
           for each in await stuck(database, LONGEST_JOB)]  # fmt: skip
    yield Finding("jobs", tuple(old), f"none is open for more than {LONGEST_JOB}")


async def score_lines(database: Database) -> Finding:
    """Lines without a card; the newest lines of the newest companies, as far as a minute goes."""
    async with database.global_work(readonly=True) as conn:
        companies = await newest(conn, MOST_COMPANIES)
    wrong, seen = [], 0
    try:
        async with asyncio.timeout(LONGEST_LOOK_S):
            for row in companies:
                async with database.scoped_read(row["id"]) as conn:
                    count = await orphans(conn, row["id"])
                seen += 1
                if count:
                    wrong.append(problem("E-DOCTOR-ORPHANS", tenant=row["key"], count=count))
    except TimeoutError:
        pass
    except MeritlineError as error:
        return Finding("score lines", tuple(error.problems))
    return Finding("score lines", tuple(wrong), f"the newest {MOST_LINES:,} of each of {seen} companies have their "
                   "scorecards")  # fmt: skip
