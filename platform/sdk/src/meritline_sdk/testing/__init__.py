"""The testkit of a plugin: golden cases that a person can check by hand, and the laws that every indicator keeps.

One line of a plugin's tests::

    TestElevator = laws_for(indicator_sets)
"""

from meritline_sdk.testing.golden import GoldenCase, golden_cases, load_golden, read_case, run_golden
from meritline_sdk.testing.laws import laws_for

__all__ = ["GoldenCase", "golden_cases", "laws_for", "load_golden", "read_case", "run_golden"]
