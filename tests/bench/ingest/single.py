"""Single records by HTTP: what the product gathers into batches, against the same with a commit for each record."""

import sys
from contextlib import AbstractContextManager, ExitStack

from tests.bench import deliveries
from tests.bench.declared import POSITION
from tests.bench.deliveries import RECORD, SOURCE
from tests.bench.reads import servers
from tests.bench.reads.loads import Loads
from tests.bench.report import Row, Section
from tests.bench.rounds import Act, alternate
from tests.bench.sizes import Size
from tests.bench.stage import Company, Scene, Stage, company
from tests.bench.tickets import as_ndjson, renamed, tickets

from meritline.local.ports import free_port

EMPLOYEES, CONNECTIONS = 500, 64
EACH, GATHERED = "one commit for each record", "gathered by the product"
PATH = f"/v1/records/{RECORD}?source={SOURCE}"
MEANING = """\
Records per second by requests with one ticket each, on {connections} connections, each of which asks again when it was
answered. Both sides check the key, validate, resolve codes, dedupe, keep versions and marks, and answer with the
verdict after the commit; the product gathers what comes at the same time into one batch."""


async def measure(stage: Stage, size: Size) -> list[Section]:
    """The benchmark on a database of its own."""
    async with stage.database() as scene:
        stage.tell("onboarding a company")
        firm = await company(scene, "single", EMPLOYEES, POSITION, codes=True)
        await deliveries.add_source(scene, firm)
        (row,) = tickets(firm.numbers, 1)
        body = renamed(as_ndjson([row]), "##########")
        loads = Loads(size, stage.postgres_pid, CONNECTIONS)
        with ExitStack() as stack:
            product = stack.enter_context(servers.product(stage.folder, scene, firm))
            each = stack.enter_context(plain(stage, scene, firm))
            await scene.settle()
            variants: dict[str, Act] = {
                EACH: loads.act(EACH, each, each.request(body, PATH), size.single_seconds),
                GATHERED: loads.act(GATHERED, product, product.request(body, PATH), size.single_seconds),
            }
            found = await alternate(variants, size.rounds, stage.tell)
        count = await scene.owner.fetchval(f"select count(*) from record_{RECORD}")  # noqa: S608
        sent = sum(round(load.per_second * size.single_seconds) for seen in loads.seen.values() for load in seen)
    ratio = found[GATHERED].per(found[EACH])
    rows = (Row(EACH, found[EACH]), Row(GATHERED, found[GATHERED], ratio))
    if count < sent * 0.9:
        raise AssertionError(f"{count} records of {sent}")
    return [Section("Single records over HTTP", "records per second", MEANING.format(connections=CONNECTIONS), rows,
                    tuple(loads.note(name) for name in found), {"single": ratio})]  # fmt: skip


def plain(stage: Stage, scene: Scene, firm: Company) -> AbstractContextManager[servers.Server]:
    """The server that commits each record."""
    port = free_port()
    return servers.started(EACH, [sys.executable, "-m", "tests.bench.ingest.each", str(port)], scene.urls.environ(),
                           stage.folder / "each.log", port, {"Authorization": f"Bearer {firm.admin_key}"})
