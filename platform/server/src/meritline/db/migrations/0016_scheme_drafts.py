"""Runs 0016_scheme_drafts.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0016_scheme_drafts", after="0015_cycle_lock")
