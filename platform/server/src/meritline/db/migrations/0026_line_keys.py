"""Runs 0026_line_keys.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0026_line_keys", after="0025_run_keys")
