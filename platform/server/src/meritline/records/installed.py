"""The plugins as this database can hold them. Decides that what contradicts it is left out before it is used.

A plugin whose version says something else than before, or whose records the tables cannot hold, is quarantined here
with its reason; all others go on. Whoever has a database (a server, a worker, a migration) takes its catalogue from
here.
"""

import asyncio
import logging
from collections.abc import Iterator

from meritline.db import Connection, Database
from meritline.errors import Problem, problem
from meritline.plugins import Catalogue, Loaded, load_for
from meritline.plugins.asking import examined
from meritline.plugins.assembly import noted
from meritline.plugins.catalogue import sentence
from meritline.plugins.releases import recognised, seen
from meritline.records.ddl import kind_problems
from meritline.settings import Settings

log = logging.getLogger(__name__)


async def open_catalogue(database: Database, settings: Settings) -> Catalogue:
    """What the settings allow and the database can hold; nothing of it is done in the event loop's thread."""
    loaded = await asyncio.to_thread(load_for, settings)
    async with database.global_work() as conn:
        return await fitting(conn, loaded)


async def fitting(conn: Connection, loaded: Loaded) -> Catalogue:
    """The catalogue without what this database contradicts; each reason is logged once."""
    _, catalogue = await fitted(conn, loaded)
    for line in told(catalogue):
        log.warning("%s", line)
    return catalogue


def told(catalogue: Catalogue) -> Iterator[str]:
    """One line for each plugin with problems, and for each problem that is no plugin's."""
    of_plugins = {id(each) for one in catalogue.plugins for each in one.problems}
    yield from (each.text() for each in catalogue.problems if id(each) not in of_plugins)
    for one in catalogue.plugins:
        if one.problems:
            more = f" ... and {len(one.problems) - 1} more: meritline plugins doctor" if len(one.problems) > 1 else ""
            yield f"{one.problems[0].text()}{more}"


async def wrong_with(conn: Connection, loaded: Loaded, *, keep: bool = True) -> dict[str, list[Problem]]:
    """What is wrong with the plugins, in themselves and as the database knows them, by label; ``keep``: releases that
    are new to it are noted."""
    return (await fitted(conn, loaded, keep=keep))[0]


async def fitted(conn: Connection, loaded: Loaded, *, keep: bool = True) -> tuple[dict[str, list[Problem]], Catalogue]:
    """What is wrong, by label, and the catalogue of the rest."""
    known = await recognised(conn, loaded.brought)
    wrong = await asyncio.to_thread(examined, loaded.brought, known, loaded.verdicts)
    for label, against in (await seen(conn, noted(loaded.brought, wrong), keep=keep)).items():
        wrong.setdefault(label, []).extend(against)
    catalogue = await asyncio.to_thread(loaded.catalogue, wrong)
    if against_tables := await contradictions(conn, catalogue):
        for label, found in against_tables:
            wrong.setdefault(label, []).append(found)
        catalogue = await asyncio.to_thread(loaded.catalogue, wrong)
    return wrong, catalogue


async def contradictions(conn: Connection, catalogue: Catalogue) -> list[tuple[str, Problem]]:
    """The plugins whose records the tables cannot hold, by label, each with why."""
    found = await kind_problems(conn, catalogue.records.values())
    return [(label, problem("E-PLUGIN-TABLES", plugin=label, field=told.field, value=told.value,
                            cause=told.code, reason=sentence(told)))
            for told in found for label in owners(catalogue, str(told.value), told.field)]


def owners(catalogue: Catalogue, record: str, field: str | None) -> Iterator[str]:
    """The plugins that declare the field, or the whole record type."""
    for plugin in catalogue.plugins:
        sets = [catalogue.sets[key].set for key in plugin.sets]
        added = {spec.name for one in sets for each in one.extensions if each.record == record for spec in each.fields}
        declared = any(each.key == record and (field is None or any(spec.name == field for spec in each.fields))
                       for one in sets for each in one.records)
        if declared or field in added:
            yield plugin.label
