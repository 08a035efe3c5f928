"""Runs 0017_pay_statements.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0017_pay_statements", after="0016_scheme_drafts")
