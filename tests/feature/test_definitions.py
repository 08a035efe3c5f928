"""Schemes, reward tables and indicators of a company: documents read with their places, versions in force on a day."""

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from meritline.appraisal.definitions import (
    indicators_of,
    save_indicator,
    save_reward_table,
    save_scheme,
    schemes_in_force,
)
from meritline.appraisal.documents import read_reward_table, read_scheme, reward_document, scheme_document
from meritline.db import Database, UnitOfWork
from meritline.documents import Document, read_toml
from meritline.errors import Problem, Refused, Stale
from meritline.local import LocalUrls
from meritline.onboarding.enabling import enable_indicator_set
from meritline.plugins import catalogue_of
from meritline.tenancy.service import onboard_tenant, upsert_positions
from meritline.tenancy.values import Position, Profile
from meritline_sdk import (
    COUNT,
    HIGHER,
    HOURS,
    LOWER,
    PERCENT,
    Attribution,
    ByGrade,
    Count,
    Fine,
    Grade,
    GradeBands,
    Indicator,
    IndicatorSet,
    Instant,
    Int,
    Item,
    Mean,
    Parameter,
    Part,
    Person,
    Ranking,
    RatedIndicator,
    Ratio,
    RecordType,
    RewardTable,
    SchemeTemplate,
    SubjectKind,
    Text,
    content_hash,
    rules,
)


class Lift(RecordType, key="lift", title=Text("Lift", "电梯单")):
    mechanic = Person()
    opened_at = Instant()
    closed_at = Instant(optional=True)
    visits = Int(minimum=0)
    defaults = Attribution(credit=mechanic, at=closed_at)


WITHIN = Parameter("within", timedelta(minutes=30))
DONE = Indicator("done", Text("Done", "完成量"), measure=Count(Lift), unit=COUNT, better=HIGHER)
FAST = Indicator("fast", Text("Fast", "及时率"), unit=PERCENT, better=HIGHER, minimum_sample=5, measure=Ratio(
    Count(Lift, where=Lift.closed_at - Lift.opened_at <= WITHIN), Count(Lift)))
CYCLE = Indicator("cycle", Text("Cycle", "周期"), unit=HOURS, better=LOWER,
                  measure=Mean(Lift.closed_at - Lift.opened_at))
PEERS = RatedIndicator("peers", Text("Peers", "同事评价"), minimum_raters=2)
GRADES = GradeBands((Grade("low", Text("Low", "低")), Grade("high", Text("High", "高"), 60)))
MECHANICS = SchemeTemplate(
    "mechanics", Text("Mechanics", "维保工"), for_positions=("mechanic", "helper"), grades=GRADES, pass_score=60,
    ranking=Ranking(3), items=[
        Item(FAST, weight=50, target=85, rule=rules.Deduct(2), dimension=Text("Speed", "效率")),
        Item(CYCLE, weight="12.5", target=24, rule=rules.Bands(up_to={12: 100, 24: 80}, beyond=0)),
        Item(None, weight="37.5", key="team", title=Text("Team", "协作"), parts=[
            Part(PEERS, 60, rules.AsPoints()), Part(DONE, 40, rules.ToTarget(cap=None), target=100)]),
    ])  # fmt: skip
TEAMS = SchemeTemplate("teams", Text("Teams", "班组"), subject=SubjectKind.DEPARTMENT,
                       items=[Item(DONE, weight=100, target=10, rule=rules.TargetMet())])
PAY = RewardTable("pay", Text("Pay", "奖金"), "mechanics", [
    ByGrade("bonus", Text("Bonus", "奖金"), {"low": 0, "high": "300.50"}),
    Fine("late", Text("Late", "迟到"), DONE, 5)], fines_confirmed=True)  # fmt: skip
LIFTS = IndicatorSet("lifts", Text("Lifts", "电梯"), records=[Lift], indicators=[DONE, FAST, CYCLE, PEERS],
                     schemes=[MECHANICS, TEAMS], rewards=[PAY])
CATALOGUE = catalogue_of(LIFTS)
INDICATORS = CATALOGUE.indicators()


@pytest.fixture(scope="module")
async def database(migrated_database: LocalUrls) -> AsyncIterator[Database]:
    async with await Database.open(migrated_database.database_url) as opened:
        yield opened


@pytest.fixture
async def tenant(database: Database, request: pytest.FixtureRequest) -> UUID:
    profile = Profile("Lifts", "Asia/Shanghai", "CNY", ("zh",), "CN")
    key = f"lifts-{abs(hash(request.node.name))}"
    return (await onboard_tenant(database, key=key, profile=profile, actor="test")).tenant_id


@pytest.fixture
async def uow(database: Database, tenant: UUID) -> AsyncIterator[UnitOfWork]:
    async with database.unit_of_work(tenant) as unit:
        await upsert_positions(unit, "me", [Position(key, key, key) for key in ("mechanic", "helper", "driver")])
        yield unit


HEAD = """\
scheme = "own"
for_positions = ["mechanic"]
valid_from = 2026-05-01
"""
ITEM = """
[[item]]
indicator = "lifts.fast"
weight = {weight}
target = {target}
rule = {rule}
"""
DEDUCT = '{ kind = "deduct", points = 2, per = "percentage_point" }'


def problems_of(text: str) -> list[Problem]:
    document = read_toml(text.encode(), "schemes/own.toml")
    assert isinstance(document, Document), document
    return read_scheme(document, INDICATORS, CATALOGUE.templates())[1]


def only(text: str) -> Problem:
    (found,) = problems_of(text)
    return found


def item(weight: object = 100, target: str = '"85 %"', rule: str = DEDUCT) -> str:
    return ITEM.format(weight=weight, target=target, rule=rule)


def test_what_a_plugin_declares_survives_the_way_through_a_document() -> None:
    for template in LIFTS.schemes:
        draft, problems = read_scheme(Document(scheme_document(template, date(2026, 5, 1))), INDICATORS)
        assert not problems
        assert draft is not None
        assert content_hash(draft.scheme) == content_hash(template)
    draft, problems = read_reward_table(Document(reward_document(LIFTS.rewards[0], date(2026, 5, 1))), INDICATORS,
                                        {"mechanics": LIFTS.schemes[0]})
    assert not problems
    assert draft is not None
    assert content_hash(draft.table) == content_hash(LIFTS.rewards[0])


def test_the_weight_sum_is_refused_with_the_line_and_the_way_out() -> None:
    found = only(HEAD + item(30) + item(60, "3", '{ kind = "target_met" }').replace("fast", "done"))
    assert found.text() == (
        'schemes/own.toml:13  weight: the items sum to 90, and weights = "must_sum_to_100". '
        'Add the missing 10, or choose weights = "renormalise": 80 % of all points are then 80 instead of 72, which '
        'can be another grade and other pay. (E-SCHEME-WEIGHTS)'
    )
    assert "请补足 10" in found.text("zh")
    assert only(HEAD + item("100.5")).code == "E-SCHEME-WEIGHTS-OVER"
    assert problems_of('weights = "renormalise"\n' + HEAD + item(30)) == []
    (told,) = problems_of('weights = "renormalise"\n' + HEAD + item(90))
    assert (told.code, told.severity) == ("E-SCHEME-WEIGHTS-NOT-100", "warning"), "chosen, and told all the same"


@pytest.mark.parametrize(("target", "indicator", "code", "says"), [
    ('"85 s"', "lifts.fast", "E-TARGET-UNIT", '"85 %"'),
    ('"3 h"', "lifts.fast", "E-TARGET-UNIT", "percent"),
    ('"85 %"', "lifts.cycle", "E-TARGET-UNIT", '"85 h"'),
    ('"10 min"', "lifts.cycle", "E-TARGET-INEXACT", "hour"),
    ('"many"', "lifts.cycle", "E-DOC-NUMBER", "many"),
    ("nan", "lifts.fast", "E-DOC-NUMBER", "NaN"),
    ("inf", "lifts.fast", "E-DOC-NUMBER", "Infinity"),
    ("1e400", "lifts.fast", "E-DOC-SIZE", "1E+400"),
])  # fmt: skip
def test_a_target_fits_its_unit_or_is_refused(target: str, indicator: str, code: str, says: str) -> None:
    rule = '{ kind = "target_met" }'
    found = only(HEAD + item(target=target, rule=rule).replace("lifts.fast", indicator))
    assert (found.code, found.line, found.field) == (code, 8, "target")
    assert says in found.text()
    assert found.text("en") != found.text("zh")


@pytest.mark.parametrize(("target", "hours"), [('"90 min"', "1.5"), ('"36 h"', "36"), ("24", "24"), ("0.1", "0.1"),
                                               ('"2 天"', "48"), ('"1.25 d"', "30")])
def test_times_convert_exactly(target: str, hours: str) -> None:
    document = read_toml((HEAD + item(target=target, rule='{ kind = "target_met" }').replace("fast", "cycle")).encode(),
                         "s.toml")
    assert isinstance(document, Document)
    draft, problems = read_scheme(document, INDICATORS)
    assert not problems
    assert draft is not None
    assert draft.scheme.items[0].target == Decimal(hours)


def test_every_mistake_of_a_document_is_found_in_one_pass_with_its_line() -> None:
    text = """\
scheme = "Own Scheme"
for_position = ["mechanic"]
valid_from = "2026-13-01"

weights = "must_sum"
pass_score = true

[[item]]
indicator = "lifts.fats"
weight = 50
rule = { kind = "target_met" }

[[item]]
indicator = "lifts.fast"
weight = -1
rule = { kind = "deduct", pionts = 2, when = "under" }

[[item]]
weight = 50
"""
    told = [(found.line, found.field, found.code) for found in problems_of(text)]
    assert sorted(told) == [
        (1, "scheme", "E-DOC-KEY"), (2, "for_position", "E-DOC-UNKNOWN"), (3, "valid_from", "E-DOC-DATE"),
        (5, "weights", "E-DOC-CHOICE"), (6, "pass_score", "E-DOC-NUMBER"), (9, "indicator", "E-INDICATOR-UNKNOWN"),
        (15, "weight", "E-DOC-LEAST"), (16, "pionts", "E-DOC-UNKNOWN"), (16, "points", "E-DOC-MISSING"),
        (16, "when", "E-DOC-CHOICE"), (18, "indicator", "E-ITEM-PARTS"),
    ]  # fmt: skip
    for found in problems_of(text):
        for language in ("en", "zh"):
            shown = found.text(language)  # type: ignore[arg-type]
            assert "schemes/own.toml:" in shown
            assert "?" not in shown, "every place of the template is filled"


def bands(rows: str) -> str:
    return HEAD + item(target="85", rule=f'{{ kind = "bands", row = [{rows}] }}')


@pytest.mark.parametrize(("rows", "code", "says"), [
    ("{ to = 60, points = 0 }, { from = 70, points = 100 }", "E-BANDS-GAP", "60 to 70"),
    ("{ to = 70, points = 0 }, { from = 60, points = 100 }", "E-BANDS-OVERLAP", "60 to 70"),
    ("{ from = 10, to = 60, points = 0 }, { from = 60, points = 100 }", "E-BANDS-BELOW", "below 10"),
    ("{ to = 60, points = 0 }, { from = 60, to = 100, points = 100 }", "E-BANDS-ABOVE", "above 100"),
    ("{ to = 60, points = 0 }, { from = 60, to = 50, points = 1 }, { from = 60, points = 100 }", "E-BANDS-EMPTY", "50"),
])  # fmt: skip
def test_bands_cover_everything_once(rows: str, code: str, says: str) -> None:
    found = only(bands(rows))
    assert found.code == code
    assert says in found.text()
    assert found.line == 9


def test_bands_from_zero_need_no_open_end_below() -> None:
    document = read_toml(bands("{ from = 0, to = 60, points = 0 }, { from = 60, points = 100 }").encode(), "s.toml")
    assert isinstance(document, Document)
    draft, problems = read_scheme(document, INDICATORS)
    assert not problems
    assert draft is not None
    assert draft.scheme.items[0].rule == rules.Bands(at_least={60: 100}, below=0)


def test_grades_from_and_to_are_the_same_as_limits() -> None:
    rows = """
[grades]
[[grades.grade]]
key = "low"
from = 0
to = 60
[[grades.grade]]
key = "high"
from = 60
"""
    for text in (rows, rows.replace("from = 0\nto = 60\n", "").replace("from = 60", "limit = 60")):
        document = read_toml((HEAD + item() + text).encode(), "s.toml")
        assert isinstance(document, Document)
        draft, problems = read_scheme(document, INDICATORS)
        assert not problems
        assert draft is not None
        assert [(grade.key, grade.limit) for grade in draft.scheme.grades.grades] == [("low", None), ("high", 60)]  # type: ignore[union-attr]
    assert only(HEAD + item() + rows.replace("from = 60", "from = 70")).code == "E-BANDS-GAP"
    assert only(HEAD + item() + rows.replace("from = 60", "limit = 60")).code == "E-GRADES-FORM"
    assert only(HEAD + item() + rows.replace("from = 0\nto = 60\n", "limit = 1\n").replace("from", "limit")).code == (
        "E-GRADES-LOWEST")


def test_a_json_document_says_where_by_its_way_and_refuses_floats() -> None:
    document = {"scheme": "own", "valid_from": "2026-05-01", "item": [
        {"indicator": "lifts.fast", "weight": 99.9, "target": "85 %", "rule": {"kind": "deduct", "points": "2"}}]}
    (found,) = read_scheme(Document(document), INDICATORS)[1]
    assert (found.code, found.field, found.line) == ("E-DOC-INEXACT", "item[0].weight", None)


JUNK: tuple[object, ...] = (None, True, 0, -1, 1.5, "", "x", "85 %", "3 h", [], {}, [1], [{}], {"a": 1}, "9" * 400,
                            10**400, "1e9999", "NaN", "²", "\0", "2026-02-30", float("nan"), {"kind": "bands"})


def spoilt(value: object, chance: random.Random) -> object:
    """The document with some of its parts lost, repeated or replaced."""
    if chance.random() < 0.08:
        return chance.choice(JUNK)
    if isinstance(value, dict):
        return {key: spoilt(part, chance) for key, part in value.items() if chance.random() > 0.02}
    if isinstance(value, list):
        return [spoilt(part, chance) for part in value] * chance.choice((1, 1, 1, 1, 2))
    return value


def test_whatever_json_comes_it_is_read_or_refused_with_its_places() -> None:
    chance = random.Random(20261122)
    given = [scheme_document(one, date(2026, 5, 1)) for one in LIFTS.schemes]
    given.append(reward_document(LIFTS.rewards[0], date(2026, 5, 1)))
    read = 0
    for _ in range(1500):
        whole = spoilt(chance.choice(given), chance)
        document = Document(whole if isinstance(whole, dict) else {})
        drafts = (read_scheme(document, INDICATORS), read_reward_table(document, INDICATORS, {"mechanics": MECHANICS}))
        for draft, problems in drafts:
            assert (draft is None) == any(one.severity == "error" for one in problems)
            assert all(one.text(language) for one in problems for language in ("en", "zh"))  # type: ignore[arg-type]
            read += draft is not None
    assert read > 60, "some of them are still sound"


def reward_problems(rows: str) -> list[Problem]:
    text = f'reward_table = "pay"\nscheme = "mechanics"\nvalid_from = 2026-05-01\n{rows}'
    document = read_toml(text.encode(), "rewards/pay.toml")
    assert isinstance(document, Document), document
    return read_reward_table(document, INDICATORS, {"mechanics": LIFTS.schemes[0]})[1]


def test_a_reward_table_pays_every_grade_once_and_to_the_cent() -> None:
    told = reward_problems("""
[[reward]]
key = "bonus"
kind = "by_grade"
amounts = { low = 0.005, heigh = 300 }
[[reward]]
key = "second"
kind = "by_rank"
amounts = [500, 300.001]
beyond = 0
[[reward]]
key = "third"
kind = "when_met"
indicator = "lifts.fast"
amount = 50
[[reward]]
key = "fourth"
kind = "pool"
indicator = "lifts.cycle"
amount = 50
at_least = "3 %"
""")
    assert [(found.line, found.field, found.code) for found in told] == [
        (8, "low", "E-MONEY-CENTS"), (8, "amounts", "E-REWARD-GRADE-MISSING"), (8, "heigh", "E-REWARD-GRADE-UNKNOWN"),
        (12, "reward[1].amounts[1]", "E-MONEY-CENTS"), (14, "at_least", "E-REWARD-LIMITS"),
        (24, "at_least", "E-TARGET-UNIT"),
    ]  # fmt: skip
    twice = '[[reward]]\nkey = "{}"\nkind = "by_rank"\namounts = [5]\nbeyond = 0\n'
    assert [found.code for found in reward_problems(twice.format("a") + twice.format("b"))] == ["E-REWARD-TWICE"]
    fine = '[[reward]]\nkey = "f"\nkind = "fine"\nindicator = "lifts.done"\namount = 1\nreduces = "bonus"\n'
    fine = "fines_confirmed = true\n" + fine
    assert [found.code for found in reward_problems(fine)] == ["E-REWARD-REDUCES"]


async def test_enabling_makes_the_companys_own_rows_once(uow: UnitOfWork) -> None:
    done = await enable_indicator_set(uow, "me", CATALOGUE, "lifts")
    assert (done.schemes, done.reward_tables) == (("mechanics", "teams"), ("pay",))
    assert not (await enable_indicator_set(uow, "me", CATALOGUE, "lifts")).changed
    found = {one.key: one for one in await indicators_of(uow.conn, uow.tenant_id)}
    assert list(found) == ["lifts.cycle", "lifts.done", "lifts.fast", "lifts.peers"]
    assert found["lifts.fast"].indicator == FAST
    assert found["lifts.fast"].parameters == {"within": 30 * 60 * 1_000_000}
    assert (found["lifts.fast"].minimum_sample, found["lifts.peers"].minimum_sample) == (5, 2)
    mechanics, teams = await schemes_in_force(uow.conn, uow.tenant_id, date(2020, 1, 1))
    assert (mechanics.scheme, teams.scheme) == LIFTS.schemes
    assert mechanics.reward == LIFTS.rewards[0]
    assert teams.reward is None
    rows = await uow.conn.fetch("select key, weight, target, target_unit from scheme_item order by 1")
    assert ("cycle", Decimal("12.5"), 24, "hour") in [tuple(row) for row in rows]


async def test_an_upgrade_brings_definitions_and_keeps_what_the_company_set(uow: UnitOfWork) -> None:
    await enable_indicator_set(uow, "me", CATALOGUE, "lifts")
    settings = {"key": "lifts.fast", "minimum_sample": 9, "parameters": {"within": "45 min"}}
    assert await save_indicator(uow, "me", settings) == 2
    assert await save_indicator(uow, "me", settings) == 2
    newer = replace(FAST, note=Text("New words", "新说明"))
    upgraded = IndicatorSet("lifts", Text("Lifts", "电梯"), records=[Lift], indicators=[DONE, newer, CYCLE, PEERS])
    assert (await enable_indicator_set(uow, "me", catalogue_of(upgraded), "lifts")).indicators == ("lifts.fast",)
    found = {one.key: one for one in await indicators_of(uow.conn, uow.tenant_id)}["lifts.fast"]
    assert (found.indicator, found.version, found.minimum_sample) == (newer, 3, 9)
    assert found.parameters == {"within": 45 * 60 * 1_000_000}
    assert await uow.conn.fetchval("select count(*) from indicator_version") == 6
    assert len(await schemes_in_force(uow.conn, uow.tenant_id, date(2026, 1, 1))) == 2, "schemes are the company's"


@pytest.mark.parametrize(("settings", "code"), [
    ({"key": "lifts.fast", "parameters": {"withn": "45 min"}}, "E-INDICATOR-PARAMETER"),
    ({"key": "lifts.fast", "parameters": {"within": 45}}, "E-INDICATOR-PARAMETER-VALUE"),
    ({"key": "lifts.fast", "parameters": {"within": "45 %"}}, "E-INDICATOR-PARAMETER-VALUE"),
    ({"key": "lifts.fats"}, "E-INDICATOR-UNKNOWN"),
    ({"key": "lifts.fast", "minimum_sample": -1}, "E-DOC-LEAST"),
])  # fmt: skip
async def test_a_parameter_is_of_its_kind(uow: UnitOfWork, settings: dict[str, object], code: str) -> None:
    await enable_indicator_set(uow, "me", CATALOGUE, "lifts")
    with pytest.raises(Refused) as refused:
        await save_indicator(uow, "me", settings)
    assert [found.code for found in refused.value.problems] == [code]


def own(positions: list[str], since: str = "2026-05-01", key: str = "own", weight: int = 100) -> dict[str, object]:
    return {"scheme": key, "for_positions": positions, "valid_from": since, "weights": "as_given", "item": [
        {"indicator": "lifts.fast", "weight": weight, "target": 85, "rule": {"kind": "deduct", "points": 2}}]}


async def test_the_latest_version_that_is_valid_decides(uow: UnitOfWork) -> None:
    await enable_indicator_set(uow, "me", CATALOGUE, "lifts")
    for weight, since in ((1, "2026-01-01"), (2, "2026-03-01"), (3, "2026-06-01"), (4, "2026-03-01")):
        saved = await save_scheme(uow, "me", own(["driver"], since, weight=weight))
        assert saved.version == weight
    assert not (await save_scheme(uow, "me", own(["driver"], "2026-03-01", weight=4))).changed

    async def weight_on(day: date) -> int | None:
        found = [one for one in await schemes_in_force(uow.conn, uow.tenant_id, day) if one.scheme.key == "own"]
        return int(found[0].scheme.items[0].weight) if found else None

    days = {date(2025, 12, 31): None, date(2026, 1, 1): 1, date(2026, 2, 28): 1, date(2026, 3, 1): 4,
            date(2026, 5, 31): 4, date(2026, 6, 1): 3}
    assert {day: await weight_on(day) for day in days} == days
    with pytest.raises(Stale):
        await save_scheme(uow, "me", own(["driver"], weight=9), expected_version=3)
    assert (await save_scheme(uow, "me", own(["driver"], weight=9), expected_version=4)).version == 5


async def test_a_position_has_one_scheme_at_a_time_and_a_template_gives_way(uow: UnitOfWork) -> None:
    await enable_indicator_set(uow, "me", CATALOGUE, "lifts")
    await save_scheme(uow, "me", own(["mechanic", "driver"]))
    before, after = [{one.scheme.key: one for one in await schemes_in_force(uow.conn, uow.tenant_id, day)}
                     for day in (date(2026, 4, 30), date(2026, 5, 1))]
    assert before["mechanics"].scheme.for_positions == ("mechanic", "helper")
    assert after["mechanics"].scheme.for_positions == ("helper",), "the template gave way from that day on"
    with pytest.raises(Refused) as refused:
        await save_scheme(uow, "me", own(["driver", "helper"], "2026-09-01", key="other"))
    (found,) = refused.value.problems
    assert found.code == "E-SCHEME-OVERLAP"
    for words in ("'other'", "'own'", "'driver'", "2026-09-01"):
        assert words in found.text()
    await save_scheme(uow, "me", own(["driver"], "2026-09-01", key="own"))
    assert (await save_scheme(uow, "me", own(["mechanic"], "2026-09-01", key="other"))).changed, "free again by then"
    with pytest.raises(Refused):
        await save_scheme(uow, "me", own(["mechanic"], "2026-08-31", key="other"))


async def test_what_a_scheme_names_must_be_the_companys(uow: UnitOfWork) -> None:
    with pytest.raises(Refused) as unknown:
        await save_scheme(uow, "me", own(["mechanic"]))
    assert [found.code for found in unknown.value.problems] == ["E-INDICATOR-UNKNOWN"]
    await enable_indicator_set(uow, "me", CATALOGUE, "lifts")
    with pytest.raises(Refused) as refused:
        await save_scheme(uow, "me", own(["machanic"]))
    assert "mechanic" in refused.value.problems[0].text()
    with pytest.raises(Refused) as kind:
        await save_scheme(uow, "me", {**own([], key="mechanics"), "subject": "company"})
    assert [found.code for found in kind.value.problems] == ["E-SCHEME-KIND"]


async def test_a_template_is_taken_over_with_one_change(uow: UnitOfWork) -> None:
    await enable_indicator_set(uow, "me", CATALOGUE, "lifts")
    document = {"scheme": "mechanics", "template": "lifts.mechanics", "for_positions": ["driver"], "pass_score": 70,
                "valid_from": "2026-05-01"}
    await save_scheme(uow, "me", document, 1, templates=CATALOGUE.templates())
    (found,) = [one for one in await schemes_in_force(uow.conn, uow.tenant_id, date(2026, 5, 1))
                if one.scheme.key == "mechanics"]
    assert found.scheme == replace(LIFTS.schemes[0], for_positions=("driver",), pass_score=70)
    assert found.version == 2


async def test_a_reward_table_follows_its_scheme(uow: UnitOfWork) -> None:
    await enable_indicator_set(uow, "me", CATALOGUE, "lifts")
    table = {"reward_table": "pay", "scheme": "mechanics", "valid_from": "2026-05-01", "reward": [
        {"key": "bonus", "kind": "by_grade", "amounts": {"low": "10.10", "high": 400}}]}
    assert (await save_reward_table(uow, "me", table, 1)).version == 2
    assert not (await save_reward_table(uow, "me", table)).changed
    (found,) = [one for one in await schemes_in_force(uow.conn, uow.tenant_id, date(2026, 5, 1)) if one.reward]
    assert found.reward is not None
    assert found.reward.rules[0].amounts == (("low", Decimal("10.10")), ("high", Decimal(400)))  # type: ignore[attr-defined]
    with pytest.raises(Refused) as taken:
        await save_reward_table(uow, "me", {**table, "reward_table": "another"})
    assert [one.code for one in taken.value.problems] == ["E-REWARD-SCHEME-TAKEN"]
    graded = {"scheme": "mechanics", "template": "lifts.mechanics", "valid_from": "2026-06-01", "grades": {"grade": [
        {"key": "low"}, {"key": "middle", "limit": 50}, {"key": "high", "limit": 60}]}}
    saved = await save_scheme(uow, "me", graded, templates=CATALOGUE.templates())
    assert [one.code for one in saved.warnings] == ["E-REWARD-GRADES-CHANGED"]
