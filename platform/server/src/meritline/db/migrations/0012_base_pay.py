"""Runs 0012_base_pay.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0012_base_pay", after="0011_figures")
