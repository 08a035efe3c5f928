"""Runs 0022_measure_state.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0022_measure_state", after="0021_scheme_pins")
