"""Indicators of a shop's after-sales service. Source: catalogue, section D, plugin ecommerce_cs.

``chats_answered``, ``chat_first_reply_time``, ``verified_complaint_points``, ``positive_review_rate`` and
``super_level_granted`` are ours.
"""

from meritline_ecommerce_service.chats import CHATS, CHATS_ANSWERED, FIRST_REPLY, RECEPTION
from meritline_ecommerce_service.complaints import COMPLAINTS, PRAISE, VERIFIED_COMPLAINTS, VERIFIED_POINTS, VOICES
from meritline_ecommerce_service.conduct import AWARDS, BROWSING, CONDUCT, SUPER_LEVEL, TOPUP_MISSES, TYPING_SPEED
from meritline_ecommerce_service.reviews import NAMED_REVIEWS, POSITIVE_RATE, REVIEW_GROWTH, REVIEWS

__all__ = [
    "AWARDS", "BROWSING", "CHATS_ANSWERED", "COMPLAINTS", "FIRST_REPLY", "INDICATORS", "NAMED_REVIEWS",
    "POSITIVE_RATE", "PRAISE", "RECEPTION", "REVIEW_GROWTH", "SUPER_LEVEL", "TOPUP_MISSES", "TYPING_SPEED",
    "VERIFIED_COMPLAINTS", "VERIFIED_POINTS",
]  # fmt: skip

INDICATORS = (*CHATS, *VOICES, *CONDUCT, *REVIEWS)
