"""The bundled indicator sets keep the laws of the testkit, and every golden case comes out by plain Python."""

from pathlib import Path
from runpy import run_path

import pytest

from meritline_after_sales_common import COMMON
from meritline_appliance_repair import APPLIANCE_REPAIR
from meritline_call_center import CALL_CENTER
from meritline_ecommerce_service import ECOMMERCE_SERVICE
from meritline_sdk import Indicator, IndicatorSet
from meritline_sdk.testing import load_golden

PLUGINS = Path(__file__).parents[2] / "plugins"
SETS: dict[str, IndicatorSet] = {
    "after-sales-common": COMMON, "appliance-repair": APPLIANCE_REPAIR, "call-center": CALL_CENTER,
    "ecommerce-service": ECOMMERCE_SERVICE,
}  # fmt: skip

def own(plugin: str) -> type:
    """The suite that the plugin brings, which is run here with a server at hand."""
    module = plugin.replace("-", "_")
    found: type = run_path(str(PLUGINS / plugin / "tests" / f"test_{module}.py"))[
        "Test" + module.title().replace("_", "")]
    return found


TestAfterSalesCommon = own("after-sales-common")
TestApplianceRepair = own("appliance-repair")
TestCallCenter = own("call-center")
TestEcommerceService = own("ecommerce-service")


def test_every_measured_indicator_has_a_golden_case_and_every_family_one_of_nothing() -> None:
    assert {path.parents[1].name for path in PLUGINS.glob("*/golden/*.toml")} == set(SETS)
    for plugin, one in SETS.items():
        cases = load_golden(PLUGINS / plugin / "golden", [one])
        worked = {case.place.partition(".toml")[0] for case in cases if not case.place.startswith("nothing")}
        assert worked == {found.key for found in one.indicators if isinstance(found, Indicator)}
        families = {type(found.measure) for found in one.indicators if isinstance(found, Indicator)}
        of_nothing = [case for case in cases if case.place.startswith("nothing")]
        assert {type(case.indicator.measure) for case in of_nothing} == families, plugin
        assert {case.body["expect"]["state"] for case in of_nothing} == {"measured", "not_measured"}


@pytest.mark.parametrize("plugin", SETS)
def test_the_readme_lists_every_indicator_as_it_is_declared(plugin: str) -> None:
    rows = [f"| `{one.key}` | {one.title.en}{'' if isinstance(one, Indicator) else ' (rated)'} | {one.title.zh} "
            f"| {one.unit.key} | {one.better} |" for one in SETS[plugin].indicators]  # fmt: skip
    listed = [line for line in (PLUGINS / plugin / "README.md").read_text("utf-8").splitlines()
              if line.startswith("| `")]  # fmt: skip
    assert listed == rows, "\n".join(rows)
