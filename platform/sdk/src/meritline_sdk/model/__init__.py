"""The language of appraisal as frozen, typed values."""
