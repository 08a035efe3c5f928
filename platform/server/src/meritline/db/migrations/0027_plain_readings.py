"""Runs 0027_plain_readings.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0027_plain_readings", after="0026_line_keys")
