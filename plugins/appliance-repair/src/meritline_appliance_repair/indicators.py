"""Indicators of appliance repair. Source: catalogue, section D, plugin appliance_repair.

Ours are ``csat_composite_per_response``, ``completion_cycle_p90``, ``appointment_wait_days``,
``order_completion_rate``, ``orders_done_lead_share`` and ``orders_done_shared``.
"""

from meritline_appliance_repair.care import CARE
from meritline_appliance_repair.materials import MATERIALS, PARTS_COMPLIANCE
from meritline_appliance_repair.quality import FIRST_TIME_FIX, QUALITY, REPAIR_SUCCESS
from meritline_appliance_repair.satisfaction import SATISFACTION
from meritline_appliance_repair.speed import COMPLETION_CYCLE, ON_TIME_ARRIVAL, SPEED

__all__ = ["COMPLETION_CYCLE", "FIRST_TIME_FIX", "INDICATORS", "ON_TIME_ARRIVAL", "PARTS_COMPLIANCE", "REPAIR_SUCCESS"]

INDICATORS = (*SATISFACTION, *QUALITY, *SPEED, *CARE, *MATERIALS)
