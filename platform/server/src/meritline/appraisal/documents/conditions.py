"""Terms and conditions of reward rules as written: ``[[terms]]``, ``when``, ``in_a_row``. Decides their keys."""

from meritline.appraisal.documents.blanks import number
from meritline.documents import Table
from meritline.documents.table import nearest_first
from meritline_sdk import Pool, Scheme
from meritline_sdk.model.blanks import Blank
from meritline_sdk.model.consequences import CONDITIONS, GAPS, SKIP, InARow, When
from meritline_sdk.model.rewards import Terms
from meritline_sdk.model.schemes import ANY_EMPLOYMENT, EMPLOYMENTS

LONGEST_RUN = 120


def read_terms(tables: list[Table], rows: list[Table], scheme: Scheme | None) -> tuple[Terms, ...]:
    """Every ``[[terms]]``: who gets the money of some rules, and how much of it."""
    known = [str(row.data.get("key")) for row in rows]
    found: list[Terms] = []
    for table in tables:
        before = len(table.problems)
        rules = table.texts("rules")
        for place, key in enumerate(rules):
            if key not in known:
                table.report("E-TERMS-RULE", "rules", place, value=key, known=nearest_first(key, known)[:5] or ("—",))
        least, passed = number(table, "least_measured", least=0, most=100), table.flag("passed")
        if passed:
            require_pass(table, "passed", scheme)
        flags = {name: table.flag(name) for name in ("complete", "to_the_end", "by_days")}
        if flags["by_days"]:
            report_pools(table, rules, rows)
        employment = table.choice("employment", EMPLOYMENTS, default=ANY_EMPLOYMENT)
        days = table.whole("least_days", default=0)
        table.finish()
        if len(table.problems) == before:
            found.append(Terms(rules, least, passed=passed, employment=employment or ANY_EMPLOYMENT,
                               least_days=days or 0, **flags))
    return tuple(found)


def report_pools(table: Table, rules: tuple[str, ...], rows: list[Table]) -> None:
    """Report a pool that is to shrink by days: what one loses there, another gets by the pool's own split."""
    pools = {str(row.data.get("key")) for row in rows if row.data.get("kind") == Pool.kind}
    for place, key in enumerate(rules):
        if key in pools:
            table.report("E-TERMS-POOL", "rules", place, value=key)


def require_pass(table: Table, key: str, scheme: Scheme | None) -> None:
    """Report a condition on passing where the scheme does not say what that is."""
    if scheme is not None and scheme.pass_score is None:
        table.report("E-REWARD-PASS", key, scheme=scheme.key)


def read_when(table: Table, scheme: Scheme | None) -> When | None:
    """``when = { passed = false, grades = [...] }``: everything that is said must hold."""
    inner = table.table("when", required=True)
    if inner is None:
        return None
    before = len(inner.problems)
    grades, known = inner.texts("grades"), scheme.grades.keys() if scheme and scheme.grades else ()
    for place, grade in enumerate(grades):
        if scheme and grade not in known:
            inner.report("E-REWARD-GRADE-UNKNOWN", "grades", place, value=grade, scheme=scheme.key,
                         known=known or ("—",))
    passed = inner.flag("passed") if inner.has("passed") else None
    if passed is not None:
        require_pass(inner, "passed", scheme)
    below, least = number(inner, "score_below"), number(inner, "score_at_least")
    rank, best = inner.whole("rank_at_most", least=1), number(inner, "best_percent", above=0, most=100)
    inner.finish()
    if not any(inner.has(name) for name in ("grades", *CONDITIONS)) or (inner.has("grades") and not grades and len(
            inner.problems) == before and not any(inner.has(name) for name in CONDITIONS)):
        inner.report("E-WHEN-EMPTY", known=("grades", *CONDITIONS))
    if not isinstance(below, Blank) and not isinstance(least, Blank) and None not in (below, least) and least >= below:  # type: ignore[operator]
        inner.report("E-WHEN-NEVER", "score_below", value=below, least=least)
    return None if len(inner.problems) != before else When(grades, passed, below, least, rank, best)


def read_in_a_row(table: Table) -> InARow | None:
    """``in_a_row = { periods = 2, gaps = "skip", every = false }``; None where it is not said or not right."""
    inner = table.table("in_a_row")
    if inner is None:
        return None
    if not inner.has("periods"):
        inner.report("E-DOC-MISSING", "periods")
    periods, gaps = inner.whole("periods", least=1), inner.choice("gaps", GAPS, default=SKIP)
    every = inner.flag("every")
    if periods is not None and periods > LONGEST_RUN:
        inner.report("E-DOC-MOST", "periods", value=periods, limit=LONGEST_RUN)
    inner.finish()
    return None if periods is None else InARow(periods, gaps or SKIP, every)
