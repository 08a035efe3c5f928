"""Explanations in words: from language-free steps to a text whose arithmetic closes on a pocket calculator."""

from meritline_sdk.explain.lines import line_text
from meritline_sdk.explain.rewards import reward_text
from meritline_sdk.explain.sentences import sentence
from meritline_sdk.explain.totals import score_text

__all__ = ["line_text", "reward_text", "score_text", "sentence"]
