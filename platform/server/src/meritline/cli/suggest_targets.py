"""``meritline suggest-targets``: levels of past months from which targets may be taken. Writes nothing."""

import argparse
import json
from typing import Any

from meritline.appraisal.simulation.levels import Suggestion
from meritline.appraisal.simulation.suggestion import Suggested, Wanted, suggest
from meritline.messages import Language, language_of
from meritline.tenancy.service import find_tenant
from meritline_sdk.evaluate.numbers import rational_text

NAME = "suggest-targets"
HELP = "levels that 25, 50 and 75 % of the readings of past months reached, for a scheme's lines"
REASONS = {
    "en": {"too_few": "too few people", "no_direction": "neither more nor less is better",
           "not_own": "not the person's own reading", "not_measured": "not measured"},
    "zh": {"too_few": "人数过少", "no_direction": "无优劣方向", "not_own": "不是本人的实际值",
           "not_measured": "未测得"},
}
WORDS = {"en": ("target", "readings of", "people", "reached it"), "zh": ("目标值", "个实际值，人数", "人", "个达到")}


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("--tenant", required=True, metavar="T", help="the company's key")
    parser.add_argument("--scheme", metavar="S", help="the scheme whose lines are looked at")
    parser.add_argument("--indicator", action="append", default=[], metavar="I", help="an indicator; may be repeated")
    parser.add_argument("--from", dest="first", required=True, metavar="P", help="the first period: 2026-05")
    parser.add_argument("--to", metavar="P", help="the last period, included")
    parser.add_argument("--json", action="store_true", help="answer with JSON")


async def run(args: argparse.Namespace, platform: Any) -> int:
    """Work out the levels and tell them."""
    language = language_of((args.lang or "").replace(".", ","))
    tenant_id = await find_tenant(platform.database, args.tenant)
    wanted = Wanted(args.scheme, tuple(args.indicator), args.first, args.to)
    found = await suggest(platform.database, tenant_id, wanted, platform.clock(), functions=platform.functions)
    if args.json:
        print(json.dumps(plain(found), ensure_ascii=False, indent=1))
    else:
        print("\n".join(told(one, language) for one in found.found))
    return 0


def told(one: Suggestion, language: Language) -> str:
    """A line for a terminal."""
    target, readings, people, reached = WORDS[language]
    head = f"{one.line} ({one.unit})"
    if one.reason is not None:
        return f"{head}: {REASONS[language][one.reason]}"
    levels = "  ".join(f"{each.percent}% {each.value}" for each in one.levels)
    present = "" if one.target is None else f"; {target} {one.target}: {one.reached} {reached}"
    return f"{head}: {levels}  ({one.readings} {readings} {one.people} {people}{present})"


def plain(found: Suggested) -> dict[str, Any]:
    """Everything, as JSON has it: decimals as texts."""
    return {"scheme_version": found.version or None, "periods": list(found.periods), "lines": [
        {"line": one.line, "indicator": one.indicator, "unit": one.unit, "better": one.better.value,
         "target": None if one.target is None else str(one.target), "sample_size": one.readings, "people": one.people,
         "reached": one.reached, "reason": one.reason,
         "levels": {str(each.percent): {"value": str(each.value), "exact": rational_text(each.exact)}
                    for each in one.levels}}
        for one in found.found]}  # fmt: skip
