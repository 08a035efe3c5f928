"""Runs 0014_reward_acts.sql, the SQL beside it."""

from meritline.db.scripts import sql_migration

Migration = sql_migration("0014_reward_acts", after="0013_own_indicators")
