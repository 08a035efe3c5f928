"""Runs 0011_figures.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0011_figures", after="0010_ratings")
