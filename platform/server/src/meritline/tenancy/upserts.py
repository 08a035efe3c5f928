"""What every upsert of a batch does alike: compare, refuse what is stale, count versions up, audit."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, Protocol

from meritline import audit
from meritline.db import UnitOfWork
from meritline.errors import Problem
from meritline.tenancy.places import Places
from meritline.tenancy.values import Changes

MOST_TOLD = 20


class Versioned(Protocol):
    """A value with a version and what its writer saw."""

    @property
    def version(self) -> int: ...
    @property
    def expected_version(self) -> int | None: ...


def check_versions(kind: str, wanted: Mapping[str, Versioned], before: Mapping[str, Versioned],
                   places: Places) -> list[Problem]:
    """The writes whose writer saw an older version than the one that stands."""
    found: list[Problem] = []
    for index, (key, one) in enumerate(wanted.items()):
        actual = before[key].version if key in before else 0
        if one.expected_version is not None and one.expected_version != actual:
            found.append(places.problem("E-CONFLICT-STALE", index, "expected_version", key, kind=kind,
                                        expected=one.expected_version, actual=actual))
    return found


def changed[T: Any](wanted: Mapping[str, T], before: Mapping[str, T]) -> list[T]:
    """Those that differ from what stands, with their next versions."""
    return [
        replace(one, version=before[key].version + 1 if key in before else 1)
        for key, one in wanted.items() if before.get(key) != one
    ]  # fmt: skip


def summary(keys: Sequence[str], before: Mapping[str, Any]) -> Changes:
    """What was created and what updated."""
    return Changes(tuple(key for key in keys if key not in before), tuple(key for key in keys if key in before))


async def tell(uow: UnitOfWork, actor: str, kind: str, changes: Changes, before: Mapping[str, Any],
               after: Mapping[str, Any]) -> None:
    """One audit entry for the batch; with before and after where the batch is small enough to read."""
    if not changes:
        return
    keys = (*changes.created, *changes.updated)
    body: dict[str, object] = {"created": list(changes.created), "updated": list(changes.updated)}
    if len(keys) <= MOST_TOLD:
        body["was"] = {key: asdict(before[key]) for key in changes.updated}
        body["now"] = {key: asdict(after[key]) for key in keys}
    await audit.append(uow.conn, uow.tenant_id, actor=actor, action=f"{kind}.upsert", subject=kind, body=body)
