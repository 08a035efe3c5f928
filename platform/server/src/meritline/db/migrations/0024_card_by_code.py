"""Runs 0024_card_by_code.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0024_card_by_code", after="0023_incremental_runs")
