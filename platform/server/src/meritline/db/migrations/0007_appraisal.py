"""Runs 0007_appraisal.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0007_appraisal", after="0006_records")
