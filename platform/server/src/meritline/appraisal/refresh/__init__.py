"""Incremental runs: corrected records amend the cards that they concern, and whatever follows from those."""
