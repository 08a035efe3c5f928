"""Runs 0005_jobs.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0005_jobs", after="0004_access_audit")
