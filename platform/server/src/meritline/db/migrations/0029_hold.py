"""Runs 0029_hold.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0029_hold", after="0028_caller")
