"""Every printed scheme and reward table, spoilt at random: it is read or refused with its places, and never raises."""

import random
from collections.abc import Mapping
from datetime import date
from typing import Any

from meritline.appraisal.documents import read_reward_table, read_scheme, reward_document, scheme_document
from meritline.appraisal.drafts import told
from meritline.appraisal.scheme_references import score_of_problems
from meritline.documents import Document
from meritline.errors import Problem
from meritline.plugins.host import load_catalogue

CATALOGUE = load_catalogue()
INDICATORS = CATALOGUE.indicators()
SCHEMES = {scheme.key: scheme for scheme in CATALOGUE.templates().values()}
DEEP: Any = 1
for _ in range(60):
    DEEP = {"blank": DEEP} if _ % 3 else [DEEP]
JUNK: tuple[object, ...] = (
    None, True, False, 0, -1, 1.5, "", "x", "85 %", "3 h", "none", [], {}, [1], [{}], {"a": 1}, "9" * 400, 10**400,
    "1e9999", "NaN", "²", "\0", "2026-02-30", "2026-05-01", float("nan"), {"kind": "bands"}, {"kind": "judged"},
    {"blank": "target_i01"}, {"blank": "weight_i01", "taken": True}, {"blank": 7}, {"blank": "x", "printed": 3}, DEEP,
    {"key": "a", "title": "A", "part": [{"item": "a", "weight": 1}]}, [{"item": "a", "weight": 1}], "a", "month",
    {"scheme": "s11"}, {"grades": ["x"]}, {"periods": 0}, "after_sales_common.s02", "score:s11:mean:1:",
)  # fmt: skip
MORE = ("template", "blanks", "dimension", "heaviest", "policies", "score_of", "veto", "item", "part", "terms",
        "when", "in_a_row", "granted", "strict", "weight", "target", "rule", "period", "fines_confirmed",
        "by_grade")  # fmt: skip


def spoilt(value: object, chance: random.Random) -> object:
    """The document with some of its parts lost, repeated, added or replaced."""
    if chance.random() < 0.02:
        return chance.choice(JUNK)
    if isinstance(value, Mapping):
        found = {key: spoilt(part, chance) for key, part in value.items() if chance.random() > 0.004}
        return found | ({chance.choice(MORE): chance.choice(JUNK)} if chance.random() < 0.03 else {})
    if isinstance(value, list):
        return [spoilt(part, chance) for part in value] * chance.choice((1,) * 40 + (2, 0))
    return value


def telling(problems: list[Problem]) -> None:
    """Every problem has its place and words in both languages."""
    for one in problems:
        kept = told(one)
        assert kept["en"] != kept["zh"]
        assert "{" not in one.message("en").replace(str(one.value), "") or one.value is not None


def test_whatever_becomes_of_a_printed_scheme_it_is_read_or_refused() -> None:
    chance = random.Random(20261122)
    documents = [scheme_document(one, date(2026, 5, 1)) for one in CATALOGUE.templates().values()]
    documents += [{"scheme": "own", "template": name, "valid_from": "2026-05-01"} for name in CATALOGUE.templates()]
    read = 0
    for _ in range(400):
        whole = spoilt(chance.choice(documents), chance)
        document = Document(whole if isinstance(whole, dict) else {})
        for stay in (False, True):
            draft, problems = read_scheme(document, INDICATORS, CATALOGUE.templates(), records=CATALOGUE.records,
                                          blanks_stay=stay)
            assert (draft is None) == any(one.severity == "error" for one in problems)
            telling(problems)
            if draft is not None:
                read += 1
                telling(score_of_problems(draft.document, draft.scheme, SCHEMES))
                again, _ = read_scheme(Document(scheme_document(draft.scheme, date(2026, 5, 1))), INDICATORS,
                                       records=CATALOGUE.records, blanks_stay=True)
                assert again is not None, "what was read can be written and read again"
                assert again.scheme == draft.scheme
    assert read > 100, "some of them are still sound"


def test_whatever_becomes_of_a_reward_table_it_is_read_or_refused() -> None:
    chance = random.Random(20261123)
    tables = CATALOGUE.reward_tables()
    documents = [{**reward_document(one, date(2026, 5, 1)), "fines_confirmed": True} for one in tables.values()]
    documents += [{"scheme": one.scheme, "template": name, "valid_from": "2026-05-01"} for name, one in tables.items()]
    read = 0
    for _ in range(2000):
        whole = spoilt(chance.choice(documents), chance)
        document = Document(whole if isinstance(whole, dict) else {})
        draft, problems = read_reward_table(document, INDICATORS, SCHEMES, tables, blanks_stay=chance.random() < 0.5)
        assert (draft is None) == any(one.severity == "error" for one in problems)
        telling(problems)
        if draft is not None:
            read += 1
            again, _ = read_reward_table(Document(reward_document(draft.table, date(2026, 5, 1))), INDICATORS, SCHEMES,
                                         blanks_stay=True)
            assert again is not None
            assert again.table == draft.table
    assert read > 100, "some of them are still sound"


def test_composites_that_would_grow_beyond_measure_are_refused_at_once() -> None:
    inner = [{"key": f"k{n}", "title": f"K{n}", "part": [{"item": f"k{n + 1}", "weight": 1}] * 50} for n in range(40)]
    leaf = {"indicator": "after_sales_common.csat_rate", "weight": 1, "target": 90, "rule": {"kind": "target_met"}}
    last = {"key": "k40", "title": "K", "part": [leaf] * 50}
    parts = [{"item": "k38", "weight": 1}, {"item": "k0", "weight": 1}]
    top = {"key": "top", "title": "T", "weight": 100, "part": parts}
    document = {"scheme": "huge", "valid_from": "2026-05-01", "item": [top, *inner, last]}
    draft, problems = read_scheme(Document(document), INDICATORS)
    assert draft is None
    assert {one.code for one in problems} & {"E-ITEM-DEEP", "E-ITEM-MANY"}
    assert len(problems) < 5000


def test_so_many_lines_that_nobody_follows_them_are_refused_at_once() -> None:
    item = {"indicator": "after_sales_common.handled_count", "weight": 1, "rule": {"kind": "as_points"}}
    document = {"scheme": "long", "valid_from": "2026-05-01", "item": [item] * 501}
    draft, problems = read_scheme(Document(document), INDICATORS, CATALOGUE.templates())
    assert draft is None
    assert [(one.code, one.params["count"], one.params["most"]) for one in problems if one.code == "E-DOC-MANY"] == [
        ("E-DOC-MANY", 501, 500)]
    assert len(problems) < 5
