"""Rows as a Python function sees them. Decides how SQL brings them, and that they are those of plain Python.

A group of records comes back as parallel arrays: the names of the records, and what each shows. Instants come as
microseconds since 1970, whatever the expression made of them; what each value is told as, ``as_seen`` decides for both
meanings.
"""

import hashlib
from collections.abc import Sequence
from operator import itemgetter
from typing import Any, Final

import msgspec

from meritline.measuring.compiler import Compiler
from meritline.measuring.pieces import EPOCH, MICROSECOND, counted
from meritline.measuring.requests import TallyRequest
from meritline_sdk.evaluate.tallies import Plain, Taken, as_seen, row_name
from meritline_sdk.model.functions import ROWS
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.nodes import Node, kind_of

NAMES: Final = ("source", "external_id")
SPELT: Final = msgspec.json.Encoder(decimal_format="string")


def arrays(compiler: Compiler, request: TallyRequest, only: str) -> tuple[str, ...]:
    """The names of the records and what each shows, in the same order of records."""
    texts = [*map(compiler.column, NAMES), *(shown(compiler, request, part) for part in request.tally.by)]
    return tuple(f"array_agg({text}) {only}" for text in texts)


def shown(compiler: Compiler, request: TallyRequest, part: Node) -> str:
    """What a record shows, in a form that does not depend on how it was computed."""
    found = compiler.piece(part, request.parameters)
    return counted(found).text if found.kind is Kind.INSTANT else found.text


def width(request: TallyRequest) -> int:
    """How many columns the rows of a tally take."""
    return len(NAMES) + len(request.tally.by)


def rows_taken(request: TallyRequest, columns: Sequence[Sequence[Any] | None]) -> list[Taken]:
    """The rows of a group; nothing where no record counts."""
    sources, names, *values = columns
    if sources is None or names is None:
        return []
    told = [[seen(each, kind_of(part)) for each in column or ()]
            for part, column in zip(request.tally.by, values, strict=True)]
    return [(row_name(source, name), row) for source, name, row in zip(sources, names, zip(*told, strict=True),
                                                                       strict=True)]


def seen(value: Any, kind: Kind) -> Plain:
    """One value that SQL gave."""
    if kind is Kind.INSTANT and value is not None:
        return EPOCH + int(value) * MICROSECOND
    return as_seen(value, kind)


def in_order(rows: Sequence[Taken]) -> tuple[Taken, ...]:
    """The rows in the order of their ids, as plain Python has them."""
    return tuple(sorted(rows, key=itemgetter(0)))


def rows_digest(rows: Sequence[Taken]) -> str:
    """SHA-256 of the rows as JSON, numbers as text; of which kind each value is, the definition says."""
    return hashlib.sha256(SPELT.encode(rows)).hexdigest()


def columns_named(requests: Sequence[TallyRequest]) -> frozenset[str]:
    """The columns that name the rows, where some tally takes any."""
    return frozenset(NAMES) if any(each.tally.how == ROWS for each in requests) else frozenset()
