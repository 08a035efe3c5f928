"""Runs 0019_scorecard_steps.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0019_scorecard_steps", after="0018_run_readings")
