"""Runs 0008_manifest.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0008_manifest", after="0007_appraisal")
