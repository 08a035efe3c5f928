"""A table that leaves as a file: where its rows come from, its columns, and what stands under them."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from meritline.appraisal.exports.asked import Asked, batches
from meritline.appraisal.exports.columns import Columns
from meritline.db import Connection
from meritline.graphql.kit.declare import Visible
from meritline.messages import Language
from meritline_sdk.model.text import Text

type Told = Mapping[str, Any]
type FootLine = tuple[str, Mapping[str, Any]]


class Foot(Protocol):
    """Collects what stands under the rows of a sheet."""

    def take(self, row: Told) -> None:
        """One more row."""

    def lines(self, language: Language) -> Iterable[FootLine]:
        """A label and the numbers under the columns, line by line."""


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds. ``statement`` orders its rows by scheme; ``alias`` is the table that ``visible`` speaks of."""

    key: str
    title: Text
    columns: Columns
    statement: str
    visible: Visible
    alias: str
    told: Callable[[Mapping[str, Any], Language], dict[str, Any]]
    foot: Callable[[], Foot]

    def rows(self, conn: Connection, asked: Asked) -> AsyncIterator[list[dict[str, Any]]]:
        """Its rows, as far as the reader may see them."""
        return batches(conn, asked, self.statement, self.visible, self.alias, self.told)
