"""What stands: versions that were seen, and periods whose results are decided. Decides what a save must not touch."""

from datetime import date

from meritline.appraisal import schemes_store as store
from meritline.db import UnitOfWork
from meritline.documents import Document
from meritline.errors import MeritlineError, Problem, Stale

SCHEME, REWARDS = "E-SCHEME-LOCKED", "E-REWARD-LOCKED"


def require_version(kind: str, key: str, expected: int | None, actual: int, *, named: bool = False) -> None:
    """Raise where the writer saw another version than the one that stands, or must name one and does not."""
    if expected is not None and expected != actual:
        raise Stale(kind=kind, value=key, expected=expected, actual=actual, field="expectedVersion")
    if named and expected is None and actual:
        raise MeritlineError("E-SCHEME-VERSION", field="expectedVersion", value=key, actual=actual)


async def locked_problems(uow: UnitOfWork, at: Document, code: str, scheme: str, since: date) -> list[Problem]:
    """The last period that was decided by the scheme and would be another from the day on."""
    rows = await store.locked_since(uow.conn, uow.tenant_id, scheme, since)
    return [at.problem(code, ("valid_from",), value=since, scheme=scheme, period=row["period"], state=row["state"],
                       free=row["free"]) for row in rows[:1]]
