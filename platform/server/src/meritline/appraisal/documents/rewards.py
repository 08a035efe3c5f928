"""A reward table as written. Decides its keys; what each rule says is decided in ``reward_rules``.

``template = "ecommerce_service.s07_level_pay"`` takes everything from that table that the document does not say;
``reward`` and ``terms`` replace the template's as a whole, and fines are confirmed by the company alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from meritline.appraisal.documents.blanks import Filled, filled_document, open_problems
from meritline.appraisal.documents.conditions import read_terms
from meritline.appraisal.documents.export_rewards import reward_document
from meritline.appraisal.documents.points import Indicators
from meritline.appraisal.documents.reward_rules import read_reward
from meritline.documents import Document, Table
from meritline.documents.table import nearest_first
from meritline.errors import Problem
from meritline_sdk import DeclarationError, Fine, RewardTable, Scheme
from meritline_sdk.model.blanks import open_blanks
from meritline_sdk.model.rewards import NOT_PAID, REDUCING, ByGrade, ByRank, Coefficient, RewardRule

NO_TABLES: Mapping[str, RewardTable] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RewardDraft:
    """A reward table that reads well, not yet anybody's."""

    table: RewardTable
    valid_from: date
    document: Document


def read_reward_table(document: Document, indicators: Indicators, schemes: Mapping[str, Scheme],
                      templates: Mapping[str, RewardTable] = NO_TABLES, *,
                      blanks_stay: bool = False) -> tuple[RewardDraft | None, list[Problem]]:
    """The table and all problems of its document; the table is None where one of them is an error."""
    problems: list[Problem] = []
    whole = on_template(document, templates, problems)
    table = Table(whole, problems)
    table.raw("template")
    table.raw("blanks")
    scheme, valid_from = table.key("scheme", required=True), table.day("valid_from", required=True)
    key = table.key("reward_table", default=scheme)
    title, confirmed = table.title(default=key), table.flag("fines_confirmed")
    rows = table.tables("reward", required=True)
    rules = [read_reward(row, indicators, schemes.get(scheme or "")) for row in rows]
    terms = read_terms(table.tables("terms"), rows, schemes.get(scheme or ""))
    table.finish()
    if scheme is not None and scheme not in schemes:
        table.report("E-SCHEME-UNKNOWN", "scheme", value=scheme, known=nearest_first(scheme, schemes)[:3] or ("—",))
    if table.has("reward") and not rows:
        table.report("E-REWARD-EMPTY", "reward")
    check_whole(rows, rules)
    if not confirmed:
        report_fines(table, rows, rules)
    problems = [*problems, *([] if blanks_stay else open_problems(whole))]
    if any(one.severity == "error" for one in problems) or None in (key, scheme, valid_from, title):
        return None, problems
    try:
        found = RewardTable(key, title, scheme, tuple(rules), terms, confirmed)  # type: ignore[arg-type]
    except DeclarationError as wrong:
        return None, [*problems, whole.problem("E-DOC-DECLARATION", ("reward",), reason=wrong)]
    return RewardDraft(found, valid_from, whole), problems  # type: ignore[arg-type]


def on_template(document: Document, templates: Mapping[str, RewardTable], problems: list[Problem]) -> Filled:
    """The document laid over the template it names, if it names one, with its blanks filled."""
    name = document.data.get("template")
    if name is None:
        return filled_document(document.data, document, {}, problems)
    if not isinstance(name, str) or name not in templates:
        problems.append(document.problem("E-REWARD-TEMPLATE", ("template",), value=name,
                                         known=nearest_first(str(name), templates)[:5] or ["—"]))
        return filled_document(document.data, document, {}, problems)
    template = templates[name]
    merged = {**reward_document(template), "fines_confirmed": None, **document.data}
    return filled_document(merged, document, {one.key: one for one in open_blanks(template)}, problems)


def check_whole(rows: list[Table], rules: list[RewardRule | None]) -> None:
    """What only the whole shows: keys and money that stand twice, fines and reductions that reduce nothing."""
    keys: set[str] = set()
    pays: dict[str, RewardRule] = {}
    for row, rule in zip(rows, rules, strict=True):
        if rule is None:
            continue
        if rule.key in keys:
            row.report("E-DOC-TWICE", "key", value=rule.key)
        elif rule.pays in pays:
            report_twice(row, pays[rule.pays], rule)
        keys.add(rule.key)
        pays.setdefault(rule.pays, rule)
    paid = sorted(name for name, rule in pays.items() if not isinstance(rule, NOT_PAID))
    for row, rule in zip(rows, rules, strict=True):
        if isinstance(rule, REDUCING) and rule.reduces not in paid and None not in rules:
            row.report("E-REWARD-REDUCES", "reduces", value=rule.reduces, known=paid or ["—"])


def report_twice(row: Table, first: RewardRule, second: RewardRule) -> None:
    """Two rules for the same money; a table by rank beside one by grade has a remedy of its own."""
    both = {type(first), type(second)}
    code = "E-REWARD-LEVEL-AND-RANK" if ByRank in both and both & {ByGrade, Coefficient} else "E-REWARD-TWICE"
    row.report(code, "pays", value=second.pays, first=first.key, second=second.key)


def report_fines(table: Table, rows: list[Table], rules: list[RewardRule | None]) -> None:
    """Fines of money are limited by law in many places: the company says that it has read that."""
    fines = [(row, rule) for row, rule in zip(rows, rules, strict=True) if isinstance(rule, Fine)]
    if fines:
        row = fines[0][0]
        table.report("E-REWARD-FINES", *row.path, "kind", rules=[rule.key for _, rule in fines])
