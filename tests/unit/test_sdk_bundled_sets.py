"""The bundled indicator sets keep the laws, and every golden case of theirs comes out."""

from pathlib import Path

import pytest

from meritline_after_sales_common import COMMON
from meritline_appliance_repair import APPLIANCE_REPAIR
from meritline_call_center import CALL_CENTER
from meritline_ecommerce_service import ECOMMERCE_SERVICE
from meritline_sdk.testing import GoldenCase, golden_cases, laws_for, run_golden

PLUGINS = Path(__file__).parents[2] / "plugins"
SETS = {"after-sales-common": COMMON, "appliance-repair": APPLIANCE_REPAIR, "call-center": CALL_CENTER,
        "ecommerce-service": ECOMMERCE_SERVICE}
CASES = [case for name, one in SETS.items() for case in golden_cases(PLUGINS / name / "golden", [one])]

TestLaws = laws_for(list(SETS.values()))


@pytest.mark.parametrize("case", CASES)
def test_golden(case: GoldenCase) -> None:
    run_golden(case)


def test_every_plugin_has_golden_cases() -> None:
    assert {path.parent.parent.name for path in PLUGINS.glob("*/golden/*.toml")} == set(SETS)
