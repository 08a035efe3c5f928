"""Whether a cycle can be refreshed. Decides exactly what needs a full run, and says which of it there is.

A refresh is equal to a full run as long as nothing but records changed since the run. Everything else that a run looks
at (people, schemes, definitions, the calendar, ratings, figures, other cycles) is changed in units that tell the audit
chain; whatever is not known to be harmless there needs a full run.
"""

import json
from dataclasses import dataclass
from typing import Final

from meritline.appraisal.refresh.opening import Found
from meritline.appraisal.run.snapshot import Basis, Covering, has_function
from meritline.appraisal.service import engine
from meritline.appraisal.store import Cycle, Run
from meritline.errors import MeritlineError

HARMLESS: Final = (
    "records.import", "codes.map", "source.save", "cycle.open", "cycle.run", "cycle.refresh", "run.failed",
    "key.create", "key.revoke", "scheme_draft.save", "scheme_draft.discard",
)  # fmt: skip
"""What changes nothing that a run looks at but records, which are looked at by themselves."""
OF_OTHERS: Final = ("run.complete", "run.refresh", "cycle.lock")
"""What changes the results of cycles: harmless unless the schemes look at other periods."""


class NeedsRun(MeritlineError):
    """The cycle cannot be refreshed; a full run can do it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A cycle that counts, with its run, both held, and what else was found of them."""

    cycle: Cycle
    run: Run
    found: Found

    @property
    def covering(self) -> Covering:
        """What was delivered when it was run."""
        return tuple((earlier, record, state) for earlier, record, state in json.loads(self.run.delivered or "[]"))


def require_run(cycle: Cycle, run: Run | None) -> None:
    """Raise unless a refresh can go on from the run."""
    if run is None or run.state != "complete" or run.audit_number is None or run.result_sum is None:
        state = "—" if run is None else run.state
        raise NeedsRun("E-REFRESH-RUN", field="run", value=run and run.number, period=cycle.period, state=state)
    if run.engine != engine():
        raise NeedsRun("E-REFRESH-ENGINE", field="run", value=run.engine, engine=engine(), period=cycle.period)


def require_unchanged(now: Standing, basis: Basis) -> None:
    """Raise if anything but records may have changed. ``basis`` was read before: a change that came meanwhile is seen
    here."""
    if now.found.changes:
        raise NeedsRun("E-REFRESH-CHANGED", field="cycle", value=now.cycle.period, changes=", ".join(now.found.changes))
    for edition in basis.editions:
        for key, one in edition.indicators.items():
            if has_function(one.indicator):
                raise NeedsRun("E-REFRESH-FUNCTION", field="indicator", value=key, period=now.cycle.period)


def require_covering(now: Standing, covering: Covering) -> None:
    """Raise if something is complete now that was not, or no longer: then everybody's zeros are looked at again."""
    differing = sorted({record for _, record, _ in set(now.covering) ^ set(covering)})
    if differing:
        raise NeedsRun("E-REFRESH-DELIVERED", field="record", value=differing[0], period=now.cycle.period)


def harmless(basis: Basis) -> tuple[str, ...]:
    """What may have been done since the run: where anything rests on other cycles, not what changes theirs."""
    return HARMLESS if looks_back(basis) else (*HARMLESS, *OF_OTHERS)


def looks_back(basis: Basis) -> bool:
    """Whether anything rests on other cycles."""
    past = basis.earlier
    return bool(past.history or past.shares or past.scores.asked)
