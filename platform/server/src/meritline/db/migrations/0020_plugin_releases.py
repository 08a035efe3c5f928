"""Runs 0020_plugin_releases.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0020_plugin_releases", after="0019_scorecard_steps")
