"""A service desk appraises its resolvers on a real incident log: March, April and May 2016.

What GraphQL shows is compared with the figures of the data's README and, for every resolver, with a computation in
plain Python over the raw file that shares nothing with the product.
"""

import csv
import gzip
import io
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

MONTHS = ("2016-03", "2016-04", "2016-05")
README = {"2016-03": (5812, "42.65"), "2016-04": (8280, "71.38"), "2016-05": (8418, "76.82")}
SOURCE = {
    "record": "ticket", "external_id": "number", "time_zone": "UTC", "instant_format": "%d/%m/%Y %H:%M",
    "missing": ["?"], "coverage": "by_months",
    "fold": {"by": "external_id", "order": ["sys_updated_at:instant", "sys_mod_count:int", "line"]},
    "fields": {
        "status": "ident_state",          # the header is damaged: it stands for incident_state
        "topic": "category#2",            # "category" stands twice, the second is the subcategory
        "channel": "contact_type", "priority": "priority",
        "resolved_by": {"column": "resolved_by", "external_codes": "desk"},
        "created_at": "opened_at", "resolved_at": "resolved_at", "closed_at": "closed_at",
        "within_sla": {"column": "made_sla", "true": ["true"], "false": ["false"]},
        "transfers": "reassignment_count", "reopenings": "reopen_count",
    },
}  # fmt: skip
# The whole desk as a team: its readings are those of everybody it employs.
DESK = {
    "scheme": "desk", "title": "Service desk", "title_zh": "服务台", "valid_from": "2016-01-01",
    "subject": "department", "for_positions": ["resolver"],
    "item": [
        {"indicator": "call_center.sla_met_rate", "weight": 70, "target": "80 %",
         "rule": {"kind": "deduct", "points": 1}},
        {"indicator": "call_center.tickets_closed", "weight": 30, "target": 8000, "rule": {"kind": "to_target"}},
    ],
}  # fmt: skip
GRADES = (("a", 90, "900.00"), ("b", 75, "500.00"), ("c", 60, "200.00"), ("d", 0, "0.00"))


# The same by plain Python over the raw file --------------------------------------------------------------------------

type Row = dict[str, str]


@cache
def moment(text: str) -> datetime | None:
    """``29/2/2016 01:16``, or none for ``?``."""
    return None if text == "?" else datetime.strptime(text, "%d/%m/%Y %H:%M")  # noqa: DTZ007 (the file has no zone)


@cache
def month_of(text: str) -> str:
    """``2016-02``."""
    return f"{moment(text):%Y-%m}"


@pytest.fixture(scope="module")
def incidents(shared_file: Callable[[str], Path]) -> list[Row]:
    """Every incident by its last line."""
    with gzip.open(shared_file("itsm_incident_event_log.csv.gz")) as packed:
        rows = list(csv.DictReader(io.TextIOWrapper(packed, "ascii", newline="")))
    assert len(rows) == 141_712
    last: dict[str, tuple[Any, Row]] = {}
    for line, row in enumerate(rows):
        order = (moment(row["sys_updated_at"]), int(row["sys_mod_count"]), line)
        if row["number"] not in last or last[row["number"]][0] < order:
            last[row["number"]] = (order, row)
    return [row for _, row in last.values()]


def closed_in(incidents: Sequence[Row], month: str) -> list[Row]:
    """The incidents of known resolvers that were closed in the month."""
    return [row for row in incidents if row["resolved_by"] != "?" and month_of(row["closed_at"]) == month]


def test_the_raw_file_is_as_its_readme_says(incidents: list[Row]) -> None:
    assert len(incidents) == 24_918
    assert sum(row["resolved_at"] == "?" for row in incidents) == 1556
    resolvers = {row["resolved_by"] for row in incidents} - {"?"}
    assert len(resolvers) == 216
    often = [{who for who, count in Counter(row["resolved_by"] for row in closed_in(incidents, month)).items()
              if count >= 20} for month in MONTHS]  # fmt: skip
    assert len(set.intersection(*often)) == 58
    for month, (count, rate) in README.items():
        part = closed_in(incidents, month)
        met = sum(row["made_sla"] == "true" for row in part)
        assert (len(part), two_places(Fraction(100 * met, len(part)))) == (count, rate)


@dataclass
class Resolver:
    """What a resolver did in a month."""

    rows: list[Row]

    @property
    def sla(self) -> Fraction | None:
        return share(self.rows, lambda row: row["made_sla"] == "true")

    @property
    def first_time_fix(self) -> Fraction | None:
        return share(self.rows, lambda row: row["reassignment_count"] == row["reopen_count"] == "0")

    @property
    def reopened(self) -> Fraction | None:
        return share(self.rows, lambda row: row["reopen_count"] != "0")

    @property
    def hours(self) -> Fraction | None:
        spans = [moment(row["resolved_at"]) - moment(row["opened_at"])  # type: ignore[operator]
                 for row in self.rows if row["resolved_at"] != "?"]
        return Fraction(int(sum(span.total_seconds() for span in spans)), 3600 * len(spans)) if spans else None

    def lines(self) -> dict[str, tuple[Fraction | None, int, Fraction | None]]:
        """Reading, weight and points (of 100) by indicator, by the rules as they are printed on the scheme."""
        sla, fixed, again, hours, closed = self.sla, self.first_time_fix, self.reopened, self.hours, len(self.rows)
        return {
            "sla_met_rate": (sla, 40, None if sla is None else 100 - above(0, 80 - sla)),
            "first_time_fix_rate": (fixed, 20, None if fixed is None else 100 - above(0, 60 - fixed)),
            "reopen_rate": (again, 10, None if again is None else above(0, 100 - 10 * above(0, again - 2))),
            "ticket_resolution_time": (hours, 15, None if hours is None else Fraction(
                100 if hours <= 24 else 85 if hours <= 72 else 60 if hours <= 168 else 20)),
            "tickets_closed": (Fraction(closed), 15, min(Fraction(120), Fraction(100 * closed, 60))),
        }  # fmt: skip

    def score(self) -> str:
        """The weighted mean over what is measured."""
        measured = [(weight, points) for _, weight, points in self.lines().values() if points is not None]
        return two_places(Fraction(sum(weight * points for weight, points in measured), sum(w for w, _ in measured)))


def share(rows: list[Row], met: Callable[[Row], bool]) -> Fraction | None:
    """The percentage of rows."""
    return Fraction(100 * sum(map(met, rows)), len(rows)) if rows else None


def above(floor: int, value: Fraction) -> Fraction:
    """The value, but not less than the floor."""
    return max(Fraction(floor), value)


def two_places(value: Fraction) -> str:
    """Rounded half up."""
    return places(value, 2)


def places(value: Fraction, count: int) -> str:
    """Rounded half up to so many decimals."""
    scaled = value * 10**count
    whole = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
    return str(Decimal(whole).scaleb(-count).quantize(Decimal(1).scaleb(-count), ROUND_HALF_UP))


def expected(incidents: Sequence[Row], month: str) -> dict[str, Resolver]:
    """Every resolver of the file, also those who closed nothing."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in closed_in(incidents, month):
        found[row["resolved_by"]].append(row)
    return {who: Resolver(found[who]) for who in {row["resolved_by"] for row in incidents} - {"?"}}


# The product ---------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def desk(meritline: Any, incidents: list[Row], shared_file: Callable[[str], Path]) -> Any:
    """The service desk with its log imported and three months appraised."""
    api = meritline.onboard("incident-desk", timeZone="UTC")
    api.change("enableIndicatorSet", key="call_center")
    api.change("upsertDepartments", departments=[{"code": "desk", "name": "Service desk"}])
    codes = sorted({row["resolved_by"] for row in incidents} - {"?"}, key=int)
    api.change("upsertEmployees", employees=[
        {"number": f"R{code}", "name": f"Resolver {code}",
         "employments": [{"validFrom": "2016-01-01", "department": "desk", "position": "resolver"}]} for code in codes
    ])  # fmt: skip
    api.change("mapExternalCodes", codes=[
        {"codeSpace": "desk", "code": code, "employee": f"R{code}"} for code in codes
    ])  # fmt: skip
    api.change("saveSource", key="incident_log", document=SOURCE)
    api.change("saveScheme", document={"scheme": "resolvers", "template": "call_center.resolvers",
                                       "valid_from": "2016-01-01"})
    api.change("saveScheme", document=DESK)
    api.change("saveRewardTable", document={
        "reward_table": "resolver_rewards", "scheme": "resolvers", "valid_from": "2016-01-01", "reward": [
            {"kind": "by_grade", "key": "level_bonus", "title": "Bonus by grade", "title_zh": "等级绩效奖金",
             "amounts": {grade: int(Decimal(amount)) for grade, _, amount in GRADES}}],
    })  # fmt: skip
    done = meritline.command("import", "--tenant", "incident-desk", "--source", "incident_log",
                             shared_file("itsm_incident_event_log.csv.gz"))
    assert done.returncode == 0, done.stderr
    for month in MONTHS:
        api.appraise(month)
    return api


def test_every_line_has_its_verdict(desk: Any) -> None:
    counts = "lines accepted updated unchanged rejected unresolved folded"
    (batch,) = desk.every("imports", f"source recordType state {counts}")
    assert batch == {
        "source": "incident_log", "recordType": "ticket", "state": "DONE", "lines": 141_712, "accepted": 24_918,
        "updated": 0, "unchanged": 0, "rejected": 0, "unresolved": 0, "folded": 141_712 - 24_918,
    }  # fmt: skip


CARD = ("subject { code } score grade { key } rank rankedAmong state lines { key weight weightedPoints rawPoints "
        "reading { state value sampleSize numerator denominator } } rewards { ruleKey amount { amount currency } }")


@pytest.mark.parametrize("month", MONTHS)
def test_every_resolver_has_the_figures_of_the_raw_file(desk: Any, incidents: list[Row], month: str) -> None:
    cards = desk.every("scorecards", CARD, filter=f'{{ period: "{month}", scheme: "resolvers" }}')
    raw = expected(incidents, month)
    assert {card["subject"]["code"] for card in cards} == {f"R{code}" for code in raw}
    for card in cards:
        mine = raw[card["subject"]["code"][1:]]
        lines = {line["key"]: line for line in card["lines"]}
        for key, (value, weight, _) in mine.lines().items():
            reading = lines[key]["reading"]
            assert reading["state"] == ("NOT_MEASURED" if value is None else "MEASURED"), (card, key)
            assert (reading["value"] and places(Fraction(reading["value"]), 10)) == (
                None if value is None else places(value, 10)), (card, key)  # fmt: skip
            assert Decimal(lines[key]["weight"]) == weight
        assert Decimal(card["score"]) == Decimal(mine.score()), card
        grade, _, amount = next(each for each in GRADES if Decimal(mine.score()) >= each[1])
        assert card["grade"]["key"] == grade
        assert card["rewards"] == [{"ruleKey": "level_bonus", "amount": {"amount": amount, "currency": "CNY"}}]


@pytest.mark.parametrize("month", MONTHS)
def test_the_leaderboard_ranks_those_with_twenty_incidents(desk: Any, incidents: list[Row], month: str) -> None:
    board = desk.every("leaderboard", "rank rankedAmong score subject { code }", scheme='"resolvers"',
                       period=f'"{month}"')
    scores = {who: Decimal(one.score()) for who, one in expected(incidents, month).items() if len(one.rows) >= 20}
    ranked = {f"R{who}": 1 + sum(other > score for other in scores.values()) for who, score in scores.items()}
    assert {card["subject"]["code"]: card["rank"] for card in board} == ranked
    assert [card["rank"] for card in board] == sorted(ranked.values())
    assert {card["rankedAmong"] for card in board} == {len(ranked)}


@pytest.mark.parametrize("month", MONTHS)
def test_the_desk_has_the_figures_of_the_readme(desk: Any, month: str) -> None:
    count, rate = README[month]
    card = desk.ask('query($p: String!) { scorecardByKey(departmentCode: "desk", scheme: "desk", period: $p) '
                    f"{{ {CARD} }} }}", p=month)["scorecardByKey"]
    lines = {line["key"]: line["reading"] for line in card["lines"]}
    assert two_places(Fraction(lines["sla_met_rate"]["value"])) == rate
    assert (lines["sla_met_rate"]["denominator"], lines["sla_met_rate"]["sampleSize"]) == (str(count), count)
    assert Decimal(lines["tickets_closed"]["value"]) == count
    (first,) = desk.every("leaderboard", "rank score subject { code }", scheme='"desk"', period=f'"{month}"')
    assert (first["rank"], first["subject"]["code"], first["score"]) == (1, "desk", card["score"])


EXPLAINED = """
query($no: String!, $p: String!, $after: String) {
  scorecardByKey(employeeNo: $no, scheme: "resolvers", period: $p) { lines { key
    explanation(language: EN) { text numerator denominator
      records(first: 100, after: $after) { totalCount pageInfo { hasNextPage endCursor }
        nodes { recordType source externalId version fields } } }
    chinese: explanation(language: ZH) { text } } } }
"""


def test_a_line_is_followed_down_to_its_incidents(desk: Any, incidents: list[Row]) -> None:
    month = "2016-05"
    raw = expected(incidents, month)
    who, mine = max(((code, one) for code, one in raw.items() if 100 <= len(one.rows) <= 300),
                    key=lambda each: (len(each[1].rows), each[0]))  # fmt: skip
    found: dict[str, set[str]] = defaultdict(set)
    after: str | None = None
    while True:
        card = desk.ask(EXPLAINED, no=f"R{who}", p=month, after=after)["scorecardByKey"]
        line = next(each for each in card["lines"] if each["key"] == "sla_met_rate")
        page = line["explanation"]["records"]
        for node in page["nodes"]:
            fields = node["fields"] if isinstance(node["fields"], dict) else json.loads(node["fields"])
            assert (node["recordType"], node["source"], fields["resolved_by"]) == ("ticket", "incident_log", who)
            found[node["externalId"]].add(str(fields["within_sla"]).lower())
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert {number: words.pop() for number, words in found.items()} == {
        row["number"]: row["made_sla"] for row in mine.rows}
    assert page["totalCount"] == len(mine.rows)
    met = sum(row["made_sla"] == "true" for row in mine.rows)
    assert (line["explanation"]["numerator"], line["explanation"]["denominator"]) == (str(met), str(len(mine.rows)))
    for text in (line["explanation"]["text"], line["chinese"]["text"]):
        assert f"{met}/{len(mine.rows)}" in text


def test_payroll_gets_what_the_scorecards_say(meritline: Any, desk: Any) -> None:
    done = meritline.command("export", "rewards", "--tenant", "incident-desk", "--period", "2016-05")
    assert done.returncode == 0, done.stderr
    rows = list(csv.reader(io.StringIO(done.stdout.lstrip("\ufeff"))))[1:]
    cards = desk.every("scorecards", "subject { code } rewards { ruleKey amount { amount } }",
                       filter='{ period: "2016-05", scheme: "resolvers" }')
    assert sorted((row[3], row[6], row[8]) for row in rows if row[1] == "resolvers") == sorted(
        (card["subject"]["code"], line["ruleKey"], line["amount"]["amount"])
        for card in cards for line in card["rewards"])


def test_running_again_gives_the_same_and_pays_nothing_twice(desk: Any) -> None:
    selection = "subject { code } digest rewards { ruleKey amount { amount } digest }"
    before = desk.every("scorecards", selection, filter='{ period: "2016-04" }')
    runs = "runs { number inputDigest resultDigest }"
    again = desk.appraise("2016-04")
    assert desk.every("scorecards", selection, filter='{ period: "2016-04" }') == before
    (cycle,) = desk.every("cycles", runs, filter='{ periods: ["2016-04"] }')
    assert len(cycle["runs"]) == again["number"] == 2
    assert len({(run["inputDigest"], run["resultDigest"]) for run in cycle["runs"]}) == 1
