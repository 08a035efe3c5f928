"""The canonical form: read back as the same, and the same text in every process."""

import os
import subprocess
import sys
from decimal import Decimal

from hypothesis import given, settings

from meritline_appliance_repair import APPLIANCE_REPAIR
from meritline_call_center import CALL_CENTER
from meritline_ecommerce_service import ECOMMERCE_SERVICE
from meritline_sdk import Item, RatedIndicator, Scheme, Text, canonical, content_hash, rules
from meritline_sdk.model.canonical import parse
from meritline_sdk.testing.strategies import Situation, situations

PROGRAM = """
from meritline_sdk import content_hash
from meritline_appliance_repair import APPLIANCE_REPAIR
from meritline_call_center import CALL_CENTER
from meritline_ecommerce_service import ECOMMERCE_SERVICE
for one in (APPLIANCE_REPAIR, CALL_CENTER, ECOMMERCE_SERVICE):
    for part in (*one.records, *one.indicators, *one.schemes, *one.rewards):
        print(content_hash(part))
"""


@settings(max_examples=60, deadline=None)
@given(situations())
def test_any_scheme_is_read_back_as_it_was(situation: Situation) -> None:
    again = parse(canonical(situation.scheme))
    assert again == situation.scheme
    assert hash(again) == hash(situation.scheme)
    assert canonical(again) == canonical(situation.scheme)
    for indicator in situation.indicators.values():
        assert parse(canonical(indicator)) == indicator


def test_hashes_do_not_depend_on_the_process() -> None:
    outputs = [subprocess.run([sys.executable, "-c", PROGRAM], env={**os.environ, "PYTHONHASHSEED": seed}, check=True,
                              capture_output=True, text=True).stdout.split() for seed in ("0", "4711")]
    here = [content_hash(part) for one in (APPLIANCE_REPAIR, CALL_CENTER, ECOMMERCE_SERVICE)
            for part in (*one.records, *one.indicators, *one.schemes, *one.rewards)]
    assert outputs == [here, here]
    assert len(set(here)) == len(here)


def test_one_number_has_one_spelling() -> None:
    def scheme(weight: object) -> Scheme:
        quality = RatedIndicator("quality", Text("Quality", "质量"))
        return Scheme("s", Text("S", "方案"), (Item(quality, weight, rules.AsPoints()),))  # type: ignore[arg-type]

    assert len({content_hash(scheme(weight)) for weight in (100, "100", "100.00", Decimal("1E+2"))}) == 1
    assert '"value":"100"' in canonical(scheme("100.0"))
    assert "方案" in canonical(scheme(100))
