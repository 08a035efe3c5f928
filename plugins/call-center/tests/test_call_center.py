"""The call centre keeps the laws of the testkit, and every golden case comes out."""

from meritline_call_center import indicator_sets
from meritline_sdk.testing import laws_for

TestCallCenter = laws_for(indicator_sets)
