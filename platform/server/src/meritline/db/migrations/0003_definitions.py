"""Runs 0003_definitions.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0003_definitions", after="0002_tenancy")
