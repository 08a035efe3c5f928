"""The printed schemes of the field that belong to appliance repair, and our starters beside them."""

from meritline_appliance_repair.templates import s01_starter, s08_starter, s11_starter, s12_starter, s13
from meritline_appliance_repair.templates.s01 import S01_TEMPLATES
from meritline_appliance_repair.templates.s08 import S08
from meritline_appliance_repair.templates.s11 import S11_TEMPLATES
from meritline_appliance_repair.templates.s12 import S12

TEMPLATES = (*S01_TEMPLATES, S08, *S11_TEMPLATES, S12, s13.S13_ENGINEER)
STARTERS = (*s01_starter.STARTERS, *s08_starter.STARTERS, *s11_starter.STARTERS, *s12_starter.STARTERS, s13.STARTER)
