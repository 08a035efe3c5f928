"""Rewards: what a scorecard is worth, line by line."""
