"""The migrations: hand-written SQL, one file per feature, run in the order of their dependencies."""
