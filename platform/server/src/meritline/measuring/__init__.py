"""From records to tallies: the compiler of SDK expressions to SQL, the pass over the records, evidence and coverage."""
