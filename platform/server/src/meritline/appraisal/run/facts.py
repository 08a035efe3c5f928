"""What rewards rest on beside the scorecard, for the subjects of a scheme: employment, pay, the periods before."""

from collections.abc import Mapping

from meritline.appraisal.run.scoring import Appraisal
from meritline.appraisal.run.snapshot import Snapshot
from meritline.appraisal.run.subjects import Appraised
from meritline.domain.facts import Facts, Outcome
from meritline_sdk.evaluate.tallies import Subject

NEVER: tuple[Outcome, ...] = ()


def facts_of(appraisal: Appraisal, snapshot: Snapshot) -> Mapping[Subject, Facts]:
    """Everybody's facts; departments and the company are there for the whole of the period."""
    history = snapshot.earlier.history.get(appraisal.chosen.scheme.key, {})
    first, end = snapshot.roster.period
    return {who.subject: facts(who, (end - first).days, history.get((who.subject.kind, who.id), NEVER))
            for who in appraisal.people}


def facts(who: Appraised, period_days: int, history: tuple[Outcome, ...]) -> Facts:
    """The facts of one subject."""
    if who.stay is None:
        return Facts(period_days, period_days, history=history)
    return Facts(who.stay.days, who.stay.period_days, who.stay.to_the_end, who.stay.employment, who.base_pay,
                 who.performance_pay, history)
