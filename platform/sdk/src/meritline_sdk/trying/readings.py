"""The readings of a company that a file tells of. Decides nothing: ``evaluate`` does, as in the server."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from meritline_sdk.acceptance.hooks import raised_at
from meritline_sdk.evaluate.answers import AnswerError, Asked, asked_here
from meritline_sdk.evaluate.ratings import reading_of
from meritline_sdk.evaluate.readings import FAILED, Reading, beside_values, provisional_until, read, unit_beside
from meritline_sdk.evaluate.results import Asides
from meritline_sdk.evaluate.shown import reading_step
from meritline_sdk.evaluate.tallies import Subject, Taken, Tallied, tally_record, tally_records
from meritline_sdk.explain.readings import asides_text, reading_text
from meritline_sdk.model.functions import PythonMeasure
from meritline_sdk.model.indicators import AnyIndicator, Indicator, indicator_tallies
from meritline_sdk.model.nodes import Scalar
from meritline_sdk.model.rated import RatedIndicator
from meritline_sdk.model.tallies import OF_NO_RECORDS, Tally, settled
from meritline_sdk.model.units import Unit
from meritline_sdk.trying.company import Company

RAISED = "plugin_raised"


@dataclass(frozen=True, slots=True)
class Told:
    """A reading with whose it is, what it is of, and its own words."""

    key: str
    indicator: AnyIndicator
    subject: Subject
    reading: Reading
    failure: str | None = None

    def text(self, language: str) -> str:
        """The number with its little formula, or why there is none."""
        step = reading_step(self.reading, self.indicator)
        return "; ".join([reading_text(step, language), *asides_text(step, language)])


def readings(company: Company, indicators: Mapping[str, AnyIndicator]) -> Iterator[Told]:
    """Every reading, by indicator, then by subject: people, teams, the company."""
    for key, indicator in indicators.items():
        for subject in company.subjects_of(indicator):
            yield reading(company, key, indicator, subject)


def reading(company: Company, key: str, indicator: AnyIndicator, subject: Subject) -> Told:
    """The reading of one subject; schemes ask for it again."""
    found: Told | None = company.kept.get((key, subject))
    if found is None:
        found = company.kept[key, subject] = computed(company, key, indicator, subject)
    return found


def computed(company: Company, key: str, indicator: AnyIndicator, subject: Subject) -> Told:
    """The reading, from the records."""
    settings = company.settings.get(key, {})
    if isinstance(indicator, RatedIndicator):
        return Told(key, indicator, subject, rated(company, key, indicator, subject, settings))
    found = tallied(company, indicator, subject, settings)
    failed: list[str] = []
    result = read(indicator, found, covered=company.covered, parameters=settings, asked=guarded(company, failed))
    beside = beside_values(indicator, found, covered=company.covered, parameters=settings)
    until = provisional_until(indicator, company.window(), settings)
    chosen = tuple((one, settings[one.name]) for one in indicator.parameters() if one.name in settings)
    asides = Asides(tuple((one.title, each, unit_beside(indicator, one).key) for one, each in beside), chosen,
                    None if until is None else until.isoformat())
    if asides != Asides():
        result = replace(result, asides=asides)
    return Told(key, indicator, subject, result, failed[0] if failed else None)


def tallied(company: Company, indicator: Indicator, subject: Subject,
            settings: Mapping[str, Scalar]) -> dict[Tally, Tallied]:
    """What every tally of the indicator finds."""
    return {tally: tally_records(tally, company.candidates(settled(tally, settings), subject),
                                 company.window(tally.earlier), settings, subject, others=company.others,
                                 clock=company.clock) for tally in indicator_tallies(indicator)}


def rated(company: Company, key: str, indicator: RatedIndicator, subject: Subject,
          settings: Mapping[str, Scalar]) -> Reading:
    """What people gave."""
    source = company.source_of(indicator)
    names = {key, *(name for name, one in company.indicators.items() if one is source)}
    given = [one.rating for one in company.ratings if one.indicator in names and one.subject == subject.key]
    known = source if isinstance(source, RatedIndicator) else indicator
    return reading_of(known.settled(settings), given)


def guarded(company: Company, failed: list[str]) -> Asked:
    """A Python function asked in this process; what it raises is a failed reading, told with its place."""
    ask = asked_here(company.window())

    def asked(measure: PythonMeasure, unit: Unit, taken: Sequence[Taken], parameters: Mapping[str, Scalar]) -> Reading:
        try:
            return ask(measure, unit, taken, parameters)
        except AnswerError as wrong:
            failed.append(wrong.told)
            return Reading(FAILED, reason=wrong.reason, sample=len(taken))
        except (Exception, SystemExit) as wrong:
            failed.append(raised_at(wrong))
            return Reading(FAILED, reason=RAISED, sample=len(taken))

    return asked


def behind(company: Company, told: Told) -> Iterator[tuple[str, str]]:
    """The records behind a reading: which part of it, and the ids that count, with what each brings."""
    if not isinstance(told.indicator, Indicator):
        return
    settings = company.settings.get(told.key, {})
    for number, tally in enumerate(indicator_tallies(told.indicator), 1):
        if tally.how in OF_NO_RECORDS:
            continue
        chosen = settled(tally, settings)
        counted = [(record, one) for record in company.candidates(chosen, told.subject)
                   if (one := tally_record(chosen, record, company.window(tally.earlier), settings, told.subject,
                                           others=company.others, clock=company.clock)) is not None]
        name = f"{tally.how} {tally.record}" if tally.earlier == 0 else f"{tally.how} {tally.record} (-{tally.earlier})"
        yield f"{number}. {name}", ", ".join(f"{record['external_id']}" + ("" if share == 1 else f" × {share}")
                                             for record, (_, share) in counted) or "-"
