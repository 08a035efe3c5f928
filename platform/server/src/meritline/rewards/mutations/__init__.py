"""The mutations of this room, one file each."""

from meritline.graphql.kit import Module
from meritline.rewards.mutations.save_reward_table import SAVE_REWARD_TABLE

MODULE = Module(mutations=(SAVE_REWARD_TABLE,))
