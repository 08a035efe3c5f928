"""Why a reward line has its amount: its text, its structure, and the records behind it."""
