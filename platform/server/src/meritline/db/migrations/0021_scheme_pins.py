"""Runs 0021_scheme_pins.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0021_scheme_pins", after="0020_plugin_releases")
