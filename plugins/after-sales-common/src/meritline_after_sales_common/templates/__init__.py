"""The field's schemes that this set can measure, as printed, with a starter of ours beside each."""

from meritline_after_sales_common.templates import s02, s03, s04, s06, s06_starter, s10, s10_starter, s13, s13_starter

TEMPLATES = (s02.TEMPLATE, s03.TEMPLATE, s04.TEMPLATE, s06.MONTH, s06.QUARTER, s10.TEMPLATE, s13.TEMPLATE)
STARTERS = (
    s02.STARTER, s03.STARTER, s04.STARTER, s06_starter.MONTH, s06_starter.QUARTER, s10_starter.STARTER,
    s13_starter.STARTER,
)  # fmt: skip
