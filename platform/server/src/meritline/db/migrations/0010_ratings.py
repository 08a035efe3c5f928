"""Runs 0010_ratings.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0010_ratings", after="0009_calendar")
