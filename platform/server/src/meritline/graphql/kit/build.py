"""Build: GraphQL types from the declarations. Decides how each kind of field becomes one."""

from collections.abc import Iterable, Mapping
from typing import Any

import strawberry

from meritline.graphql.kit.annotations import annotation
from meritline.graphql.kit.compiled.answering import PLAIN, Answers
from meritline.graphql.kit.declare import (
    Computed,
    Connected,
    Field,
    GlobalId,
    Module,
    Object,
    RootById,
    RootConnection,
    ToMany,
    ToOne,
    Translated,
)
from meritline.graphql.kit.language import LanguageChoice
from meritline.graphql.kit.loading import Declarations
from meritline.graphql.kit.node import Node
from meritline.graphql.kit.paging import OrderDirection, PageInfo
from meritline.graphql.kit.resolvers import Resolvers
from meritline.graphql.kit.rows import Row, columns_of
from meritline.graphql.kit.shapes import Shapes, core


class Builder:
    """Makes the classes of all declared types. They are made empty first, since they name each other."""

    def __init__(self, modules: Iterable[Module], more: Mapping[str, Any]) -> None:
        self.modules = tuple(modules)
        self.shapes = Shapes.assembled(self.modules)
        self.names: dict[str, Any] = {
            "Node": Node,
            "PageInfo": PageInfo,
            "Language": LanguageChoice,
            "OrderDirection": OrderDirection,
            **{each.__name__: each for module in self.modules for each in module.enums},
            **more,
        }
        self.declarations = Declarations(self.shapes, {})
        self.classes: dict[str, type[Row]] = {}
        self.resolvers = Resolvers(self.declarations, self.classes, self.names)

    def built(self) -> Declarations:
        """All types."""
        for name, shape in self.shapes.objects.items():
            self.names[name] = self.classes[name] = self.empty(shape)
        for shape in self.shapes.objects.values():
            if shape.table is not None or f"{shape.name}Connection" in self.mentioned():
                self.connection_types(shape)
        for name, shape in self.shapes.objects.items():
            self.finish(self.classes[name], shape)
        self.declarations.classes = self.classes
        self.declarations.answers, self.declarations.plain = Answers(), PLAIN
        return self.declarations

    def mentioned(self) -> set[str]:
        """The named types that fields mention."""
        every = [
            *(each for shape in self.shapes.objects.values() for each in shape.fields),
            *(each for module in self.modules for each in module.queries),
        ]
        return {core(each.type) for each in every if isinstance(each, Computed)}

    def empty(self, shape: Object) -> type[Row]:
        """The class of a type, without its fields."""
        found = any(isinstance(each, GlobalId) for each in shape.fields)
        bases = (Row, Node) if found else (Row,)
        made: type[Row] = type(shape.name, bases, {"shape": shape, "columns": columns_of(shape), "__annotations__": {}})
        return made

    def finish(self, made: type, shape: Object) -> None:
        """Put the fields on the class and make it a GraphQL type."""
        made.__doc__ = shape.description
        for each in shape.fields:
            self.put(made, each)
        strawberry.type(made, name=shape.name, description=shape.description)

    def put(self, made: type, each: Field) -> None:
        """Put one field on a class."""
        wanted = annotation(self.type_of(each), self.names)
        resolver = self.resolvers.of(each)
        if resolver is None:
            made.__annotations__[each.name] = wanted
            setattr(made, each.name, strawberry.field(name=each.name, description=each.description))
        else:
            setattr(
                made,
                each.name,
                strawberry.field(resolver=resolver, name=each.name, description=each.description, graphql_type=wanted),
            )

    def type_of(self, each: Field) -> str:
        """The written type of a field."""
        match each:
            case GlobalId():
                return "ID!"
            case Translated():
                return "String" if each.nullable else "String!"
            case ToMany():
                return f"[{core(each.type)}!]!"
            case Connected() | RootConnection():
                return f"{core(each.type)}Connection!"
            case ToOne() | RootById():
                return core(each.type)
            case _:
                return each.type

    def connection_types(self, shape: Object) -> None:
        """The edge and the connection of a type."""
        node, name = self.classes[shape.name], shape.name
        edge: type = type(f"{name}Edge", (), {"__annotations__": {}})
        make_type(edge, f"{name} with its cursor.", {
            "node": (node, f"The {name}."),
            "cursor": (str, "Where to go on after this one."),
        })  # fmt: skip
        made: type = type(f"{name}Connection", (), {"__annotations__": {}})
        made.totalCount = strawberry.field(  # type: ignore[attr-defined]
            resolver=total_count, name="totalCount", graphql_type=int,
            description="How many there are in all pages together; counted only when asked for.",
        )  # fmt: skip
        make_type(made, f"A page of {name} objects.", {
            "edges": (list[edge], "The page with a cursor for each."),  # type: ignore[valid-type]
            "nodes": (list[node], "The page without cursors."),  # type: ignore[valid-type]
            "pageInfo": (PageInfo, "Where the page stands in the list."),
        })  # fmt: skip
        self.names[f"{name}Edge"], self.names[f"{name}Connection"] = edge, made


def make_type(made: type, description: str, fields: Mapping[str, tuple[Any, str]]) -> None:
    """Put plain fields on a class and make it a GraphQL type."""
    for name, (wanted, text) in fields.items():
        made.__annotations__[name] = wanted
        setattr(made, name, strawberry.field(name=name, description=text))
    made.__doc__ = description
    strawberry.type(made, name=made.__name__, description=description)


async def total_count(root: Any) -> int:
    """How many there are in all."""
    return await root.count()  # type: ignore[no-any-return]
