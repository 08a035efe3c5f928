"""Runs 0025_run_keys.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0025_run_keys", after="0024_card_by_code")
