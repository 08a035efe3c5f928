"""Indicators that a company declares itself, as data: read, checked by golden cases, tried, kept, removed."""
