"""The run of a cycle: one snapshot is read, all is computed in memory by pure functions, all of it is written."""
