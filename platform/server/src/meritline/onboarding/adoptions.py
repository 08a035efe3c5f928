"""What a manifest adopts. Decides that a manifest names the version whose definitions it wants, and from which day on.

An upgraded plugin alone makes no manifest adopt anything: where another version is installed than the one it names,
nothing is adopted and it is said so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from meritline.db import Connection, UnitOfWork
from meritline.documents import Document, Table
from meritline.documents.table import nearest_first
from meritline.errors import Problem
from meritline.onboarding.sets.adopting import adopt_indicator_set, scheme_key
from meritline.onboarding.sets.changes import behind
from meritline.onboarding.sets.standing import Sets, sets_of
from meritline.onboarding.sets.uses import used_by
from meritline.plugins import Catalogue
from meritline_sdk import content_hash


@dataclass(frozen=True, slots=True)
class Adoption:
    """``[adopt.lifts]`` with its version, its first day, and the schemes that adopt it; None: all that read the set."""

    set_key: str
    version: str
    valid_from: date
    schemes: tuple[str, ...] | None
    document: Document

    @property
    def name(self) -> str:
        """How a difference calls it."""
        return f"{self.set_key} {self.version} {self.valid_from.isoformat()}"


def read_adoptions(table: Table, sets: Sequence[str]) -> tuple[Adoption, ...]:
    """``[adopt.KEY]`` with ``version``, ``from`` and maybe ``schemes``; of sets that the manifest enables."""
    whole, found = table.table("adopt"), []
    for key in whole.data if whole else ():
        if whole is None or (one := whole.table(key)) is None:
            continue
        if key not in sets:
            whole.report("E-MANIFEST-SET", key, value=key, known=nearest_first(key, sets) or ["—"])
        version, day = one.text("version", required=True), one.day("from", required=True)
        schemes = one.texts("schemes") if one.has("schemes") else None
        one.finish()
        if version and day:
            found.append(Adoption(key, version, day, schemes, table.document))
    return tuple(found)


async def waiting(conn: Connection, tenant_id: object, catalogue: Catalogue,
                  wanted: Sequence[Adoption]) -> list[Adoption]:
    """The adoptions that would make new versions once the installed definitions are the company's."""
    found: list[Adoption] = []
    for one in wanted:
        if fits(one, catalogue) and any_behind(await sets_of(conn, tenant_id, one.valid_from), catalogue, one):  # type: ignore[arg-type]
            found.append(one)
    return found


def fits(one: Adoption, catalogue: Catalogue) -> bool:
    """Whether the version that it names is the one that is installed."""
    installed = catalogue.sets.get(one.set_key)
    return installed is not None and installed.version == one.version


def any_behind(now: Sets, catalogue: Catalogue, one: Adoption) -> bool:
    """Whether something in force on the day or later reads the set by other definitions than the installed ones."""
    sets = {one.set_key, *used_by(now, catalogue, one.set_key)} & catalogue.sets.keys()
    hashes = {f"{key}.{indicator.key}": content_hash(indicator)
              for key in sets for indicator in catalogue.sets[key].set.indicators}
    return any(behind(each, hashes) for each in now.deciding
               if one.schemes is None or scheme_key(each) in one.schemes)


async def adopt_all(uow: UnitOfWork, actor: str, catalogue: Catalogue,
                    wanted: Sequence[Adoption]) -> tuple[Problem, ...]:
    """Adopt what fits; a warning for what names another version."""
    warnings: list[Problem] = []
    for one in wanted:
        if fits(one, catalogue):
            await adopt_indicator_set(uow, actor, catalogue, one.set_key, one.valid_from, schemes=one.schemes)
        elif one.set_key in catalogue.sets:
            warnings.append(one.document.problem(
                "E-MANIFEST-ADOPT", ("adopt", one.set_key, "version"), value=one.version, set=one.set_key,
                actual=catalogue.sets[one.set_key].version))  # fmt: skip
    return tuple(warnings)
