"""Runs 0028_caller.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0028_caller", after="0027_plain_readings")
