"""The audit chain: what was done, by whom, and the proof that nobody changed the story afterwards."""

from meritline.audit.chain import GENESIS, Entry, chained
from meritline.audit.service import append, following, verify

__all__ = ["GENESIS", "Entry", "append", "chained", "following", "verify"]
