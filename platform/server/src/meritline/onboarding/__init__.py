"""Onboarding: what touches people, sources, schemes and rewards of a company at once."""
