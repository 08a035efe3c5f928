"""The example tenants: seeded records for them, and the story that ``meritline demo`` tells with them.

Records are made here, never shipped as files: the same seed and the same months give the same rows on every machine.
"""
