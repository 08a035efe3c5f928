"""Runs 0004_access_audit.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0004_access_audit", after="0003_definitions")
