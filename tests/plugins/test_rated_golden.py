"""The 26 rated indicators of the catalogue: all there, with the raters it proposes, each with its worked case."""

from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from meritline_after_sales_common import COMMON
from meritline_appliance_repair import APPLIANCE_REPAIR
from meritline_call_center import CALL_CENTER
from meritline_ecommerce_service import ECOMMERCE_SERVICE
from meritline_sdk import RatedIndicator
from meritline_sdk.testing.rated_cases import load_rated

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT.parent / "shared/domain/schemes.yaml"
SETS = {"after-sales-common": COMMON, "appliance-repair": APPLIANCE_REPAIR, "call-center": CALL_CENTER,
        "ecommerce-service": ECOMMERCE_SERVICE}  # fmt: skip
RATED = {one.key: (plugin, one) for plugin, found in SETS.items() for one in found.indicators
         if isinstance(one, RatedIndicator)}
WORDS = {"superior": "manager", "supervisor": "manager", "direct superior": "manager", "department head": "manager",
         "customer": "customer", "customer sub-score": "customer", "customers": "customer", "peers": "peer",
         "departments": "department", "team leader": "team_leader", "quality inspector": "inspector",
         "superior (observation)": "manager"}  # fmt: skip


@pytest.mark.skipif(not CATALOGUE.exists(), reason="the catalogue is not beside this checkout")
def test_every_rated_indicator_of_the_catalogue_is_there_with_its_raters() -> None:
    document = yaml.load(CATALOGUE.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    listed = {one["id"]: one for one in document["rated_indicators"]}
    assert len(listed) == 26
    assert set(RATED) == set(listed) | {"teamwork_score"}
    for key, one in listed.items():
        indicator = RATED[key][1]
        assert indicator.title.zh == one["zh"].split(" / ")[0], key
        proposed = one["default_raters"].partition(";")[0]
        parts = [] if " if " in proposed or " or " in proposed else proposed.split(",")
        for part in parts:
            words, _, percent = part.strip().partition("%")[0].rpartition(" ")
            if not percent.isdigit() or words not in WORDS:
                continue
            group = indicator.group(WORDS[words])
            assert group is not None and Decimal(group.weight or 0) == int(percent), (key, part)  # noqa: PT018
        stated = one["scale_stated"] or ""
        assert (indicator.scale_max, indicator.unit.key) == ((20, "points") if "20" in stated else (100, "score_0_100"))
        assert [percent for percent, _ in indicator.grades()] == [indicator.scale_max * n // 5 for n in range(1, 6)]


def test_every_rated_indicator_has_a_golden_case_that_covers_more_than_the_easy_one() -> None:
    worked = {case.indicator.key: [] for plugin, one in SETS.items()
              for case in load_rated(ROOT / "plugins" / plugin / "golden", [one])}  # fmt: skip
    for plugin, one in SETS.items():
        for case in load_rated(ROOT / "plugins" / plugin / "golden", [one]):
            worked[case.indicator.key].append(case)
            assert case.place.startswith(case.indicator.key)
            assert RATED[case.indicator.key][0] == plugin
    assert set(worked) == set(RATED)
    assert all(len(cases) > 1 for cases in worked.values())


def test_peers_are_three_and_nobody_counts_themselves_unasked() -> None:
    for _, one in RATED.values():
        assert all((group.minimum or 0) >= 3 for group in one.groups if group.role == "peer")
        assert all(group.weight == 0 for group in one.groups if group.role == "self")
        assert one.needs_name == (one.key == "rt_ability_unnamed")
