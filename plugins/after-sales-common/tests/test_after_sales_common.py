"""The shared set keeps the laws of the testkit, and every golden case comes out."""

from meritline_after_sales_common import indicator_sets
from meritline_sdk.testing import laws_for

TestAfterSalesCommon = laws_for(indicator_sets)
