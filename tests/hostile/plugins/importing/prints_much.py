"""Says a lot, and then does what it should."""

import sys

from meritline_sdk import IndicatorSet, Text, hookimpl

for _ in range(100):
    print("x" * 1_000_000)
    print("x" * 1_000_000, file=sys.stderr)


@hookimpl
def indicator_sets():
    return [IndicatorSet("talker", Text("Talker", "话多"))]
