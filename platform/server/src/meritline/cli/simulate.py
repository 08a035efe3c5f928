"""``meritline simulate``: what a changed scheme or reward table would have given. Writes nothing."""

import argparse
import json
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from meritline.appraisal.simulation.comparison import Compared, Pair, PeriodTotal
from meritline.appraisal.simulation.outcomes import Side
from meritline.appraisal.simulation.service import Asked, Simulation, simulate
from meritline.documents import Document
from meritline.documents.toml import read_toml
from meritline.errors import MeritlineError, Problem, Refused, render
from meritline.messages import Language, language_of
from meritline.tenancy.service import find_tenant

NAME = "simulate"
HELP = "try a changed scheme or reward table over past periods: who gains, who loses, what it costs"
SHOWN = 10
WORDS = {
    "en": {"cost": "cost", "gains": "gain", "loses": "lose", "unchanged": "unchanged", "people": "people",
           "most": "gain most", "least": "lose most", "none": "no grade", "again": "records read again"},
    "zh": {"cost": "金额", "gains": "增加", "loses": "减少", "unchanged": "不变", "people": "人",
           "most": "增加最多", "least": "减少最多", "none": "无等级", "again": "重新读取记录的考核期"},
}


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("--tenant", required=True, metavar="T", help="the company's key")
    parser.add_argument("--scheme-file", type=Path, metavar="F", help="the draft of a scheme (TOML)")
    parser.add_argument("--rewards-file", type=Path, metavar="F", help="the draft of a reward table (TOML)")
    parser.add_argument("--period", required=True, metavar="P", help="the first period: 2026-05, 2026-Q2 or 2026")
    parser.add_argument("--to", metavar="P", help="the last period, included")
    parser.add_argument("--months", type=int, metavar="N", help="how many periods, beginning with the first")
    parser.add_argument("--json", action="store_true", help="answer with JSON, everybody in it")


async def run(args: argparse.Namespace, platform: Any) -> int:
    """Try it and tell."""
    language = language_of((args.lang or "").replace(".", ","))
    tenant_id = await find_tenant(platform.database, args.tenant)
    asked = Asked(read(args.scheme_file), read(args.rewards_file), args.period, args.to, args.months)
    found = await simulate(platform.database, tenant_id, platform.catalogue, asked, platform.clock(),
                           functions=platform.functions)
    for each in found.warnings:
        print(render(each, language), file=sys.stderr)
    if args.json:
        print(json.dumps(plain(found), ensure_ascii=False, indent=1))
    else:
        print("\n".join(told(found, language)))
    return 0


def read(path: Path | None) -> Document | None:
    """The document of a file."""
    if path is None:
        return None
    try:
        found = read_toml(path.read_bytes(), str(path))
    except OSError as wrong:
        raise MeritlineError("E-SIMULATE-FILE", value=path, reason=wrong.strerror or wrong) from wrong
    if isinstance(found, Problem):
        raise Refused([found])
    return found


def told(found: Simulation, language: Language) -> list[str]:
    """For a terminal."""
    words = WORDS[language]
    lines = [f"{found.scheme}: {len(found.people)} {words['people']}, {found.how_many('gains')} {words['gains']}, "
             f"{found.how_many('loses')} {words['loses']}, {found.how_many('unchanged')} {words['unchanged']}"]
    lines.append(f"{words['cost']}: {change(found.before, found.after)} {found.currency}")
    lines += [f"  {one.period}  {change(one.before, one.after)}  {counts(one, words['none'])}" for one in found.periods]
    if found.again:
        lines.append(f"{words['again']}: {', '.join(found.again)}")
    gaining = [one for one in found.people if one.verdict == "gains"]
    losing = [one for one in reversed(found.people) if one.verdict == "loses"]
    for word, some in (("most", gaining), ("least", losing)):
        if some:
            lines += [f"{words[word]}:", *(f"  {person(one)}" for one in some[:SHOWN])]
    return lines


def change(before: Decimal, after: Decimal) -> str:
    """``100.00 -> 120.00 (+20.00)``."""
    return f"{before} -> {after} ({after - before:+})"


def counts(one: PeriodTotal, none: str) -> str:
    """``a 3->4, b 7->6``."""
    keys = sorted({*one.grades_before, *one.grades_after}, key=lambda key: (not key, key))
    return ", ".join(f"{key or none} {one.grades_before.get(key, 0)}->{one.grades_after.get(key, 0)}" for key in keys)


def person(one: Compared) -> str:
    """A line for a person."""
    who = one.person
    return f"{who.code} {who.name}: {change(who.before, who.after)}, {one.score_difference:+f}"


def plain(found: Simulation) -> dict[str, Any]:
    """Everything, as JSON has it: decimals as texts."""
    return {
        "scheme": found.scheme, "subjects": found.kind.value, "currency": found.currency, "people": len(found.people),
        "gains": found.how_many("gains"), "loses": found.how_many("loses"), "unchanged": found.how_many("unchanged"),
        **amounts(found.before, found.after), "read_again": list(found.again),
        "periods": [{"period": one.period, "people": one.people, **amounts(one.before, one.after),
                     "grades_before": dict(one.grades_before), "grades_after": dict(one.grades_after)}
                    for one in found.periods],
        "persons": [{"code": one.person.code, "name": one.person.name,
                     "verdict": one.verdict, **amounts(one.person.before, one.person.after),
                     "score_difference": str(one.score_difference), "periods": pairs(one.person.pairs)}
                    for one in found.people],
        "warnings": [each.as_dict() for each in found.warnings],
    }  # fmt: skip


def amounts(before: Decimal, after: Decimal) -> dict[str, str]:
    """Money before and after."""
    return {"before": str(before), "after": str(after), "difference": str(after - before)}


def pairs(some: Sequence[Pair]) -> list[dict[str, Any]]:
    """Each period of a person."""
    return [{"period": one.period, "before": side(one.before), "after": side(one.after),
             "difference": str(one.difference)} for one in some]


def side(one: Side | None) -> dict[str, Any] | None:
    """One side."""
    if one is None:
        return None
    return {"score": None if one.score is None else str(one.score), "grade": one.grade, "rank": one.rank,
            "state": one.state, "passed": one.passed, "money": None if one.money is None else str(one.money)}
