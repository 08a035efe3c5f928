"""Runs 0002_tenancy.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0002_tenancy", after="0001_scope")
