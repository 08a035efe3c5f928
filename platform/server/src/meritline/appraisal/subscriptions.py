"""``cycleProgress``: follow the newest run of a cycle until it has ended."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any, Final

import strawberry

from meritline.errors import NotFound
from meritline.graphql.kit import Column, Module, Object, RequestContext, ToOne, words
from meritline.graphql.kit.following import Subscription
from meritline.graphql.kit.ids import key_of
from meritline.jobs.progress import JobProgress

JobState = words(
    "JobState",
    "How far a job is.",
    {
        "queued": "Waits for a worker.",
        "running": "A worker has it.",
        "done": "It is done.",
        "failed": "It was given up.",
    },
)

NEWEST: Final = "select id, job_id from run where tenant_id = $1 and cycle_id = $2 order by number desc limit 1"

CYCLE_PROGRESS = Object(
    name="CycleProgress",
    description="How far the run of a cycle is.",
    fields=(
        Column("state", "JobState!", "How far the job is."),
        Column("done", "Int!", "How much is done."),
        Column("total", "Int!", "Of how much; 0 while that is unknown."),
        Column("note", "String!", "What is being done: reading, scoring, writing, rewarding."),
        Column("error", "String", "Why it failed, in the reader's language."),
        ToOne("run", "Run", "The run as it stands.", key="run"),
        ToOne("cycle", "Cycle", "The cycle as it stands.", key="cycle"),
    ),
)


async def follow(
    _: Mapping[str, Any], context: RequestContext, cycle_id: strawberry.ID
) -> AsyncGenerator[dict[str, Any]]:
    """The progress of the newest run; the last one says how it ended."""
    cycle, tenant_id = key_of(str(cycle_id), "Cycle", "uuid"), context.principal.tenant_id
    if context.reach("cycles:read") is None or cycle is None:
        raise NotFound(kind="cycle", value=cycle_id, field="cycleId")
    rows = await context.read(NEWEST, tenant_id, cycle)
    if not rows:
        raise NotFound(kind="run", value=cycle_id, field="cycleId")
    async with aclosing(context.platform.jobs.watch(tenant_id, rows[0]["job_id"])) as steps:
        async for step in steps:
            yield shown(step, context) | {"run": rows[0]["id"], "cycle": cycle}


def shown(step: JobProgress, context: RequestContext) -> dict[str, Any]:
    """A step as values."""
    told = "\n".join(each.text(context.language) for each in step.problems)
    return {"state": step.state, "done": step.done, "total": step.total, "note": step.note, "error": told or None}


MODULE = Module(
    objects=(CYCLE_PROGRESS,),
    enums=(JobState,),
    subscriptions=(
        Subscription("cycleProgress", "CycleProgress!", "Follow the newest run of a cycle until it has ended.", follow),
    ),
)
