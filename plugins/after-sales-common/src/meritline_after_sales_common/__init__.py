"""Shared record types and indicators of after-sales service; other sets name it in ``uses=``."""

from meritline_after_sales_common.indicators import INDICATORS
from meritline_after_sales_common.rated import RATED
from meritline_after_sales_common.records import RECORDS
from meritline_after_sales_common.templates import STARTERS, TEMPLATES
from meritline_sdk import IndicatorSet, Text, hookimpl

COMMON = IndicatorSet(
    "after_sales_common", Text("After-sales, common", "售后通用指标"), records=RECORDS,
    indicators=(*INDICATORS, *RATED), templates=TEMPLATES, starters=STARTERS,
)  # fmt: skip


@hookimpl
def indicator_sets() -> list[IndicatorSet]:
    """The common set."""
    return [COMMON]
