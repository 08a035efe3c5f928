"""Appliance repair keeps the laws of the testkit, and every golden case comes out."""

from meritline_appliance_repair import indicator_sets
from meritline_sdk.testing import laws_for

TestApplianceRepair = laws_for(indicator_sets)
