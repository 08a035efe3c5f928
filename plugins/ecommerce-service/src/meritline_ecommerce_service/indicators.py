"""Indicators of a shop's after-sales service. Source: catalogue, section D, plugin ecommerce_cs.

``chats_answered``, ``chat_first_reply_time``, ``verified_complaint_points`` and ``positive_review_rate`` are ours.
"""

from meritline_ecommerce_service.chats import CHATS, CHATS_ANSWERED, FIRST_REPLY, RECEPTION
from meritline_ecommerce_service.complaints import COMPLAINTS, PRAISE, VERIFIED_COMPLAINTS, VERIFIED_POINTS, VOICES
from meritline_ecommerce_service.conduct import AWARDS, BROWSING, CONDUCT, TOPUP_MISSES, TYPING_SPEED
from meritline_ecommerce_service.reviews import NAMED_REVIEWS, POSITIVE_RATE, REVIEW_GROWTH, REVIEWS

__all__ = [
    "AWARDS", "BROWSING", "CHATS_ANSWERED", "COMPLAINTS", "FIRST_REPLY", "INDICATORS", "NAMED_REVIEWS",
    "POSITIVE_RATE", "PRAISE", "RECEPTION", "REVIEW_GROWTH", "TOPUP_MISSES", "TYPING_SPEED", "VERIFIED_COMPLAINTS",
    "VERIFIED_POINTS",
]  # fmt: skip

INDICATORS = (*CHATS, *VOICES, *CONDUCT, *REVIEWS)
