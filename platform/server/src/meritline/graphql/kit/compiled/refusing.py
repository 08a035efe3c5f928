"""What is not compiled, and that development hears of it once."""

import logging

log = logging.getLogger("meritline.graphql.compiled")
MOST_TOLD = 1000


class NotCompiled(Exception):
    """The field is left to the plain resolvers; says why."""


class Told:
    """Says once for a field and a reason that the plain resolvers answer."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, str]] = set()

    def once(self, field: str, reason: str) -> None:
        """Tell it, unless it was told."""
        if (field, reason) not in self.seen and len(self.seen) < MOST_TOLD:
            self.seen.add((field, reason))
            log.info("'%s' is read by the plain resolvers: %s", field, reason)
