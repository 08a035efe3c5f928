"""The printed schemes of the field that belong to call centres, and our starters beside them."""

from meritline_call_center.templates import s05_starter, s09_starter, s13_starter
from meritline_call_center.templates.s05 import S05
from meritline_call_center.templates.s09 import S09
from meritline_call_center.templates.s13 import S13_AGENT, S13_SUPPORT

TEMPLATES = (S05, S09, S13_AGENT, S13_SUPPORT)
STARTERS = (*s05_starter.STARTERS, *s09_starter.STARTERS, *s13_starter.STARTERS)
