"""Runs 0001_scope.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0001_scope")
