"""Companies: profile, departments, positions, people, the codes that the outside knows them by, their sources."""
