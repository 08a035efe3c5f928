"""The thirteen schemes of the field stand in the plugins as templates, line by line in the words of their documents.

The list is ``domain/schemes.yaml``; where it is not at hand the walk says so. What links a line to the items that
stand for it is the wording; a starter of ours stands beside each template.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from meritline.appraisal.documents import read_reward_table, read_scheme, reward_document
from meritline.documents import Document
from meritline_after_sales_common import COMMON
from meritline_appliance_repair import APPLIANCE_REPAIR
from meritline_call_center import CALL_CENTER
from meritline_ecommerce_service import ECOMMERCE_SERVICE
from meritline_sdk import (
    UNDECIDED,
    Blank,
    Item,
    RatedIndicator,
    Scheme,
    Template,
    Text,
    canonical,
    filled,
    open_blanks,
    rules,
)  # fmt: skip
from meritline_sdk.model.items import Event, Part, key_of
from meritline_sdk.model.sets import short
from meritline_sdk.model.units import UNITS, Direction, Unit

LIST = Path(__file__).parents[2].parent / "shared/domain/schemes.yaml"
SETS = (COMMON, APPLIANCE_REPAIR, CALL_CENTER, ECOMMERCE_SERVICE)
INDICATORS = {f"{one.key}.{each.key}": each for one in SETS for each in one.indicators}
# As a company has them that has named what its source left without a name.
NAMED = {key: replace(one, needs_name=False) if isinstance(one, RatedIndicator) else one
         for key, one in INDICATORS.items()}  # fmt: skip
TEMPLATES = {f"{one.key}.{each.scheme.key}": each for one in SETS for each in one.templates}
STARTERS = {f"{one.key}.{each.scheme.key}": each for one in SETS for each in one.starters}
# Judged one by one: what scores is the sum of the points, not the number of complaints.
COUNTED_BY_POINTS = {"verified_complaint_count": "verified_complaint_points"}
# Put together of these already; and a number that reads another one's ratings.
WITHIN = {
    "csat_composite": {"csat_sub_attitude", "csat_sub_skill", "csat_sub_efficiency", "csat_sub_standard",
                       "csat_score_transactional"},
    "teamwork_score": {"rt_teamwork"},
}  # fmt: skip
# The product's own words where the list has those of its author.
OTHER_WORDS = {"S08.D2", "S08.I01"}
# Blanks that are no number of a scheme: names and settings of an indicator.
OF_THE_INDICATOR = {
    "arrival_tolerance_minutes", "indicator_name", "limit_acceptance_to_response", "limit_response_to_resolution",
    "promised_response_time", "promised_time", "set_resolution_time", "severity_table",
}  # fmt: skip
LIMITS = {"<=": Direction.LOWER, ">=": Direction.HIGHER, "trend_down": Direction.LOWER, "floor": Direction.HIGHER}
OTHER_UNITS = {"score": "score_0_100", "per_week": "times_per_week"}

pytestmark = pytest.mark.skipif(not LIST.exists(), reason=f"the list of the field is not beside the checkout: {LIST}")


@cache
def document() -> dict[str, Any]:
    """The list, read by the reader in C where there is one: it is long, and every worker reads it."""
    return dict(yaml.load(LIST.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


def listed(key: str = "schemes") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document()[key] if LIST.exists() else []
    return found


def lines() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [(dimension, line) for scheme in listed() for dimension in scheme["dimensions"]
            for line in dimension["indicators"]]  # fmt: skip


def events() -> list[dict[str, Any]]:
    return [line for scheme in listed() for line in scheme.get("events", ())]


def templates_of(scheme_id: str) -> list[Template]:
    """The templates of a document: one, or one by period or role."""
    prefix = scheme_id.lower()
    return [one for one in TEMPLATES.values() if one.scheme.key.split("_")[0] == prefix]


def standing(line: dict[str, Any]) -> Iterator[tuple[Template, list[Item | Event]]]:
    """The items and events that bear the line's words, template by template."""
    words = "\n".join(line["quotes"])
    for template in templates_of(line["id"].split(".")[0]):
        names = [short(name) for name, told in template.wording if told == words]
        found = [one for one in (*template.scheme.items, *template.scheme.events) if short(one.name()) in names]
        if found:
            yield template, found


def leaves(one: Item | Event | Part) -> Iterator[Item | Event | Part]:
    """The line itself, or what it is put together from."""
    inner = getattr(one, "parts", ())
    if not inner:
        yield one
    for part in inner:
        yield from leaves(part)


def measured(found: list[Item | Event]) -> dict[str, Item | Event | Part]:
    """What is read, by the indicator's short key."""
    return {short(key_of(leaf.indicator)): leaf for one in found for leaf in leaves(one)}


def unit_of(leaf: Item | Event | Part) -> Unit:
    return INDICATORS[key_of(leaf.indicator)].unit


@pytest.mark.parametrize("scheme", listed(), ids=lambda one: one["id"])
def test_every_document_is_a_template_with_a_starter(scheme: dict[str, Any]) -> None:
    found = templates_of(scheme["id"])
    assert found, "no template"
    for template in found:
        assert template.missing, "what the document does not say is told"
        assert template.notes
        assert scheme["id"] in template.source.en
        beside = [one for one in STARTERS.values() if one.template == template.scheme.key]
        assert beside, f"{template.scheme.key} has no starter"
        assert all(open_blanks((one.scheme, *one.rewards)) == () for one in beside)
    if not scheme["weights"].get("complete", True) and scheme["weights"]["sum"]:
        assert found[0].scheme.weights == UNDECIDED
        assert sum(Decimal(str(one.weight)) for one in found[0].scheme.items) == scheme["weights"]["sum"]


@pytest.mark.parametrize(("dimension", "line"), lines(), ids=lambda one: one["id"])
def test_every_line_stands_there_in_the_words_of_its_document(dimension: dict[str, Any], line: dict[str, Any]) -> None:
    stands = list(standing(line))
    assert stands, "no template has these words"
    wanted = {*line.get("metrics", ()), *line.get("rated", ())}
    for template, every in stands:
        found = of_dimension(template.scheme, every, dimension)
        read = {*measured(found), *(one for key in measured(found) for one in WITHIN.get(key, ()))}
        assert wanted <= read, f"{template.scheme.key}: {sorted(read)}"
        parts = [part.title for one in found for part in getattr(one, "parts", ()) if part.title]
        if line["id"] not in OTHER_WORDS:
            assert Text(line["en"], line["zh"]) in [*(one.title for one in found), *parts]
        require_dimension(template.scheme, found, dimension)
        require_weight(found, line)
        require_target(found, line)
        require_blanks(template, line)


def of_dimension(scheme: Scheme, found: list[Item | Event], wanted: dict[str, Any]) -> list[Item | Event]:
    """Where the same words are printed in two dimensions: what stands in this one."""
    here = [one for one in found if isinstance(one, Item) and (dimension := scheme.dimension_of(one))
            and dimension.title.zh == wanted["zh"]]  # fmt: skip
    return [*here] or found


def require_dimension(scheme: Scheme, found: list[Item | Event], wanted: dict[str, Any]) -> None:
    """The line stands in its dimension, with the dimension's words and weight."""
    for one in found:
        assert isinstance(one, Item)
        dimension = scheme.dimension_of(one)
        assert dimension is not None
        if wanted["id"] not in OTHER_WORDS:
            assert dimension.title.zh == wanted["zh"]
            assert wanted["en"] in ("(single list)", dimension.title.en)
        if wanted["weight"] is not None and not dimension.inner:
            assert dimension.weight == wanted["weight"]


def require_weight(found: list[Item | Event], line: dict[str, Any]) -> None:
    """The printed weight, an inner one within its group, or a blank."""
    weights = [one.weight for one in found if isinstance(one, Item)]
    inner = [part.weight for one in found for part in getattr(one, "parts", ())]
    if "inner_weight" in line:
        assert line["inner_weight"] in (*weights, *inner, *inner_sum(found))
    elif line["weight"] is None:
        assert any(isinstance(one, Blank) for one in weights)
    else:
        assert sum(Decimal(str(one)) for one in weights) == line["weight"]


def inner_sum(found: list[Item | Event]) -> list[Decimal]:
    """What the line's items weigh together, where each has a number."""
    weights = [one.weight for one in found if isinstance(one, Item)]
    return [] if open_blanks(tuple(weights)) else [sum(map(Decimal, weights), Decimal(0))]  # type: ignore[arg-type]


def require_target(found: list[Item | Event], line: dict[str, Any]) -> None:
    """The printed target, in the indicator's own unit and direction; a blank where it is printed as one."""
    target = line.get("target")
    if not target or target["op"] == "none":
        return
    read = measured(found)
    key = target.get("applies_to") or next((one for one in line["metrics"] if read[one].target is not None),
                                           line["metrics"][0])  # fmt: skip
    leaf = read[key]
    indicator = INDICATORS[key_of(leaf.indicator)]
    if target["op"] == "floor":
        assert isinstance(leaf.rule, rules.AboveFloor)
        assert leaf.rule.start == Decimal(target["value"])
    elif target["op"] == "trend_down":
        assert isinstance(leaf.rule, rules.TargetMet)
        assert (leaf.target, leaf.rule.strict, indicator.better) == (0, True, Direction.LOWER)
    elif target.get("value") is None:
        assert isinstance(leaf.target, Blank)
    elif "per" in target:  # a limit for each contact: what is measured is the share within it
        assert leaf.target == Decimal(target.get("share", 100))
        assert indicator.unit.key == "percent"
    else:
        assert indicator.better is LIMITS[target["op"]]
        assert Fraction(str(leaf.target)) == in_unit(Fraction(target["value"]), target["unit"], indicator.unit)


def in_unit(value: Fraction, unit: str, wanted: Unit) -> Fraction:
    """The number in the indicator's unit; nothing but times converts."""
    given = UNITS[OTHER_UNITS.get(unit, unit)]
    if given is wanted:
        return value
    assert given.seconds and wanted.seconds, f"{unit} is no {wanted.key}"  # noqa: PT018
    return value * given.seconds / wanted.seconds


def require_blanks(template: Template, line: dict[str, Any]) -> None:
    """Every number that is printed as a bracket is a blank of the template, printed so."""
    open_ones = {one.key: one for one in open_blanks(template.scheme)}
    number = line["id"].split(".")[1].lower()
    for blank in line.get("blanks", ()):
        if blank["value_in_seed"] is not None or blank["name"] in OF_THE_INDICATOR:
            continue
        found = open_ones.get(f"{blank['name']}_{number}")
        assert found is not None, f"{blank['name']}_{number}: {sorted(open_ones)}"
        assert found.printed == blank.get("written", found.printed)


@pytest.mark.parametrize("event", events(), ids=lambda one: one["id"])
def test_every_event_has_its_sign_and_points(event: dict[str, Any]) -> None:
    ((_, (found,)),) = standing(event)
    assert isinstance(found, Event)
    assert found.title == Text(event["en"], event["zh"])
    assert short(key_of(found.indicator)) in {COUNTED_BY_POINTS.get(one, one) for one in event["metrics"]}
    sign = -1 if event["sign"] == "deduct" else 1
    if "points_min" in event:
        assert isinstance(found.rule, rules.Judged)
        assert (found.rule.least, found.rule.most) == (Decimal(event["points_min"]), Decimal(event["points_max"]))
        assert found.rule.sign == sign
    elif isinstance(found.rule, rules.Threshold):
        assert (event["per"], found.rule.points) == ("month", sign * Decimal(event["points"]))
    else:
        assert isinstance(found.rule, rules.PerUnit)
        assert (found.rule.points, found.rule.start) == (sign * Decimal(event["points"]), 0)


@pytest.mark.parametrize("key", [*TEMPLATES, *STARTERS])
def test_what_is_offered_is_read_back_from_its_document(key: str) -> None:
    """A template with some number in every blank, a starter as it is: the document says all that the scheme says."""
    offered = {**TEMPLATES, **STARTERS}[key]
    blanks = open_blanks((offered.scheme, offered.rewards))
    numbers = {one.key: 20 if one.key.startswith("weight") else 7 for one in blanks}
    wanted = filled(replace(offered.scheme, weights="renormalise"), numbers)
    asked = {"scheme": offered.scheme.key, "template": key, "weights": "renormalise", "valid_from": "2026-01-01"}
    templates = {name: one.scheme for name, one in {**TEMPLATES, **STARTERS}.items()}
    used = {one.key for one in open_blanks(offered.scheme)}
    draft, problems = read_scheme(Document({**asked, "blanks": {one: numbers[one] for one in used}}), NAMED, templates)
    assert [one for one in problems if one.severity == "error"] == []
    assert draft is not None
    assert canonical(draft.scheme) == canonical(wanted)
    for table in offered.rewards:
        own = {one.key: numbers[one.key] for one in open_blanks(table)}
        paper = {**reward_document(table), "template": f"{key.partition('.')[0]}.{table.key}", "blanks": own,
                 "fines_confirmed": True, "valid_from": "2026-01-01"}
        found, problems = read_reward_table(Document(paper), NAMED, {wanted.key: wanted}, {paper["template"]: table})
        assert [one for one in problems if one.severity == "error"] == []
        assert found is not None
        assert canonical(found.table) == canonical(replace(filled(table, own), fines_confirmed=True))


def test_the_list_is_whole_and_nothing_is_offered_that_no_document_has() -> None:
    assert [one["id"] for one in listed()] == [f"S{number:02}" for number in range(1, 14)]
    assert (len(lines()), len(events())) == (125, 8)
    ids = {one["id"].lower() for one in listed()}
    assert {one.scheme.key.split("_")[0] for one in (*TEMPLATES.values(), *STARTERS.values())} == ids
    assert all(words in told_lines() for one in TEMPLATES.values() for _, words in one.wording)


@cache
def told_lines() -> frozenset[str]:
    """The words of every line, event and reward rule."""
    return frozenset("\n".join(one.get("quotes") or [one["quote"]])
                     for one in (*(line for _, line in lines()), *events(), *listed("reward_rules")))
