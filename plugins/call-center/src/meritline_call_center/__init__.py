"""Call centre and service desk: what a service line measures about its agents, queues and resolvers."""

from meritline_after_sales_common import COMMON
from meritline_call_center.indicators import INDICATORS
from meritline_call_center.rated import RATED
from meritline_call_center.schemes import REWARDS, SCHEMES
from meritline_call_center.templates import STARTERS, TEMPLATES
from meritline_sdk import IndicatorSet, Text, hookimpl

CALL_CENTER = IndicatorSet(
    "call_center", Text("Call centre and service desk", "呼叫中心与服务台"), indicators=(*INDICATORS, *RATED),
    schemes=SCHEMES, rewards=REWARDS, uses=(COMMON,), templates=TEMPLATES, starters=STARTERS,
)  # fmt: skip


@hookimpl
def indicator_sets() -> list[IndicatorSet]:
    """The call-centre set."""
    return [CALL_CENTER]
