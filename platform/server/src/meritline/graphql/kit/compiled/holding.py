"""Holding: the statement of a root field with fields that Python computes, or that the reader may not see.

One statement brings each row with all that hangs on it, its values typed as ever; GraphQL-core walks over them with the
plain resolvers, which find their rows there. So everything that is not a read (texts, refusals with their paths, nulls
that spread) is done by the one code that does it anyway.
"""

# ruff: noqa: S608  (fragments of declarations and names of GraphQL; every value of a client is bound)

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from meritline.graphql.kit.compiled.choosing import TYPENAME, Chosen
from meritline.graphql.kit.compiled.leaves import joined
from meritline.graphql.kit.compiled.refusing import NotCompiled
from meritline.graphql.kit.compiled.slots import Asked, Page, slotted
from meritline.graphql.kit.compiled.weaving import Weaver
from meritline.graphql.kit.declare import (
    Column,
    Computed,
    Connected,
    Embedded,
    GlobalId,
    Object,
    ToMany,
    ToOne,
    Translated,
)
from meritline.graphql.kit.rows import Held, HeldPage
from meritline.graphql.kit.shapes import core

type Making = Callable[[Any, Asked], Any]


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a row in their order: how each is called in a ``Held``, and what is made of its value."""

    names: tuple[str, ...]
    made: tuple[tuple[str, Making], ...]

    def row(self, record: Any, asked: Asked) -> Held:
        """The row of a record."""
        found = Held(zip(self.names, record, strict=True))
        for name, make in self.made:
            found[name] = make(found[name], asked)
        return found

    def rows(self, records: Sequence[Any] | None, asked: Asked) -> list[Held]:
        """The rows of a list."""
        return [self.row(each, asked) for each in records or ()]


class Columns:
    """Collects the columns of one row; the same one under two names in the answer is read once."""

    def __init__(self) -> None:
        self.sql: dict[str, str] = {}
        self.made: dict[str, Making] = {}

    def layout(self) -> Layout:
        """Their order."""
        return Layout(tuple(self.sql), tuple(self.made.items()))

    @property
    def text(self) -> str:
        """The columns as a value of their own."""
        return f"row({', '.join(self.sql.values())})"


class Holder:
    """Writes the statement of rows, on the weaver's sub-selects."""

    def __init__(self, weaver: Weaver) -> None:
        self.weaver = weaver
        self.statements = weaver.statements
        self.shapes = weaver.shapes

    def collect(self, shape: Object, below: Sequence[Chosen], alias: str, into: Columns, path: str, row: str,
                parents: int | None) -> None:  # fmt: skip
        """The columns that the selected fields of an object need."""
        found = self.weaver.expressions(row)
        for each in below:
            if each.name != TYPENAME and not self.finished(shape, each, alias, into, path, row, parents):
                self.field(each, alias, into, path, row, parents, found)

    def finished(self, shape: Object, each: Chosen, alias: str, into: Columns, path: str, row: str,
                 parents: int | None) -> bool:  # fmt: skip
        """A part that needs no Python comes as finished JSON, which the executor does not walk into."""
        if not each.below or isinstance(each.field, Computed):
            return False
        binds = self.weaver.binds
        known = len(binds.values), dict(binds.names)
        try:
            text = joined(self.weaver.field(shape, each, alias, path, parents, row))
        except NotCompiled:
            # What was begun is taken back: a value that no place asks for is an error.
            del binds.values[known[0]:]
            binds.names = known[1]
            return False
        name = f"@{path}{each.key}"
        if name in into.sql:
            raise NotCompiled(f"{path}{each.name} is selected in two ways")
        into.sql[name], into.made[name] = text, lambda value, _: orjson.Fragment(value)
        return True

    def field(self, each: Chosen, alias: str, into: Columns, path: str, row: str, parents: int | None,
              found: Mapping[str, str]) -> None:  # fmt: skip
        """The columns that one field needs; what the reader may not see is not read."""
        at = f"{path}{each.name}"

        def needs(name: str) -> None:
            into.sql.setdefault(name, self.weaver.fill(found[name], alias))

        match each.field:
            case Column() as column if self.allowed(column.action):
                needs(at)
            case Translated():
                language = self.weaver.language if each.place is None else self.weaver.given[each.place]
                needs(f"{at}_{language}")
            case GlobalId():
                needs("^key")
            case Embedded() as embedded if self.allowed(embedded.action):
                if embedded.null_without is not None:
                    needs(f"{at}.{embedded.null_without}")
                inner = self.shapes[core(embedded.type)]
                self.collect(inner, each.below, alias, into, f"{at}.", row, parents)
            case Computed() as computed if self.allowed(computed.action):
                for name in computed.needs:
                    needs(f"?{at}:{name}")
            case ToOne() | ToMany() | Connected() as relation:
                name, key = f"@{path}{each.key}", self.weaver.fill(found[f"#{at}"], alias)
                if name in into.sql:
                    raise NotCompiled(f"{at} is selected in two ways")
                self.relation(relation, each, key, into, name, parents)

    def allowed(self, action: str | None) -> bool:
        """Whether the reader may see a field of its own permission."""
        return action is None or self.statements.reach(action) == "company"

    def relation(self, each: ToOne | ToMany | Connected, chosen: Chosen, key: str, into: Columns, name: str,
                 parents: int | None) -> None:  # fmt: skip
        """The rows of a relation as one column."""
        shape = self.shapes[core(each.type)]
        if isinstance(each, Connected):
            into.sql[name], into.made[name] = self.connected(each, chosen, shape, key, parents)
            return
        if not self.statements.may_read(shape):
            into.sql[name], into.made[name] = "null::text", lambda _, __: []
            return
        condition = f"{self.weaver.fill(each.on, 't')} = ({key})"
        source = (self.weaver.matching(shape, condition) if isinstance(each, ToOne)
                  else self.weaver.belonging(shape, each, key))  # fmt: skip
        below = parents if isinstance(each, ToOne) else None
        into.sql[name], into.made[name] = self.listed(shape, chosen.below, source, below)

    def listed(self, shape: Object, below: Sequence[Chosen], source: str, parents: int | None,
               terms: Sequence[str] = ()) -> tuple[str, Making]:  # fmt: skip
        """Rows as an array."""
        alias, columns = self.weaver.row(), Columns()
        # A record of no columns is no record.
        columns.sql["^key"] = self.weaver.fill(shape.key, alias)
        for number, term in enumerate(terms):
            columns.sql[f"^{number}"] = self.weaver.fill(term, alias)
        self.collect(shape, below, alias, columns, "", shape.name, parents)
        return f"array(select {columns.text} from {source} {alias})", columns.layout().rows

    def connected(self, each: Connected, chosen: Chosen, shape: Object, key: str,
                  parents: int | None) -> tuple[str, Making]:  # fmt: skip
        """A page inside a row."""
        place = chosen.place
        assert place is not None
        page = self.weaver.given[place]
        assert isinstance(page, Page)
        if not self.statements.may_read(shape):
            return "null::text", lambda _, asked: HeldPage([], 0, asked.pages[place].arguments)
        below = self.weaver.held(chosen, page, parents)
        return self.page(shape, chosen.below, page, place, below, f"{self.weaver.fill(each.on, 't')} = ({key})")

    def page(self, shape: Object, below: Sequence[Chosen], page: Page, place: int, parents: int,
             condition: str = "") -> tuple[str, Making]:  # fmt: skip
        """The rows of a page, one more than asked, and how many there are in all."""
        wish = slotted(page, place)
        source = self.weaver.rows(shape, wish, page.arguments.first + 1, condition)
        wanted = tuple(inner for each in below for inner in self.nodes(each))
        rows, make = self.listed(shape, wanted, source, parents, [term.sql for term in wish.order])
        counted = any(each.name == "totalCount" for each in below)
        total = self.weaver.total(shape, page, place, condition) if counted else "null::int"

        def held(record: Any, asked: Asked) -> HeldPage:
            return HeldPage(make(record[0], asked), record[1], asked.pages[place].arguments)

        return f"row({rows}, {total})", held

    def nodes(self, part: Chosen) -> tuple[Chosen, ...]:
        """What is selected of the rows under one part of a connection."""
        match part.name:
            case "nodes":
                return part.below
            case "edges":
                return tuple(inner for each in part.below if each.name == "node" for inner in each.below)
            case _:
                return ()
