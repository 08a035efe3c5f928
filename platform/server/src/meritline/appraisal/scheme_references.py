"""What a scheme names outside itself. Decides which other schemes may lend it their scores."""

from collections.abc import Mapping

from meritline.documents import Document
from meritline.documents.table import nearest_first
from meritline.errors import Problem
from meritline_sdk import PeriodKind, Scheme

MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}


def score_of_problems(document: Document, scheme: Scheme, schemes: Mapping[str, Scheme]) -> list[Problem]:
    """What is wrong with the schemes whose scores it takes: of the same subject, of a shorter period, and enough."""
    found: list[Problem] = []
    for place, item in enumerate(scheme.items):
        if item.score_of is None:
            continue
        way, other = ("item", place, "score_of"), schemes.get(item.score_of.scheme)
        if other is None:
            found.append(document.problem("E-SCORE-OF-UNKNOWN", (*way, "scheme"), value=item.score_of.scheme,
                                          known=nearest_first(item.score_of.scheme, schemes)[:5] or ("—",)))
            continue
        asked = item.score_of.period
        most = MONTHS[scheme.period] // MONTHS[other.period]
        if other.subject is not scheme.subject:
            found.append(document.problem("E-SCORE-OF-SUBJECT", (*way, "scheme"), value=other.key,
                                          other=other.subject.value, subject=scheme.subject.value))
        elif MONTHS[other.period] >= MONTHS[scheme.period]:
            found.append(document.problem("E-SCORE-OF-PERIOD", (*way, "scheme"), value=other.key,
                                          other=other.period.value, period=scheme.period.value))
        elif asked not in (None, other.period.value):
            found.append(document.problem("E-SCORE-OF-KIND", (*way, "period"), value=asked, scheme=other.key,
                                          other=other.period.value))
        elif item.score_of.least > most:
            found.append(document.problem("E-SCORE-OF-LEAST", (*way, "least"), value=item.score_of.least, most=most,
                                          other=other.period.value, period=scheme.period.value))
    return found
