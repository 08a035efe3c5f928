"""E-commerce service: what a shop measures about its after-sales agents, with the whole scheme S07."""

from meritline_after_sales_common import COMMON
from meritline_ecommerce_service.indicators import INDICATORS
from meritline_ecommerce_service.rated import RATED
from meritline_ecommerce_service.records import RECORDS
from meritline_ecommerce_service.schemes import LEVEL_PAY, RANK_PAY, SHOP_AGENTS
from meritline_ecommerce_service.templates import STARTERS, TEMPLATES
from meritline_sdk import IndicatorSet, Text, hookimpl

ECOMMERCE_SERVICE = IndicatorSet(
    "ecommerce_service", Text("E-commerce service", "电商售后服务"), records=RECORDS, indicators=(*INDICATORS, *RATED),
    schemes=(SHOP_AGENTS,), rewards=(LEVEL_PAY, RANK_PAY), uses=(COMMON,), templates=TEMPLATES,
    starters=STARTERS,
)  # fmt: skip


@hookimpl
def indicator_sets() -> list[IndicatorSet]:
    """The e-commerce set."""
    return [ECOMMERCE_SERVICE]
