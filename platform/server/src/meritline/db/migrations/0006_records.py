"""Runs 0006_records.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0006_records", after="0005_jobs")
