"""Finishing: the statement whose JSON has gaps, which Python fills. Decides how a row and its gaps become one text.

All that Postgres can write of a row comes as JSON text, cut where a computed field stands; beside the text comes what
that field needs. What is computed is completed by the types of the schema, as the executor does it. Whatever is odd (an
exception, a null that was not promised, a value of an unknown kind) finishes nothing: the plain resolvers then answer
the whole root field, and tell what is wrong and where.
"""

# ruff: noqa: S608  (fragments of declarations and names of GraphQL; every value of a client is bound)

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import orjson
from graphql import GraphQLString, Undefined, is_leaf_type, is_list_type, is_non_null_type

from meritline.graphql.kit.compiled.choosing import TYPENAME, Chosen
from meritline.graphql.kit.compiled.leaves import NULL, Piece, Sql, joined
from meritline.graphql.kit.compiled.refusing import NotCompiled
from meritline.graphql.kit.compiled.remembering import remembered
from meritline.graphql.kit.compiled.slots import Asked
from meritline.graphql.kit.compiled.weaving import Weaver
from meritline.graphql.kit.declare import Column, Computed, Embedded, Object, ToMany, ToOne
from meritline.graphql.kit.shapes import core

#: Writes a part of a row, of its record, to the end of the text.
type Write = Callable[[Any, Asked, list[str]], None]
#: The value of the executor's answer for a computed one.
type Complete = Callable[[Any, Asked], Any]
#: Values that are nothing but themselves: no exceptions, nothing to wait for.
PLAIN_VALUES: Final = frozenset({str, int, bool})


class Strand:
    """One row: its columns, and the parts of its text in their order."""

    def __init__(self, alias: str) -> None:
        self.alias = alias
        self.columns: dict[str, int] = {}
        self.writes: list[Write] = []
        self.pending: list[Piece] = []

    def column(self, sql: str) -> int:
        """The place of an expression in the record."""
        return self.columns.setdefault(sql, len(self.columns))

    def cut(self) -> None:
        """End the text that Postgres writes, before a gap."""
        if not self.pending:
            return
        if any(isinstance(each, Sql) for each in self.pending):
            self.writes.append(copied(self.column(f"({joined(self.pending)})")))
        else:
            self.writes.append(constant("".join(self.pending)))
        self.pending = []

    def finished(self) -> tuple[str, tuple[Write, ...]]:
        """The record, and what writes it."""
        self.cut()
        # A record of no columns is no record.
        return f"row({', '.join(self.columns) or 'true'})", tuple(self.writes)


class Finisher:
    """Writes the statement and what fills its gaps. ``kinds`` are the types of the schema by their names."""

    def __init__(self, weaver: Weaver, kinds: Mapping[str, Any]) -> None:
        self.weaver = weaver
        self.shapes = weaver.shapes
        self.kinds = kinds

    def single(self, shape: Object, below: Sequence[Chosen], source: str) -> tuple[str, Callable[[Any, Asked], Any]]:
        """A root field that is one row, or null."""
        sql, writes = self.records(shape, below, source)

        def make(found: Any, asked: Asked) -> orjson.Fragment:
            into: list[str] = []
            of_one(found, writes, asked, into)
            return orjson.Fragment("".join(into))

        return sql, make

    def records(self, shape: Object, below: Sequence[Chosen], source: str) -> tuple[str, tuple[Write, ...]]:
        """Rows as an array of records."""
        strand = Strand(self.weaver.row())
        self.object(strand, shape, below, "", shape.name)
        record, writes = strand.finished()
        return f"array(select {record} from {source} {strand.alias})", writes

    def object(self, strand: Strand, shape: Object, below: Sequence[Chosen], path: str, row: str) -> None:
        """The object of a row, or of a part of one."""
        strand.pending.append("{")
        for number, each in enumerate(below):
            strand.pending.append(f'{"," if number else ""}"{each.key}":')
            if has_gaps(each):
                self.gap(strand, each, path, row)
            else:
                strand.pending += self.weaver.field(shape, each, strand.alias, path, 1, row)
        strand.pending.append("}")

    def gap(self, strand: Strand, each: Chosen, path: str, row: str) -> None:
        """A field that Python has to fill, or a part of it."""
        at = f"{path}{each.name}"
        found = self.weaver.expressions(row)
        match each.field:
            case Computed() as computed:
                self.computed(strand, computed, each, found, at, row if not path else "")
            case Embedded(null_without=None) as embedded:
                self.weaver.may(embedded.action, at)
                self.object(strand, self.shapes[core(embedded.type)], each.below, f"{at}.", row)
            case ToOne() | ToMany() as relation:
                self.relation(strand, relation, each, self.weaver.fill(found[f"#{at}"], strand.alias))
            case _:
                raise NotCompiled(f"{at} has gaps of a kind that is not filled")

    def relation(self, strand: Strand, each: ToOne | ToMany, chosen: Chosen, key: str) -> None:
        """Related rows with gaps."""
        shape = self.shapes[core(each.type)]
        single = isinstance(each, ToOne)
        if not self.weaver.statements.may_read(shape):
            strand.pending.append(Sql(NULL) if single else "[]")
            return
        source = (self.weaver.belonging(shape, each, key) if isinstance(each, ToMany)
                  else self.weaver.matching(shape, f"{self.weaver.fill(each.on, 't')} = ({key})"))  # fmt: skip
        sql, writes = self.records(shape, chosen.below, source)
        strand.cut()
        place, fill = strand.column(sql), of_one if single else of_many
        strand.writes.append(lambda record, asked, into: fill(record[place], writes, asked, into))

    def computed(self, strand: Strand, each: Computed, chosen: Chosen, found: Mapping[str, str], at: str,
                 owner: str) -> None:  # fmt: skip
        """A value that Python computes of some columns of the row."""
        complete = self.value(each, chosen, owner)
        strand.cut()
        needs = [(name, strand.column(self.weaver.fill(found[f"?{at}:{name}"], strand.alias)))
                 for name in each.needs if name not in each.passed or shows(chosen.below, name)]  # fmt: skip

        def text(record: Any, asked: Asked) -> str:
            value = complete({name: record[place] for name, place in needs}, asked)
            return orjson.dumps(value, default=str).decode()

        make = remembered(text, [place for _, place in needs], chosen.place) if each.lasting else text
        strand.writes.append(lambda record, asked, into: into.append(make(record, asked)))

    # What is computed, as the executor would complete it

    def value(self, each: Computed, chosen: Chosen, owner: str) -> Complete:
        """The completed value of a computed field, of what it needs."""
        self.weaver.may(each.action, each.name)
        if inspect.iscoroutinefunction(each.resolve) or owner not in self.kinds:
            raise NotCompiled(f"{each.name} is computed")
        complete, resolve = self.completing(self.kinds[owner].fields[each.name].type, chosen.below), each.resolve
        place = chosen.place
        if place is None:
            return lambda needed, asked: complete(resolve(needed, asked.context), asked)
        return lambda needed, asked: complete(resolve(needed, asked.context, **asked.argued[place]), asked)

    def completing(self, kind: Any, below: Sequence[Chosen]) -> Complete:
        """What makes a value one of this type."""
        if is_non_null_type(kind):
            return required(self.completing(kind.of_type, below))
        if is_list_type(kind):
            return listing(self.completing(kind.of_type, below))
        if is_leaf_type(kind):
            return leaf(kind)
        shape = self.shapes.objects.get(getattr(kind, "name", ""))
        if shape is None or shape.table is not None or not below:
            raise NotCompiled(f"an object of type {kind} is computed")
        return object_of(tuple((each.key, self.part(shape, each)) for each in below))

    def part(self, shape: Object, each: Chosen) -> Complete:
        """One field of a computed object, of its values."""
        name = each.name
        if name == TYPENAME:
            return lambda _, __: shape.name
        match each.field:
            case Column() as column:
                self.weaver.may(column.action, name)
                complete = self.completing(self.kinds[shape.name].fields[name].type, ())
                return lambda values, asked: complete(values.get(name), asked)
            case Computed() as computed:
                needs, value = tuple(computed.needs), self.value(computed, each, shape.name)
                return lambda values, asked: value({need: values.get(need) for need in needs}, asked)
        raise NotCompiled(f"{shape.name}.{name} of a computed object")


def has_gaps(each: Chosen) -> bool:
    """Whether Python has to fill anything of a field."""
    return isinstance(each.field, Computed) or any(map(has_gaps, each.below))


def shows(below: Sequence[Chosen], name: str) -> bool:
    """Whether any of the selected fields looks at the value of this name."""
    return any(name in each.field.needs if isinstance(each.field, Computed) else name == each.name for each in below)


def constant(text: str) -> Write:
    """A text that is the same in every row."""
    return lambda _, __, into: into.append(text)


def copied(place: int) -> Write:
    """A text that Postgres has written."""
    return lambda record, _, into: into.append(record[place])


def of_many(found: Any, writes: Sequence[Write], asked: Asked, into: list[str]) -> None:
    """The list of these records."""
    into.append("[")
    for number, record in enumerate(found):
        if number:
            into.append(",")
        for write in writes:
            write(record, asked, into)
    into.append("]")


def of_one(found: Any, writes: Sequence[Write], asked: Asked, into: list[str]) -> None:
    """The only record, or null."""
    if not found:
        into.append("null")
        return
    (record,) = found
    for write in writes:
        write(record, asked, into)


def required(complete: Complete) -> Complete:
    """A value that is never null."""

    def made(value: Any, asked: Asked) -> Any:
        found = complete(value, asked)
        if found is None:
            raise ValueError("null where the schema promises a value")
        return found

    return made


def listing(complete: Complete) -> Complete:
    """A list, or null."""

    def made(value: Any, asked: Asked) -> Any:
        if value is None:
            return None
        if value.__class__ is not list:
            raise TypeError("not a list")
        return [complete(each, asked) for each in value]

    return made


def leaf(kind: Any) -> Complete:
    """A scalar or the name of an enum's value, or null."""
    coerce, plain = kind.coerce_output_value, str if kind is GraphQLString else orjson.Fragment

    def made(value: Any, _: Asked) -> Any:
        if value is None or value.__class__ is plain or value.__class__ is orjson.Fragment:
            return value
        if value.__class__ not in PLAIN_VALUES and (
            isinstance(value, Exception) or value is Undefined or inspect.isawaitable(value)
        ):
            raise TypeError("not a value")
        found = coerce(value)
        if found is None or found is Undefined:
            raise TypeError("a value that its type does not know")
        return found

    return made


def object_of(parts: Sequence[tuple[str, Complete]]) -> Complete:
    """An object of a mapping, or null."""

    def made(value: Any, asked: Asked) -> Any:
        if value is None:
            return None
        if value.__class__ is not dict and not isinstance(value, Mapping):
            raise TypeError("not a mapping")
        return {key: complete(value, asked) for key, complete in parts}

    return made
