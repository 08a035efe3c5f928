"""A scheme made ready for thousands of people: what a run writes, without working anything out twice.

Decides nothing: every number, step, digest and column here is what ``meritline_sdk.evaluate``, ``domain.digest`` and
``run.rows`` give, and a property test holds them together. It is quick because a reading that repeats is told once, a
line that repeats is scored, explained, digested and encoded once, and between them are whole numbers and finished text.
Whatever is rare is asked of the plain way and then remembered.
"""
