"""Runs 0013_own_indicators.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0013_own_indicators", after="0012_base_pay")
