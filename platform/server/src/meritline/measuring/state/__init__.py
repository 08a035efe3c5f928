"""Measure state: what records come to, kept by subject and day and by subject and month, and read instead of them."""
