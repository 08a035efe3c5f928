"""Indicators of call centres and service desks. Source: catalogue, section D, plugin call_center.

Ours are those of ``queues.py``, ``avg_chat_handle_time``, and the last five of ``tickets.py``.
"""

from meritline_call_center.contacts import CONTACTS, HANDLE_TIME
from meritline_call_center.queues import ABANDONMENT, QUEUES, SERVICE_LEVEL, SHORT_CALLS, WAITING_TIME
from meritline_call_center.tickets import CLOSED_COUNT, FIRST_TIME_FIX, REOPENED, RESOLUTION_HOURS, SLA_MET, TICKETS
from meritline_call_center.voices import CSAT_REALTIME, IMPROPER_LANGUAGE, VOICES

__all__ = [
    "ABANDONMENT", "CLOSED_COUNT", "CSAT_REALTIME", "FIRST_TIME_FIX", "HANDLE_TIME", "IMPROPER_LANGUAGE", "INDICATORS",
    "REOPENED", "RESOLUTION_HOURS", "SERVICE_LEVEL", "SHORT_CALLS", "SLA_MET", "WAITING_TIME",
]  # fmt: skip

INDICATORS = (*CONTACTS, *QUEUES, *VOICES, *TICKETS)
