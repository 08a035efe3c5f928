"""Runs 0015_cycle_lock.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0015_cycle_lock", after="0014_reward_acts")
