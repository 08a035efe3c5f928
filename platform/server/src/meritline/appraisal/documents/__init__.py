"""Schemes and reward tables as people write them: the TOML of a manifest and the JSON of a mutation alike.

``read_scheme`` and ``read_reward_table`` give SDK values and the problems with their places; ``scheme_document`` and
``reward_document`` are the way back, so that a template can be exported, changed and applied.
"""

from meritline.appraisal.documents.export import scheme_document
from meritline.appraisal.documents.export_rewards import reward_document
from meritline.appraisal.documents.rewards import RewardDraft, read_reward_table
from meritline.appraisal.documents.schemes import SchemeDraft, read_scheme

__all__ = [
    "RewardDraft",
    "SchemeDraft",
    "read_reward_table",
    "read_scheme",
    "reward_document",
    "scheme_document",
]
