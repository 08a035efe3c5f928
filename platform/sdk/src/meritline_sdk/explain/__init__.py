"""Explanations in words: from language-free steps to a text whose arithmetic closes on a pocket calculator."""

from meritline_sdk.explain.lines import line_text, score_text
from meritline_sdk.explain.rewards import reward_text
from meritline_sdk.explain.sentences import sentence

__all__ = ["line_text", "reward_text", "score_text", "sentence"]
