"""Runs 0018_run_readings.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0018_run_readings", after="0017_pay_statements")
