"""Suggested targets that somebody takes. Decides how they get into a scheme: as its next version, by the usual way."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from meritline.appraisal.documents import scheme_document
from meritline.appraisal.schemes import Saved, save_scheme, versions_of
from meritline.db import UnitOfWork
from meritline.documents.table import nearest_first
from meritline.errors import MeritlineError
from meritline.plugins import Catalogue


async def accept(uow: UnitOfWork, actor: str, catalogue: Catalogue, scheme: str, targets: Mapping[str, Decimal],
                 valid_from: date, expected_version: int) -> Saved:
    """The scheme's next version with these targets, by line; everything else as it stands."""
    newest = {one.scheme.key: one.scheme for one in await versions_of(uow)}
    if scheme not in newest:
        raise MeritlineError("E-SCHEME-UNKNOWN", field="scheme", value=scheme,
                             known=nearest_first(scheme, newest)[:3] or ("—",))
    document = scheme_document(newest[scheme], valid_from)
    left = dict(targets)
    names = [item.name() for item in newest[scheme].items]
    for name, table in zip(names, document["item"], strict=False):
        put(table, name, left)
        for part in table.get("part", ()):
            put(part, f"{name}/{part.get('indicator')}", left)
    if left:
        raise MeritlineError("E-SUGGEST-LINE", field="values", value=next(iter(left)), known=names)
    return await save_scheme(uow, actor, document, expected_version, templates=catalogue.templates(),
                             records=catalogue.records, named=True)


def put(table: dict[str, Any], name: str, targets: dict[str, Decimal]) -> None:
    """The target of a line, where there is a new one."""
    if name in targets:
        table["target"] = targets.pop(name)
