"""S07 as printed, with a starter of ours beside it."""

from meritline_ecommerce_service.templates import s07, s07_starter

TEMPLATES = (s07.TEMPLATE,)
STARTERS = (s07_starter.STARTER,)
