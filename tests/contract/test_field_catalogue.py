"""Everything the field appraises stands in the installed plugins: metrics, rated indicators, record types.

The list is that of the thirteen documents (``domain/schemes.yaml``); where it is not at hand the walk says so.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from meritline_after_sales_common import COMMON
from meritline_appliance_repair import APPLIANCE_REPAIR
from meritline_call_center import CALL_CENTER
from meritline_ecommerce_service import ECOMMERCE_SERVICE
from meritline_sdk import Indicator, IndicatorSet, Kind, RatedIndicator
from meritline_sdk.evaluate.readings import read
from meritline_sdk.testing import load_golden
from meritline_sdk.testing.rated_cases import load_rated

ROOT = Path(__file__).parents[2]
LIST = ROOT.parent / "shared/domain/schemes.yaml"
FOLDERS: dict[str, tuple[IndicatorSet, str]] = {
    "common": (COMMON, "after-sales-common"),
    "appliance_repair": (APPLIANCE_REPAIR, "appliance-repair"),
    "call_center": (CALL_CENTER, "call-center"),
    "ecommerce_cs": (ECOMMERCE_SERVICE, "ecommerce-service"),
}
SETS = [one for one, _ in FOLDERS.values()]
UNITS = {"boolean": "yes_no"}
# People are the company's own table (employees with their employments), not records that a system delivers.
PEOPLE = "employee"
NOTHING_IS_ZERO = re.compile(r"(no rows|no issues|no task|no valid certificate|no scheduled day)[^;]* -> 0")
FILLED: dict[Kind, int] = {Kind.DURATION: 1, Kind.INT: 1, Kind.NUMBER: 1}

pytestmark = pytest.mark.skipif(not LIST.exists(), reason=f"the list of the field is not beside the checkout: {LIST}")


@cache
def golden(folder: str) -> list[Any]:
    own = next(one for one, name in FOLDERS.values() if name == folder)
    cases = ROOT / "plugins" / folder / "golden"
    return [*load_golden(cases, [own]), *load_rated(cases, [own])]


@cache
def document() -> dict[str, Any]:
    """The list, read by the reader in C where there is one: it is long, and every worker reads it."""
    return dict(yaml.load(LIST.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


def listed(key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document()[key] if LIST.exists() else []
    return found


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows]


@pytest.mark.parametrize("metric", listed("metrics"), ids=lambda row: row["id"])
def test_every_metric_is_declared_as_the_field_states_it(metric: dict[str, Any]) -> None:
    one, folder = FOLDERS[metric["plugin"]]
    found = {each.key: each for each in one.indicators}[metric["id"]]
    assert found.unit.key == UNITS.get(metric["unit"], metric["unit"])
    assert found.better.value == metric["direction"].split()[0]
    cases = [case for case in golden(folder) if case.indicator is found and not case.place.startswith("nothing")]
    assert cases, f"{metric['id']}: a case worked by hand for its edge: {metric['edge']}"
    if isinstance(found, Indicator):
        assert of_nothing(found) == ("measured" if NOTHING_IS_ZERO.search(metric["edge"]) else "not_measured")


def of_nothing(indicator: Indicator) -> str:
    """The state of its reading where everything was delivered and there was nothing; blanks are filled in."""
    filled = {one.name: FILLED[one.kind] for one in indicator.parameters() if one.default is None}
    return read(indicator, {}, covered=lambda tally: True, parameters=filled).state


@pytest.mark.parametrize("rated", listed("rated_indicators"), ids=lambda row: row["id"])
def test_every_rated_indicator_is_declared_with_raters_and_a_case(rated: dict[str, Any]) -> None:
    found = [(each, folder) for one, folder in FOLDERS.values() for each in one.indicators
             if each.key == rated["id"]]  # fmt: skip
    assert len(found) == 1
    indicator, folder = found[0]
    assert isinstance(indicator, RatedIndicator)
    stated = rated["default_raters"]
    weights = {str(group.weight) for group in indicator.groups}
    assert all(number in weights for number in stated_weights(stated)), f"{stated}: {weights}"
    assert any(case.indicator is indicator for case in golden(folder))


def stated_weights(stated: str) -> list[str]:
    """The percentages of a text such as ``superior 60%, customer sub-score 40%``; one group alone may have any."""
    found = [word.removesuffix("%") for word in stated.replace(",", " ").split() if word.endswith("%")]
    return found if len(found) > 1 else []


@pytest.mark.parametrize("entity", listed("entities"), ids=lambda row: row["id"])
def test_every_record_type_is_declared(entity: dict[str, Any]) -> None:
    if entity["id"] == PEOPLE:
        return
    found = [record for one in SETS for record in one.records if record.key == entity["id"]]
    assert len(found) == 1
    assert len(found[0].fields) > 1


def test_the_list_is_whole_and_nothing_is_counted_twice() -> None:
    assert [len(listed(key)) for key in ("metrics", "rated_indicators", "entities")] == [104, 26, 40]
    keys = [each.key for one in SETS for each in one.indicators]
    assert not set(ids(listed("metrics"))) - set(keys)
    measured = [each for one in SETS for each in one.indicators if isinstance(each, Indicator)]
    assert len(keys) >= 130
    assert len(measured) >= 103  # one metric, the teamwork score, is the number of a rated indicator
