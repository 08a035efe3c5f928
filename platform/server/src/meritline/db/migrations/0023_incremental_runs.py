"""Runs 0023_incremental_runs.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0023_incremental_runs", after="0022_measure_state")
