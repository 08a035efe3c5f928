"""Messages in English and Chinese from one catalogue; ``python -m meritline.messages`` writes their pages."""

from meritline.messages.entries import (
    LANGUAGES,
    Entry,
    Extension,
    Language,
    Severity,
    catalogue,
    entry_of,
    fill,
    language_of,
    shown,
)

__all__ = [
    "LANGUAGES",
    "Entry",
    "Extension",
    "Language",
    "Severity",
    "catalogue",
    "entry_of",
    "fill",
    "language_of",
    "shown",
]
