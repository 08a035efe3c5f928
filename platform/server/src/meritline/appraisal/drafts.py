"""Schemes that are being written. Decides that a document may be kept with open blanks and mistakes, all of them told.

A draft appraises nobody. Saving the scheme itself takes the draft of its key away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from meritline import audit
from meritline.appraisal import drafts_store as store
from meritline.appraisal.documents.schemes import NO_RECORDS, NOTHING, Records
from meritline.appraisal.schemes import read_document, standing_problems, versions_of
from meritline.appraisal.schemes_overlap import Version
from meritline.appraisal.schemes_store import json_text
from meritline.appraisal.standing import require_version
from meritline.db import UnitOfWork
from meritline.documents import Document, Table
from meritline.errors import MeritlineError, NotFound, Problem, Refused
from meritline.graphql.kit.documents import plain_document
from meritline.messages import LANGUAGES
from meritline.tenancy import store as company
from meritline_sdk import Scheme

MOST = 200


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it stands, with what is wrong with it."""

    key: str
    version: int
    problems: tuple[Problem, ...]


async def save_draft(uow: UnitOfWork, actor: str, given: Mapping[str, Any], expected_version: int | None = None, *,
                     templates: Mapping[str, Scheme] = NOTHING, records: Records = NO_RECORDS) -> Draft:
    """Keep a document as a draft, whatever is wrong with it besides its key."""
    await company.lock(uow.conn, uow.tenant_id)
    document = Document(given)
    key = key_of(document, templates)
    actual = await store.version(uow.conn, uow.tenant_id, key)
    require_version("scheme draft", key, expected_version, actual, named=True)
    if not actual and await store.count(uow.conn, uow.tenant_id) >= MOST:
        raise MeritlineError("E-DRAFT-MANY", field="document", value=key, most=MOST)
    problems = await problems_of(uow, document, templates, records)
    number = await store.put(uow.conn, uow.tenant_id, key, json_text(plain_document(given)),
                             json_text([told(one) for one in problems]), actor)
    await audit.append(uow.conn, uow.tenant_id, actor=actor, action="scheme_draft.save", subject=f"scheme_draft:{key}",
                       body={"version": number, "problems": len(problems)})
    return Draft(key, number, tuple(problems))


def key_of(document: Document, templates: Mapping[str, Scheme]) -> str:
    """The key of the scheme that shall come of it: its own, or its template's."""
    problems: list[Problem] = []
    name = document.data.get("template")
    template = templates.get(name) if isinstance(name, str) else None
    found = Table(document, problems).key("scheme", required=template is None,
                                          default=template.key if template else None)
    if problems or found is None:
        raise Refused(problems)
    return found


async def problems_of(uow: UnitOfWork, document: Document, templates: Mapping[str, Scheme],
                      records: Records) -> list[Problem]:
    """Everything that keeps the document from being saved as a scheme, and what is only told."""
    draft, problems = await read_document(uow, document, templates, records)
    if draft is None:
        return problems
    versions = await versions_of(uow)
    new = Version(draft.scheme, sum(one.scheme.key == draft.scheme.key for one in versions) + 1, draft.valid_from, "")
    return [*problems, *await standing_problems(uow, draft.document, new, versions)]


def told(problem: Problem) -> dict[str, object]:
    """A problem as it is kept: in every language, since whoever reads it later may have another."""
    return {"severity": problem.severity, **{language: problem.as_dict(language) for language in LANGUAGES}}


async def discard_draft(uow: UnitOfWork, actor: str, key: str) -> None:
    """Take a draft away."""
    if not await store.remove(uow.conn, uow.tenant_id, key):
        raise NotFound(kind="scheme draft", value=key, field="key")
    await audit.append(uow.conn, uow.tenant_id, actor=actor, action="scheme_draft.discard",
                       subject=f"scheme_draft:{key}", body={})


__all__ = ["Draft", "discard_draft", "save_draft"]
