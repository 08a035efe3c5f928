"""Meritline, the server."""
