"""Indicators that every kind of after-sales service counts alike, in the order of the catalogue (section D)."""

from meritline_after_sales_common.attendance import ABSENCES, ATTENDANCE, ATTENDANCE_BREACHES
from meritline_after_sales_common.checks import CHECKS
from meritline_after_sales_common.complaints import COMPLAINT_COUNT, COMPLAINTS
from meritline_after_sales_common.handling import HANDLING
from meritline_after_sales_common.resolution import RESOLUTION, RESOLVED_COUNT
from meritline_after_sales_common.response import RESPONSE
from meritline_after_sales_common.satisfaction import CSAT_RATE, SATISFACTION
from meritline_after_sales_common.sharing import SHARING
from meritline_after_sales_common.training import TRAINING
from meritline_after_sales_common.work import WORK

INDICATORS = (
    *SATISFACTION, *COMPLAINTS, *RESOLUTION, *RESPONSE, *HANDLING, RESOLVED_COUNT, *WORK, *CHECKS, *TRAINING, *SHARING,
    *ATTENDANCE,
)  # fmt: skip

__all__ = ["ABSENCES", "ATTENDANCE_BREACHES", "COMPLAINT_COUNT", "CSAT_RATE", "INDICATORS"]
