"""Everything the field appraises stands in the installed plugins: metrics, rated indicators, record types.

The list is that of the thirteen documents (``domain/schemes.yaml``); where it is not at hand the walk says so.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from meritline_after_sales_common import COMMON
from meritline_appliance_repair import APPLIANCE_REPAIR
from meritline_call_center import CALL_CENTER
from meritline_ecommerce_service import ECOMMERCE_SERVICE
from meritline_sdk import Indicator, IndicatorSet, RatedIndicator
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

pytestmark = pytest.mark.skipif(not LIST.exists(), reason=f"the list of the field is not beside the checkout: {LIST}")


def listed(key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(LIST.read_text("utf-8"))[key] if LIST.exists() else []
    return found


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows]


@pytest.mark.parametrize("metric", listed("metrics"), ids=lambda row: row["id"])
def test_every_metric_is_declared_as_the_field_states_it(metric: dict[str, Any]) -> None:
    one, folder = FOLDERS[metric["plugin"]]
    found = {each.key: each for each in one.indicators}[metric["id"]]
    assert found.unit.key == UNITS.get(metric["unit"], metric["unit"])
    assert found.better.value == metric["direction"].split()[0]
    golden = ROOT / "plugins" / folder / "golden"
    places = [case.place for case in load_golden(golden, SETS) if case.indicator is found]
    places += [case.place for case in load_rated(golden, SETS) if case.indicator is found]
    assert len(places) >= 2, f"{metric['id']}: one case for the value and one for its edge: {metric['edge']}"


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
    cases = load_rated(ROOT / "plugins" / folder / "golden", SETS)
    assert any(case.indicator is indicator for case in cases)


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
