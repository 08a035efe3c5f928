"""Looking at other records in SQL. Decides that a look is a subquery which names tenant and moment itself.

Inside it ``o`` is the other record and ``r`` the record itself, which is never found by its own look.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from meritline.measuring.pieces import BIGINT, WIDEST_COUNT, Sql, flag
from meritline.measuring.reach import known_rows
from meritline.records.columns import quoted, value_column
from meritline_sdk.model import nodes
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.nodes import Field, Node, Scalar, walk

if TYPE_CHECKING:
    from meritline.measuring.compiler import Compiler

OTHER: Final = "o"
NAME: Final = ("external_id", "source")
"""What tells a record from all others of its type."""
SHOWN: Final = 20
"""How many of the records that a look finds are named as evidence."""


class NamedRecord(NamedTuple):
    """A record by its names."""

    record_type: str
    source: str
    external_id: str


def other_field(node: nodes.Other) -> str:
    """The column of the other record."""
    return f"{OTHER}.{quoted(value_column(node.field.name, node.field.kind))}"


def other_first(compiler: "Compiler") -> Sql:
    """Whether the other record is before the record itself; both columns are collated by code points."""
    return flag(f"(({theirs()}) < ({own(compiler)}))")


def looked(node: nodes.Related, compiler: "Compiler", parameters: Mapping[str, Scalar]) -> Sql:
    """What the other records come to."""
    rows = others(node, compiler, parameters)
    if node.how == "exists":
        return flag(f"EXISTS (SELECT {rows})")
    if node.how == "count":
        return Sql(f"(SELECT count(*) {rows})", Kind.INT, WIDEST_COUNT)
    assert node.value is not None
    value = compiler.piece(node.value, parameters)
    # An aggregate of nothing but the outer row's columns would be the outer query's: so the value gets a name first.
    named = f"FROM (SELECT {value.text} AS value {rows}) AS looked"
    if node.how == "sum":
        widest = max(value.widest * WIDEST_COUNT, BIGINT + 1)  # whatever it adds up, SQL gives numeric
        return Sql(f"(SELECT coalesce(sum(value), 0)::numeric {named})", value.kind, widest)
    function = {"least": "min", "greatest": "max"}[node.how]
    return replace(value, text=f"(SELECT {function}(value) {named})", interval="")


def others(node: nodes.Related, compiler: "Compiler", parameters: Mapping[str, Scalar]) -> str:
    """The other records for which the condition holds: ``FROM ... WHERE ...``."""
    if compiler.reach is None:
        raise TypeError("a look at other records needs to know whose they are")
    rows = known_rows(compiler.binds, compiler.reach, node.record, sorted(set(other_columns(node))))
    found = compiler.condition(node.where, parameters)
    if names_itself(node):
        found = f"{found} AND ({theirs()}) <> ({own(compiler)})"
    return f"FROM ({rows}) AS {OTHER} WHERE {found}"


def theirs() -> str:
    """What tells the other record."""
    return ", ".join(f"{OTHER}.{quoted(each)}" for each in NAME)


def own(compiler: "Compiler") -> str:
    """What tells the record itself."""
    return ", ".join(compiler.column(each) for each in NAME)


def names_itself(node: nodes.Related) -> bool:
    """Whether it looks among the records of the own type, of which the record is one."""
    return any(isinstance(each, Field) and each.record == node.record for each in below(node))


def below(node: nodes.Related) -> Iterator[Node]:
    """Everything in the look."""
    return (each for part in nodes.children(node) for each in walk(part))


def other_columns(node: nodes.Related) -> Iterator[str]:
    """The columns of the other record that the look needs."""
    yield from (value_column(each.field.name, each.field.kind) for each in below(node) if isinstance(each, nodes.Other))
    yield from NAME


def own_columns(parts: Iterable[Node]) -> frozenset[str]:
    """What the expressions need of the record itself besides its fields."""
    found = [node for part in parts for node in walk(part)]
    named = any(isinstance(node, nodes.OtherFirst) or (isinstance(node, nodes.Related) and names_itself(node))
                for node in found)  # fmt: skip
    return frozenset(NAME) if named else frozenset()


def named_by(parts: Iterable[Node], compiler: "Compiler", parameters: Mapping[str, Scalar]) -> str:
    """The first of the other records that each look finds: an array of (record type, source, external id); empty
    where there are no looks."""
    looks = dict.fromkeys(node for part in parts for node in walk(part) if isinstance(node, nodes.Related))
    found = [named_in(node, compiler, parameters) for node in looks]
    return " || ".join(found)


def named_in(node: nodes.Related, compiler: "Compiler", parameters: Mapping[str, Scalar]) -> str:
    """Those that one look finds."""
    record = compiler.binds.add(node.record, "text")
    ordered = (f"SELECT ARRAY[{record}, {OTHER}.source, {OTHER}.external_id] AS name "
               f"{others(node, compiler, parameters)} ORDER BY {theirs()} LIMIT {SHOWN}")
    return f"coalesce((SELECT array_agg(name) FROM ({ordered}) AS looked), ARRAY[]::text[])"  # noqa: S608


def named_records(found: Sequence[Sequence[str]] | None) -> tuple[NamedRecord, ...]:
    """The records that were found, each once."""
    return tuple(dict.fromkeys(NamedRecord(*each) for each in found or ()))
