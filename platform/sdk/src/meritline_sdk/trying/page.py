"""What ``try`` shows on a terminal. Decides the order, and that nothing is called zero which was not measured."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from meritline_sdk.evaluate.numbers import rounded
from meritline_sdk.evaluate.readings import MEASURED
from meritline_sdk.evaluate.tallies import Subject
from meritline_sdk.explain import line_text, score_text
from meritline_sdk.explain.declared_rewards import reward_sentences
from meritline_sdk.explain.figures import figure
from meritline_sdk.model.schemes import SubjectKind
from meritline_sdk.model.text import Text
from meritline_sdk.trying.cards import Card, Cards
from meritline_sdk.trying.company import Company
from meritline_sdk.trying.readings import Told, behind
from meritline_sdk.trying.records import Loaded
from meritline_sdk.trying.refusals import Refusal
from meritline_sdk.trying.rewards import paid, untold
from meritline_sdk.trying.terminal import BOLD, DIM, GREEN, RED, YELLOW, Paint, aligned
from meritline_sdk.trying.words import word

NOTHING = "-"
MOST_REFUSALS = 20
STATE_COLOURS = {"measured": GREEN, "failed": RED}


def head(company: Company, loaded: Sequence[Loaded], language: str, paint: Paint, *, guessed: bool) -> Iterator[str]:
    """The period and the files."""
    for one in company.sets[:1]:
        yield paint(BOLD, f"{one.key} · {one.title.in_language(language)}")
    told = word(language, "period", period=company.period, zone=company.zone)
    yield f"{told} {word(language, 'guessed')}" if guessed else told
    looked = company.window()
    for each in loaded:
        moments = [record.get(each.record.at) for record in each.records]
        inside = sum(moment is not None and looked.holds(moment) for moment in moments)  # type: ignore[arg-type]
        yield word(language, "file", file=each.file, used=len(each.records), rows=each.rows, inside=inside,
                   record=each.record.title.in_language(language))


def refusals(given: Iterable[Refusal], language: str, paint: Paint) -> Iterator[str]:
    """What is wrong with the files; of very much the beginning."""
    for note, title, colour in ((False, "refused", RED), (True, "noted", YELLOW)):
        some = [one for one in given if one.note is note]
        if not some:
            continue
        yield ""
        yield paint(colour, f"{word(language, title)} ({len(some)})")
        yield from (f"  {one.text(language)}" for one in some[:MOST_REFUSALS])
        if len(some) > MOST_REFUSALS:
            yield f"  {word(language, 'more', count=len(some) - MOST_REFUSALS)}"


def named(subject: Subject, language: str) -> str:
    """A subject as its row is called."""
    if subject.kind is SubjectKind.COMPANY:
        return word(language, "company")
    return word(language, "department", key=subject.key) if subject.kind is SubjectKind.DEPARTMENT else subject.key


def indicator_block(company: Company, told: Sequence[Told], language: str, paint: Paint, *,
                    records: bool) -> Iterator[str]:
    """An indicator with everybody's reading, each with its own little formula."""
    first = told[0]
    yield ""
    yield f"{paint(BOLD, first.indicator.title.in_language(language))}  {paint(DIM, first.key)}"
    heads = [word(language, name) for name in ("person", "reading", "numerator", "denominator", "sample", "state")]
    rows = [["", *heads], *([f"{number}", *reading_row(one, language)] for number, one in enumerate(told, 1))]
    lines = aligned([row[1:] for row in rows], right=(2, 3, 4))
    yield "  " + paint(DIM, lines[0])
    for one, line in zip(told, lines[1:], strict=True):
        yield "  " + (line if one.reading.state == MEASURED else paint(STATE_COLOURS.get(one.reading.state, YELLOW),
                                                                       line))
        if one.failure is not None:
            yield "      " + paint(RED, word(language, "function", told=one.failure))
        if records:
            yield from (f"      {paint(DIM, name)}: {ids}" for name, ids in behind(company, one))


def reading_row(one: Told, language: str) -> list[str]:
    """Whose reading, the number with its formula, its two sides, its sample, its state."""
    sides = [NOTHING if side is None else figure(side) for side in (one.reading.numerator, one.reading.denominator)]
    return [named(one.subject, language), one.text(language), *sides, str(one.reading.sample),
            word(language, one.reading.state)]


def scheme_block(found: Cards, language: str, paint: Paint, indicators: dict[str, object]) -> Iterator[str]:
    """A scheme with everybody's card."""
    scheme = found.offered.scheme
    yield ""
    yield paint(BOLD, word(language, "scheme", key=found.offered.key, title=scheme.title.in_language(language)))
    if found.why is not None:
        name, values = found.why
        told = {key: word(language, f"kind_{value}") if key == "kind" else value for key, value in values}
        yield "  " + paint(YELLOW, word(language, f"why_{name}", **told))
        return
    for card in found.cards:
        yield from card_block(card, found, language, paint)
    if left := untold(found.offered):
        titles = ", ".join(one.in_language(language) for one in left)
        yield "  " + paint(DIM, word(language, "untold", titles=titles))
    for table in found.offered.rewards:
        yield f"  {paint(DIM, word(language, 'reward_table'))} {table.title.in_language(language)}"
        yield from (f"    {one}" for one in reward_sentences(table, scheme, indicators, language))  # type: ignore[arg-type]


def card_block(card: Card, found: Cards, language: str, paint: Paint) -> Iterator[str]:
    """The score with its grade, each line with its explanation, the sum."""
    scored = card.scored
    titles = found.offered.scheme.grades.titles() if found.offered.scheme.grades else {}
    told = [word(language, "no_score") if scored.score is None else f"{scored.score:f}"]
    if scored.grade is not None:
        told.append(titles[scored.grade].in_language(language))
    if scored.passed is not None:
        told.append(word(language, "passed" if scored.passed else "missed"))
    told.append(word(language, scored.state))
    yield "  " + paint(BOLD, f"{named(card.subject, language)}  {', '.join(told)}")
    for line in scored.lines:
        title = line.title or Text(line.key, line.key)
        points = NOTHING if line.weighted_points is None else f"{rounded(Fraction(line.weighted_points), 2):f}"
        weight = "±" if line.weight is None else f"{line.weight.normalize():f}"
        yield f"    {points} / {weight}  {line_text(line.steps, title, language)}"
    yield f"    {score_text(scored.steps, language)}"
    yield from (f"    {word(language, 'rewards')}: {one.text(language)}" for one in paid(card, found.offered))
