"""What holds across people, by pure functions: periods, ranking, rewarding, digests, the states of a cycle."""
