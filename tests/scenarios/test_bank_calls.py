"""A call centre appraises its agents, its queues and itself on a real bank's calls of February 1999.

The file is sent as it is. What GraphQL shows is compared with the figures of the data's README and, for every agent and
every queue, with plain Python over the raw file. A call that waited in the queue was offered when it entered it; one
that did not was offered, and answered, when it left the voice menu. Who hung up in the menu was never offered.
"""

import csv
import gzip
import io
import json
from collections import Counter, defaultdict
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

import pytest

MONTH = "1999-02"
FILE = "bank_calls_1999_02.tsv.gz"
NO_TIME = "0:00:00"
LEAST_CALLS = 150


def clock(column: str) -> dict[str, Any]:
    """A time of day with the date of the call; 0:00:00 means none."""
    return {"columns": ["date", column], "missing": NO_TIME}


def after_entry(when: str | None, *columns: str) -> dict[str, Any]:
    """The first of the times that there is; past midnight it belongs to the next day."""
    found: dict[str, Any] = {"first_of": [clock(column) for column in columns], "rolls_over_from": "entered_at"}
    return found if when is None else {**found, "when": {"outcome": when}}


SOURCE = {
    "record": "call_record", "format": "tsv", "time_zone": "Asia/Jerusalem", "external_id": ["vru+line", "call_id"],
    "instant_format": "%y%m%d %H:%M:%S", "skip_when": {"outcome": ["PHANTOM"]}, "coverage": "by_months",
    "fields": {
        "direction": {"constant": "inbound"},
        "queue": "type",                                             # the centre's own department codes
        "agent": {"column": "server", "missing": "NO_SERVER", "external_codes": "acd"},
        "topic": "type",
        "entered_at": {"columns": ["date", "vru_entry"]},
        "offered_at": after_entry(None, "q_start", "vru_exit"),
        "answered_at": after_entry("AGENT", "q_exit", "vru_exit"),
        "abandoned_at": after_entry("HANG", "q_exit", "vru_exit"),
        "ended_at": after_entry(None, "ser_exit", "q_exit", "vru_exit"),
        "talk_seconds": {"column": "ser_time", "when": {"outcome": "AGENT"}},
        "hold_seconds": {"constant": "0"}, "wrap_seconds": {"constant": "0"},
    },
}  # fmt: skip
AGENTS = {
    "scheme": "bank_agents", "title": "Bank agents", "title_zh": "银行坐席", "valid_from": "1999-01-01",
    "for_positions": ["call_agent"], "ranking": {"minimum_sample": LEAST_CALLS},
    "item": [
        {"indicator": "call_center.avg_call_handle_time", "weight": 50,
         "rule": {"kind": "bands", "up_to": {"60 s": 60, "120 s": 90, "240 s": 100, "300 s": 80}, "beyond": 50}},
        {"indicator": "call_center.short_call_rate", "weight": 30, "target": "5 %",
         "rule": {"kind": "deduct", "points": 4, "when": "above_target"}},
        {"indicator": "call_center.calls_answered", "weight": 20, "target": 1000, "rule": {"kind": "to_target"}},
    ],
}  # fmt: skip
FLOOR = {
    "scheme": "floor", "title": "The floor", "title_zh": "坐席组", "valid_from": "1999-01-01", "subject": "department",
    "for_positions": ["call_agent"],
    "item": [
        {"indicator": "call_center.avg_call_handle_time", "weight": 40,
         "rule": {"kind": "bands", "up_to": {"240 s": 100}, "beyond": 50}},
        {"indicator": "call_center.call_handle_time_median", "weight": 20,
         "rule": {"kind": "bands", "up_to": {"240 s": 100}, "beyond": 50}},
        {"indicator": "call_center.short_call_rate", "weight": 20, "target": "5 %", "rule": {"kind": "deduct",
                                                                                             "points": 4}},
        {"indicator": "call_center.calls_answered", "weight": 20, "target": 26671, "rule": {"kind": "to_target"}},
    ],
}  # fmt: skip

type Row = dict[str, str]


# The same by plain Python over the raw file --------------------------------------------------------------------------

@pytest.fixture(scope="module")
def calls(shared_file: Callable[[str], Path]) -> list[Row]:
    """The rows of the file."""
    with gzip.open(shared_file(FILE)) as packed:
        return list(csv.DictReader(io.TextIOWrapper(packed, "ascii", newline=""), delimiter="\t"))


def by_agent(calls: list[Row]) -> dict[str, list[int]]:
    """The seconds of every call of each named agent."""
    found: dict[str, list[int]] = defaultdict(list)
    for row in calls:
        if row["outcome"] == "AGENT" and row["server"] != "NO_SERVER":
            found[row["server"]].append(int(row["ser_time"]))
    return found


def test_the_raw_file_is_as_its_readme_says(calls: list[Row]) -> None:
    assert Counter(row["outcome"] for row in calls) == {"AGENT": 27_162, "HANG": 5904, "PHANTOM": 278}
    assert len({(row["vru+line"], row["call_id"]) for row in calls}) == len(calls)
    assert len({row["call_id"] for row in calls}) < len(calls)
    served = [seconds for each in by_agent(calls).values() for seconds in each]
    assert (len(served), round(sum(served) / len(served), 2), median(served)) == (26_671, 179.03, 109)
    assert round(100 * sum(seconds < 10 for seconds in served) / len(served), 1) == 5.5


def waited(row: Row) -> int:
    """Seconds in the queue, as the file counts them itself.

    One call of the month entered its queue exactly at midnight, and 0:00:00 means none: it waited from the menu on.
    """
    if row["q_start"] == NO_TIME and row["q_exit"] != NO_TIME:
        return (seconds_of(row["q_exit"]) - seconds_of(row["vru_exit"])) % 86_400
    return int(row["q_time"])


def seconds_of(text: str) -> int:
    """Seconds since midnight."""
    hours, minutes, seconds = map(int, text.split(":"))
    return hours * 3600 + minutes * 60 + seconds


class Queue:
    """What became of the calls of a queue."""

    def __init__(self, rows: list[Row]) -> None:
        self.answered = [waited(row) for row in rows if row["outcome"] == "AGENT"]
        # Given up within five seconds is not offered; that is so for all who hung up in the voice menu.
        self.given_up = [waited(row) for row in rows if row["outcome"] == "HANG" and waited(row) > 5]
        self.offered = len(self.answered) + len(self.given_up)

    def readings(self) -> dict[str, Fraction]:
        """The three readings of the scheme ``queues``."""
        return {
            "call_service_level": Fraction(100 * sum(wait <= 30 for wait in self.answered), self.offered),
            "call_abandonment_rate": Fraction(100 * len(self.given_up), self.offered),
            "call_waiting_time": Fraction(sum(self.answered), len(self.answered)),
        }

    def score(self) -> str:
        """By the rules of the template: 50 for the level, 30 for abandonment, 20 for the wait."""
        level, lost, wait = self.readings().values()
        points = (min(Fraction(100), max(Fraction(0), 100 - 2 * (80 - level))) * 50
                  + max(Fraction(0), 100 - 4 * max(Fraction(0), lost - 5)) * 30
                  + (100 if wait <= 20 else 80 if wait <= 60 else 50 if wait <= 120 else 0) * 20) / 100  # fmt: skip
        return rounded(points, 2)


def rounded(value: Fraction, places: int) -> str:
    """Rounded half up."""
    scaled = value * 10**places
    return str(Decimal((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)).scaleb(-places))


def same(shown: str, value: Fraction) -> bool:
    """Whether what is shown with ten decimals is the exact value."""
    return Decimal(shown) == Decimal(rounded(value, 10))


# The product ---------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def bank(meritline: Any, calls: list[Row], shared_file: Callable[[str], Path]) -> Any:
    """The bank with its calls sent and February appraised."""
    api = meritline.onboard("bank-calls", timeZone="Asia/Jerusalem", currency="ILS", country="IL", languages=["en"])
    api.change("enableIndicatorSet", key="call_center")
    queues = sorted({row["type"] for row in calls})
    api.change("upsertDepartments", departments=[
        {"code": "centre", "name": "Call centre"}, {"code": "floor", "name": "The floor", "parent": "centre"},
        *({"code": queue, "name": f"Queue {queue}", "parent": "centre"} for queue in queues),
    ])  # fmt: skip
    names = sorted({row["server"] for row in calls} - {"NO_SERVER"})
    api.change("upsertEmployees", employees=[
        {"number": f"B{place:02}", "name": name.title(),
         "employments": [{"validFrom": "1999-01-01", "department": "floor", "position": "call_agent"}]}
        for place, name in enumerate(names, 1)
    ])  # fmt: skip
    api.change("mapExternalCodes", codes=[{"codeSpace": "acd", "code": name, "employee": f"B{place:02}"}
                                          for place, name in enumerate(names, 1)])
    api.change("saveSource", key="acd", document=SOURCE)
    for document in (AGENTS, FLOOR, {"scheme": "queues", "template": "call_center.queues", "valid_from": "1999-01-01"}):
        api.change("saveScheme", document=document)
    status, answer = api.send("call_record", shared_file(FILE).read_bytes(), "text/tab-separated-values", source="acd")
    assert status == 200, answer
    assert {name: answer[name] for name in ("lines", "accepted", "rejected", "skipped", "unresolved")} == {
        "lines": 33_344, "accepted": 33_066, "rejected": 0, "skipped": 278, "unresolved": 0}, answer["rows"][:5]
    api.appraise(MONTH)
    return api


CARD = ("subject { code name } score rank state lines { key reading { state value sampleSize numerator denominator } "
        "explanation { text } }")


def cards(api: Any, scheme: str) -> dict[str, Any]:
    """All cards of a scheme with their readings by key."""
    found = api.every("scorecards", CARD, filter=f'{{ period: "{MONTH}", scheme: "{scheme}" }}')
    return {card["subject"]["code"]: card | {"reading": {each["key"]: each["reading"] for each in card["lines"]}}
            for card in found}  # fmt: skip


def test_every_agent_has_the_mean_service_time_of_the_raw_file(bank: Any, calls: list[Row]) -> None:
    raw = {name.title(): seconds for name, seconds in by_agent(calls).items()}
    found = {card["subject"]["name"]: card for card in cards(bank, "bank_agents").values()}
    assert found.keys() == raw.keys()
    for name, seconds in raw.items():
        reading = found[name]["reading"]
        assert same(reading["avg_call_handle_time"]["value"], Fraction(sum(seconds), len(seconds)))
        assert reading["avg_call_handle_time"]["sampleSize"] == len(seconds)
        assert same(reading["short_call_rate"]["value"], Fraction(100 * sum(s < 10 for s in seconds), len(seconds)))
        assert same(reading["calls_answered"]["value"], Fraction(len(seconds)))
    # "Shorter is better" pays for hanging up: the reading shows who does.
    assert sum(Decimal(card["reading"]["short_call_rate"]["value"]) > 15 for card in found.values()) == 3


def test_agents_with_too_few_calls_are_scored_but_not_ranked(bank: Any, calls: list[Row]) -> None:
    few = {name.title() for name, seconds in by_agent(calls).items() if len(seconds) < LEAST_CALLS}
    assert few == {"Pinhas", "Gelber"}
    found = {card["subject"]["name"]: card for card in cards(bank, "bank_agents").values()}
    assert {name for name, card in found.items() if card["rank"] is None} == few
    assert all(found[name]["score"] is not None for name in few)
    board = bank.every("leaderboard", "rank score subject { name }", scheme='"bank_agents"', period=f'"{MONTH}"')
    assert {card["subject"]["name"] for card in board} == found.keys() - few
    assert [card["rank"] for card in board] == [
        1 + sum(Decimal(other["score"]) > Decimal(card["score"]) for other in board) for card in board]


def test_the_floor_has_the_figures_of_the_readme(bank: Any) -> None:
    (found,) = cards(bank, "floor").values()
    assert found["subject"]["code"] == "floor"
    reading = found["reading"]
    assert rounded(Fraction(reading["avg_call_handle_time"]["value"]), 2) == "179.03"
    assert reading["avg_call_handle_time"]["sampleSize"] == 26_671
    assert Decimal(reading["call_handle_time_median"]["value"]) == 109
    assert rounded(Fraction(reading["short_call_rate"]["value"]), 1) == "5.5"
    assert Decimal(reading["calls_answered"]["value"]) == 26_671


def test_a_call_that_nobody_answered_counts_for_its_queue(bank: Any, calls: list[Row]) -> None:
    found = cards(bank, "queues")
    raw = {queue: Queue([row for row in calls if row["type"] == queue]) for queue in {row["type"] for row in calls}}
    assert found.keys() == raw.keys() | {"floor"}, "every team has a card; the centre above them has none"
    for code, queue in raw.items():
        for key, value in queue.readings().items():
            assert same(found[code]["reading"][key]["value"], value), (code, key)
        level = found[code]["reading"]["call_service_level"]
        assert (level["denominator"], level["sampleSize"]) == (str(queue.offered), queue.offered)
        assert Decimal(found[code]["score"]) == Decimal(queue.score())
    nobody = found["floor"]  # no call waits for it: not measured, and that is not zero
    assert (nobody["state"], nobody["score"], nobody["rank"]) == ("NOT_MEASURED", None, None)
    board = bank.every("leaderboard", "rank score subject { code }", scheme='"queues"', period=f'"{MONTH}"')
    scores = {code: Decimal(queue.score()) for code, queue in raw.items()}
    assert {card["subject"]["code"]: card["rank"] for card in board} == {
        code: 1 + sum(other > score for other in scores.values()) for code, score in scores.items()}


ABANDONED = """
query($code: String!, $after: String) {
  scorecardByKey(departmentCode: $code, scheme: "queues", period: "1999-02") { lines { key explanation {
    records(first: 100, after: $after) { totalCount pageInfo { hasNextPage endCursor }
      nodes { externalId fields } } } } } }
"""


def test_the_abandoned_calls_of_a_queue_are_those_of_the_raw_file(bank: Any, calls: list[Row]) -> None:
    offered: dict[str, bool] = {}
    after: str | None = None
    while True:
        lines = bank.ask(ABANDONED, code="TT", after=after)["scorecardByKey"]["lines"]
        page = next(line for line in lines if line["key"] == "call_abandonment_rate")["explanation"]["records"]
        for node in page["nodes"]:
            fields = node["fields"] if isinstance(node["fields"], dict) else json.loads(node["fields"])
            offered[node["externalId"]] = fields["abandoned_at"] is not None
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert offered == {
        f"{row['vru+line']}:{row['call_id']}": row["outcome"] == "HANG" for row in calls
        if row["type"] == "TT" and (row["outcome"] == "AGENT" or (row["outcome"] == "HANG" and int(row["q_time"]) > 5))
    }  # fmt: skip
    assert page["totalCount"] == len(offered)


def test_sending_the_file_again_changes_nothing(bank: Any, shared_file: Callable[[str], Path]) -> None:
    before = cards(bank, "bank_agents")
    status, answer = bank.send("call_record", shared_file(FILE).read_bytes(), "text/tab-separated-values", source="acd")
    assert (status, answer["accepted"], answer["updated"], answer["unchanged"]) == (200, 0, 0, 33_066)
    bank.appraise(MONTH)
    assert cards(bank, "bank_agents") == before
