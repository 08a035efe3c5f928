"""Runs 0009_calendar.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0009_calendar", after="0008_manifest")
