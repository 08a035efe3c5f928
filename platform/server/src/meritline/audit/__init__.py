"""The audit chain: what was done, by whom, and the proof that nobody changed the story afterwards."""

from meritline.audit.chain import COUNTED, GENESIS, Entry, OpenEntry, chained
from meritline.audit.service import append, following, following_open, verify

__all__ = ["COUNTED", "GENESIS", "Entry", "OpenEntry", "append", "chained", "following", "following_open", "verify"]
