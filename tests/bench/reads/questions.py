"""What is asked of every server, and when two answers are the same.

A question stands in ``queries/`` twice: in the product's GraphQL and, as ``.peer``, in the one that PostGraphile makes
of the tables. Before anything is measured both answers are brought into one form and compared, row by row.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import orjson
from tests.bench.declared import SHORT_SCHEME
from tests.bench.reads.servers import PEER, Refused, Server
from tests.bench.tickets import PERIOD

QUERIES: Final = Path(__file__).with_name("queries")
FIRST: Final = 50
EACH: Final = "@@@@@"
"""In a variable: the number of a subject, which the client makes another one each time."""
SOME: Final = ("00042", "00007", "00113")
type Flat = list[Any]


@dataclass(frozen=True, slots=True)
class Question:
    """One question; ``mine`` and ``theirs`` bring the data of an answer into the same form."""

    name: str
    title: str
    variables: Mapping[str, Any]
    mine: Callable[[Any], Flat]
    theirs: Callable[[Any], Flat]

    def body(self, server: str, run: str, subject: str = SOME[0]) -> bytes:
        """What is sent to a server about a subject; PostGraphile is told the run, which the product finds itself."""
        peer = server == PEER
        query = (QUERIES / f"{self.name}{'.peer' if peer else ''}.graphql").read_text("utf-8")
        more = {"run": run} if peer and "$run" in query else {}
        return orjson.dumps({"query": query, "variables": dict(self.variables) | more}).replace(
            EACH.encode(), subject.encode())  # fmt: skip

    def compared(self, servers: list[Server], run: str) -> bytes:
        """The first one's answer, once all have been found to say the same, of some subjects."""
        first, *_ = [self.same(servers, run, each) for each in SOME]
        return first

    def same(self, servers: list[Server], run: str, subject: str) -> bytes:
        """The answer about one subject."""
        answers = [each.answer(self.body(each.name, run, subject)) for each in servers]
        flat = []
        for server, answer in zip(servers, answers, strict=True):
            found = orjson.loads(answer)
            if found.get("errors"):
                raise Refused(f"{server.name}: {found['errors']}\n{server.told()}")
            flat.append((self.theirs if server.name == PEER else self.mine)(found["data"]))
        for server, other in zip(servers[1:], flat[1:], strict=True):
            if flat[0] != other or len(other) < 2:
                differing = next(((a, b) for a, b in zip(flat[0], other, strict=False) if a != b), None)
                raise Refused(f"{self.name}: {servers[0].name} and {server.name} differ: {differing}")
        return answers[0]


def number(text: str | None) -> Decimal | None:
    """A decimal, however it is written."""
    return None if text is None else Decimal(text)


def card(of: Mapping[str, Any]) -> Flat:
    """The head of a card of the product; fields that were not asked are None on both sides."""
    subject, grade = of["subject"], of["grade"] or {}
    return [number(of["score"]), of["rank"], of.get("rankedAmong"), of.get("state", "").lower(), of["passed"],
            of["departmentCode"], grade.get("key"), grade.get("name"), subject["kind"].lower(), subject["code"],
            subject["name"]]  # fmt: skip


def peer_card(of: Mapping[str, Any]) -> Flat:
    """The same of PostGraphile."""
    return [number(of["score"]), of["rank"], of.get("rankedAmong"), of.get("state", ""), of["passed"],
            of["departmentCode"], of["grade"], of["gradeTitleEn"], of["subjectKind"], of["subjectCode"],
            of["subjectName"]]  # fmt: skip


def line(of: Mapping[str, Any]) -> Flat:
    """A line of the product."""
    indicator, reading = of["indicator"], of["reading"]
    return [indicator["title"], indicator.get("unit"), of.get("targetText"), number(reading["value"]),
            reading.get("state", "").lower(), reading.get("sampleSize"), reading.get("numerator"),
            reading.get("denominator"), *(number(of[name]) for name in ("rawPoints", "weight", "weightedPoints"))]


def peer_line(of: Mapping[str, Any]) -> Flat:
    """The same of PostGraphile."""
    return [of["titleEn"], of.get("unit"), of.get("targetText"), number(of["readingValue"]),
            of.get("readingState", ""), of.get("sampleSize"), of.get("numerator"), of.get("denominator"),
            *(number(of[name]) for name in ("rawPoints", "weight", "weightedPoints"))]  # fmt: skip


def listed(data: Any) -> Flat:
    """The list."""
    return [[*card(each), *map(line, each["lines"])] for each in data["scorecards"]["nodes"]]


def peer_listed(data: Any) -> Flat:
    """The list."""
    return [[*peer_card(each), *map(peer_line, each["scoreLinesByTenantIdAndScorecardId"]["nodes"])]
            for each in data["allScorecards"]["nodes"]]  # fmt: skip


def single(data: Any) -> Flat:
    """The card; its explanations have no counterpart, but they must be there."""
    found = data["scorecardByKey"]
    if not all(each["explanation"]["text"] for each in (found, *found["lines"])):
        raise Refused("a card without an explanation")
    return [card(found), *map(line, found["lines"])]


def peer_single(data: Any) -> Flat:
    """The card."""
    (found,) = data["allScorecards"]["nodes"]
    return [peer_card(found), *map(peer_line, found["scoreLinesByTenantIdAndScorecardId"]["nodes"])]


def board(data: Any) -> Flat:
    """The leaderboard."""
    found = data["leaderboard"]
    return [found["totalCount"], found["pageInfo"]["hasNextPage"], *map(card, found["nodes"])]


def peer_board(data: Any) -> Flat:
    """The leaderboard."""
    found = data["allScorecards"]
    return [found["totalCount"], found["pageInfo"]["hasNextPage"], *map(peer_card, found["nodes"])]


def people(data: Any) -> Flat:
    """The page of employees."""
    found = data["employees"]
    return [found["totalCount"], found["pageInfo"]["hasNextPage"], *(
        [each["number"], each["name"], each["version"], each["department"]["code"], each["department"]["name"],
         each["position"]["code"]] for each in found["nodes"])]  # fmt: skip


def peer_people(data: Any) -> Flat:
    """The page of employees, each with one employment."""
    found = data["allEmployees"]
    rows: Flat = [found["totalCount"], found["pageInfo"]["hasNextPage"]]
    for each in found["nodes"]:
        (now,) = each["employmentsByTenantIdAndEmployeeId"]["nodes"]
        department, position = now["departmentByTenantIdAndDepartmentId"], now["positionByTenantIdAndPositionId"]
        rows.append([each["number"], each["name"], each["version"], department["code"], department["name"],
                     position["code"]])  # fmt: skip
    return rows


CARDS: Final = {"period": PERIOD, "scheme": SHORT_SCHEME}
LIST: Final = Question("list", "scorecard list", CARDS | {"first": FIRST}, listed, peer_listed)
OTHERS: Final = (
    Question("card", "one scorecard with its explanation", CARDS | {"employee": f"E{EACH}"}, single, peer_single),
    Question("leaderboard", "leaderboard", CARDS, board, peer_board),
    Question("employees", "employees page with filter", {"search": "person 12", "first": FIRST}, people, peer_people),
)
