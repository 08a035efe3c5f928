"""Records in: formats, source mappings, validation, ingest and coverage. See ``ingest`` for the way of a record."""
