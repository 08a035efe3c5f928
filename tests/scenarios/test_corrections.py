"""A company whose imports refresh its computed months, by its manifest: corrections through every door, and the figures
before and after as its people look them up. Every number is worked out by hand in the comments.
"""

import json
import time
from pathlib import Path
from typing import Any

import pytest

MAY, JUNE, TENANT = "2026-05", "2026-06", "corrected-shop"
COMPANY = f"""key = "{TENANT}"
name = "Corrected"
time_zone = "Asia/Shanghai"
currency = "CNY"
languages = ["en", "zh"]
country = "CN"
indicator_sets = ["ecommerce_service"]
"""
ON_IMPORT = '\n[appraisal]\nrefresh = "on_import"\n'
PEOPLE = """number,name,department,position,manager,from,to
S1,One,east,clerk,,2020-01-01,
S2,Two,east,clerk,,2020-01-01,
S3,Three,west,clerk,,2020-01-01,
"""
SCHEME = """scheme = "desk"
for_positions = ["clerk"]
valid_from = 2020-01-01
[[item]]
indicator = "ecommerce_service.customer_complaint_event_count"
weight = 100
target = 0
rule = { kind = "deduct", points = 10, per = 1 }
[grades]
[[grades.grade]]
key = "all"
"""
REWARDS = """reward_table = "desk_pay"
scheme = "desk"
valid_from = 2020-01-01
[[reward]]
kind = "by_rank"
key = "place"
amounts = [300, 200, 100]
beyond = 0
"""
SOURCES = """[desk]
record = "complaint"
format = "csv"
external_id = "id"
coverage = "by_months"
[desk.fields]
agent = "agent"
category = "category"
status = "status"
accepted = "accepted"
after_sales_cause = "ours"
customer = "id"
case = "id"
received_at = "at"
"""
HEAD = "id,agent,category,status,accepted,ours,at\n"
CARDS = """subject { code } score rank lines { reading { value }
  explanation(language: EN) { records(first: 20) { nodes { externalId } } } } rewards { amount { amount } }"""
DRAWN = dict[str, tuple[str, int, str, set[str]]]
PATIENCE_S = 60


def rows(*told: tuple[str, str, str]) -> str:
    """A file of complaints: name, about whom, when."""
    return HEAD + "".join(f"{name},{who},service,resolved,true,true,{at}T10:00:00+08:00\n" for name, who, at in told)


class Shop:
    """The company as an administrator has it."""

    def __init__(self, meritline: Any, folder: Path) -> None:
        self.meritline, self.folder = meritline, folder
        self.write(COMPANY)
        made = self.command("key", "create", "--tenant", TENANT, "--role", "admin")
        self.api = type(meritline.operator)(meritline.url, made.strip())

    def command(self, *words: str | Path, fails: str = "") -> str:
        done = self.meritline.command(*words)
        assert (done.returncode != 0) == bool(fails), done.stderr
        assert fails in done.stderr
        return str(done.stdout)

    def write(self, company: str) -> None:
        """The manifest, applied."""
        files = {"tenant.toml": company, "people.csv": PEOPLE, "sources.toml": SOURCES, "schemes/desk.toml": SCHEME,
                 "departments.csv": "code,name,parent\neast,East,\nwest,West,\n", "rewards/desk.toml": REWARDS}
        for name, text in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text, "utf-8")
        self.command("tenant", "apply", self.folder)

    def bring(self, *told: tuple[str, str, str]) -> None:
        """A file through ``meritline import``."""
        file = self.folder.parent / "complaints.csv"
        file.write_text(rows(*told), "utf-8")
        self.command("import", "--tenant", TENANT, "--source", "desk", file)

    def cards(self, period: str) -> DRAWN:
        """Score, place, money and complaints of everybody."""
        found = self.api.every("scorecards", CARDS, filter=f'{{ period: "{period}" }}')
        return {each["subject"]["code"]: (
            each["score"], each["rank"], each["rewards"][0]["amount"]["amount"],
            {node["externalId"] for node in each["lines"][0]["explanation"]["records"]["nodes"]}) for each in found}

    def until(self, period: str, wanted: DRAWN) -> None:
        """Wait until the cards say so."""
        deadline = time.monotonic() + PATIENCE_S
        while (found := self.cards(period)) != wanted:
            assert time.monotonic() < deadline, found
            time.sleep(0.2)

    def digests(self, period: str) -> tuple[str, str]:
        """Those of the run that counts."""
        found = self.api.ask("query($p: String!) { cycles(first: 1, filter: { periods: [$p] }) { nodes { "
                             "run { inputDigest resultDigest } } } }", p=period)["cycles"]["nodes"][0]["run"]
        return found["inputDigest"], found["resultDigest"]

    def same_as_anew(self, period: str) -> bool:
        """Whether a full run comes to what counts now, to the digest."""
        refreshed = self.digests(period)
        run = self.api.appraise(period)
        return refreshed == (run["inputDigest"], run["resultDigest"])


@pytest.fixture(scope="module")
def shop(meritline: Any, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """In May the first has one complaint, the second two; in June the third has one."""
    made = Shop(meritline, tmp_path_factory.mktemp("corrected") / "m")
    made.bring(("A", "S1", "2026-05-10"), ("B", "S2", "2026-05-11"), ("C", "S2", "2026-05-12"),
               ("D", "S3", "2026-06-12"))
    for period in (MAY, JUNE):
        made.api.appraise(period)
    return made


def test_corrections_reach_cards_places_and_money_until_the_month_is_locked(shop: Shop) -> None:
    # 100 less 10 for each complaint; two who stand at one place share the amounts of both.
    assert shop.cards(MAY) == {"S1": ("90", 2, "200.00", {"A"}), "S2": ("80", 3, "100.00", {"B", "C"}),
                               "S3": ("100", 1, "300.00", set())}
    assert shop.cards(JUNE)["S3"] == ("90", 3, "100.00", {"D"})

    # Asked for: one complaint was about somebody else, another is of June.
    shop.bring(("B", "S3", "2026-05-11"), ("C", "S2", "2026-06-12"))
    assert shop.cards(MAY)["S2"][0] == "80"
    told = shop.command("cycle", "refresh", "--tenant", TENANT, "--period", MAY, "--wait")
    assert "2 scorecards, 2 lines, 2 places, 3 rewards differ" in told
    assert shop.cards(MAY) == {"S1": ("90", 2, "150.00", {"A"}), "S2": ("100", 1, "300.00", set()),
                               "S3": ("90", 2, "150.00", {"B"})}
    assert shop.cards(JUNE)["S2"][0] == "100", "nobody asked for June"
    shop.command("cycle", "refresh", "--tenant", TENANT, "--period", JUNE, "--wait")
    assert shop.cards(JUNE)["S2"][0] == "90"
    assert shop.same_as_anew(MAY)
    assert "months: 0" not in shop.command("state", "rebuild", "--tenant", TENANT, "--period", JUNE)
    assert shop.same_as_anew(JUNE), "from state as from the records"

    # By itself after every import from now on. The manifest changed too, so the first one has both months run anew.
    shop.write(COMPANY + ON_IMPORT)
    shop.bring(("A", "S2", "2026-05-10"))
    may = {"S1": ("100", 1, "300.00", set()), "S2": ("90", 2, "150.00", {"A"}),
           "S3": ("90", 2, "150.00", {"B"})}
    shop.until(MAY, may)
    # One record by a program, which moves from one month to the other.
    moved = {"agent": "S2", "category": "service", "status": "resolved", "accepted": True, "after_sales_cause": True,
             "customer": "E", "case": "E", "received_at": "2026-05-20T10:00:00+08:00"}
    shop.api.delivered("complaint", [{"external_id": "E", **moved}])
    shop.until(MAY, may | {"S2": ("80", 3, "100.00", {"A", "E"}), "S3": ("90", 2, "200.00", {"B"})})
    status, _ = shop.api.send("complaint", json.dumps({"external_id": "E", **moved, "received_at":
                                                       "2026-06-20T10:00:00+08:00"}), "application/json")
    assert status == 200
    shop.until(MAY, may)
    shop.until(JUNE, {"S1": ("100", 1, "300.00", set()), "S2": ("80", 3, "100.00", {"C", "E"}),
                      "S3": ("90", 2, "200.00", {"D"})})
    assert shop.same_as_anew(JUNE)
    assert shop.same_as_anew(MAY)

    shop.api.change("lockCycle", period=MAY)
    locked = shop.digests(MAY)
    shop.bring(("A", "S1", "2026-06-10"))
    shop.until(JUNE, {"S1": ("90", 1, "250.00", {"A"}), "S2": ("80", 3, "100.00", {"C", "E"}),
                      "S3": ("90", 1, "250.00", {"D"})})
    shop.command("cycle", "refresh", "--tenant", TENANT, "--period", MAY, fails="E-CYCLE-LOCKED")
    assert [each["code"] for each in shop.api.tried("refreshCycle", period=MAY)["errors"]] == ["E-CYCLE-LOCKED"]
    assert {who: told[:3] for who, told in shop.cards(MAY).items()} == {who: told[:3] for who, told in may.items()}
    assert shop.digests(MAY) == locked
