"""Whom changed records concern. Decides who is scored again.

Whose records changed is scored again alone where nothing of the changed type is read in any other way than of
employees, record by record. What counts for departments or the company, looks at related records, or is split among
everybody concerns people who are named by none of the changed records; then everybody is scored again, and still only
the rows that differ are written.
"""

from collections.abc import Collection, Mapping
from functools import lru_cache
from uuid import UUID

from meritline.appraisal.definitions import SchemeInForce, TenantIndicator
from meritline.appraisal.run.needs import needs
from meritline.appraisal.run.snapshot import Basis
from meritline.measuring.holders import holds
from meritline.measuring.requests import TallyRequest
from meritline_sdk.model.consequences import When
from meritline_sdk.model.indicators import Indicator, indicator_tallies
from meritline_sdk.model.measures import OF_NO_RECORDS
from meritline_sdk.model.nodes import Related, walk
from meritline_sdk.model.reward_rules import ByRank, Pool
from meritline_sdk.model.schemes import OWN, SubjectKind

type Changed = Mapping[str, Collection[UUID]]
"""The people and departments that changed records name, by record type."""


def concerned(basis: Basis, changed: Changed) -> frozenset[UUID] | None:
    """The employees who are scored again; None: everybody."""
    wide, own = record_types(basis)
    if wide & changed.keys() or (own & changed.keys() and belongs_together(basis)):
        return None
    return employees_of(basis).intersection(who for record, people in changed.items() if record in own
                                            for who in people)


@lru_cache(maxsize=8)
def holding(basis: Basis, since: str) -> tuple[tuple[str, str], ...]:
    """Of the record types whose records concern nobody but who holds them: SQL for whether a mark is of such a one, if
    any of them has changed ``since``."""
    wide, own = record_types(basis)
    found = ((record, holds(basis.requests, record, since)) for record in sorted(own - wide))
    return tuple((record, each) for record, each in found if each is not None)


@lru_cache(maxsize=8)
def employees_of(basis: Basis) -> frozenset[UUID]:
    """All employees who can be appraised."""
    return frozenset(who.id for who in basis.roster.employees)


@lru_cache(maxsize=8)
def belongs_together(basis: Basis) -> bool:
    """Whether what one is given or shown depends on others."""
    return any(shared(each) or looks_around(each) for each in basis.schemes)


def shared(chosen: SchemeInForce) -> bool:
    """Whether money is split among everybody."""
    return any(isinstance(rule, Pool) for rule in (chosen.reward.rules if chosen.reward else ()))


def looks_around(chosen: SchemeInForce) -> bool:
    """Whether a card of somebody shows what a department or the company came to, of whatever record type: that is
    read for everybody or not at all."""
    return chosen.scheme.subject is SubjectKind.EMPLOYEE and any(
        read_from != OWN for _, read_from in needs(chosen.scheme, chosen.reward))


def looks_at_places(chosen: SchemeInForce) -> bool:
    """Whether a reward rests on places, which change for people whose records did not."""
    for rule in chosen.reward.rules if chosen.reward else ():
        when = getattr(rule, "when", None)
        if isinstance(rule, ByRank | Pool) or (isinstance(when, When) and (
                when.rank_at_most is not None or when.best_percent is not None)):
            return True
    return False


@lru_cache(maxsize=8)
def record_types(basis: Basis) -> tuple[set[str], set[str]]:
    """The record types that are read for more than the employee they name, and those that are read for it alone."""
    wide, own = set[str](), set[str]()
    for edition in basis.editions:
        for chosen in edition.schemes:
            employees = chosen.scheme.subject is SubjectKind.EMPLOYEE
            for key, read_from in needs(chosen.scheme, chosen.reward):
                for request in asked_by(edition.indicators.get(key)):
                    related = related_types(request)
                    alone = employees and read_from == OWN and not related
                    (own if alone else wide).update({request.tally.record, *related})
    return wide, own


def asked_by(found: TenantIndicator | None) -> list[TallyRequest]:
    """What an indicator asks of the records."""
    if found is None or not isinstance(found.indicator, Indicator):
        return []
    return [TallyRequest.of(tally, found.parameters) for tally in indicator_tallies(found.indicator)
            if tally.how not in OF_NO_RECORDS]


def related_types(request: TallyRequest) -> set[str]:
    """The record types among which a tally looks for other records."""
    return {node.record for part in request.tally.nodes() for node in walk(part) if isinstance(node, Related)}
