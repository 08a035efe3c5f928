"""Indicator sets of a company: what an upgrade, an adoption or a removal changes, told before it is done."""
