"""Shared record types and indicators of after-sales service."""
