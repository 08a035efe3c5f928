"""The plain resolvers. Decides how each kind of declared field finds its value."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import strawberry
from orjson import Fragment
from strawberry.types.info import Info

from meritline.graphql.kit.annotations import annotation
from meritline.graphql.kit.context import RequestContext
from meritline.graphql.kit.declare import (
    Column,
    Computed,
    Connected,
    Embedded,
    Field,
    GlobalId,
    Object,
    RootById,
    RootConnection,
    ToMany,
    ToOne,
    Translated,
)
from meritline.graphql.kit.ids import global_id, key_of, split_id, typed_key
from meritline.graphql.kit.inputs import filter_input, order_input
from meritline.graphql.kit.language import LanguageChoice
from meritline.graphql.kit.loading import Declarations
from meritline.graphql.kit.node import Node
from meritline.graphql.kit.paging import DEFAULT_FIRST, asked_of, held_page, root_page
from meritline.graphql.kit.rows import Row, held, reading
from meritline.graphql.kit.shapes import Shapes, core
from meritline.graphql.kit.signatures import given_only, own_arguments, with_signature


class Resolvers:
    """Makes resolvers. ``names`` are all named types; inputs that it makes are added to them."""

    def __init__(self, declarations: Declarations, classes: Mapping[str, type[Row]], names: dict[str, Any]) -> None:
        self.declarations = declarations
        self.shapes: Shapes = declarations.shapes
        self.classes = classes
        self.names = names

    def of(self, each: Field) -> Callable[..., Any] | None:
        """The plain resolver of a field; plain columns need none."""
        match each:
            case Column():
                return guarded_column(each) if each.action is not None else None
            case GlobalId():
                return opaque_id
            case Translated():
                return translated(each)
            case Embedded():
                return self.embedded(each)
            case ToOne():
                return self.to_one(each)
            case ToMany():
                return self.to_many(each)
            case Connected():
                return self.connected(each)
            case RootConnection():
                return self.root_connection(each)
            case RootById():
                return self.root_by_id(each)
            case Computed():
                return self.computed(each)

    def embedded(self, each: Embedded) -> Callable[..., Any]:
        """The object made of the same row."""
        row_type = self.classes[core(each.type)]

        def resolve(root: Any, info: Info) -> Any:
            info.context.require(each.action)
            brought = held(root, info)
            if brought is not None:
                return brought
            path = f"{root._path}{each.name}."
            if each.null_without is not None and root._record[path + each.null_without] is None:
                return None
            return row_type.of(root._record, path)

        return resolve

    def to_one(self, each: ToOne) -> Callable[..., Any]:
        """The related row, by a loader."""
        read, target = reading("#", each.name), core(each.type)

        async def resolve(root: Any, info: Info) -> Any:
            brought = held(root, info)
            if brought.__class__ is Fragment:
                return brought
            if brought is not None:
                return self.classes[target].of(brought[-1]) if brought else None
            return await self.declarations.one(info.context, target, read(root), each.on)

        return resolve

    def to_many(self, each: ToMany) -> Callable[..., Any]:
        """The related rows, by a loader."""
        read, target = reading("#", each.name), core(each.type)

        async def resolve(root: Any, info: Info) -> Any:
            brought = held(root, info)
            if brought.__class__ is Fragment:
                return brought
            if brought is not None:
                return [self.classes[target].of(each) for each in brought]
            return await self.declarations.many(info.context, each, target, read(root))

        return resolve

    def connected(self, each: Connected) -> Callable[..., Any]:
        """The page of related rows, by a loader."""
        read, shape = reading("#", each.name), self.shapes[core(each.type)]

        async def resolve(root: Any, info: Info, first: int, **given: Any) -> Any:
            brought = held(root, info)
            if brought.__class__ is Fragment:
                return brought
            if brought is not None:
                return held_page(self.classes[shape.name], brought)
            asked = asked_of(self.shapes, shape, first, **given_only(given))
            return await self.declarations.page_of(info.context, shape.name, each.on, read(root), asked)

        return self.with_page_arguments(resolve, shape, rooted=True)

    def root_connection(self, each: RootConnection) -> Callable[..., Any]:
        """The page of all rows that the reader may see."""
        shape = self.shapes[core(each.type)]

        async def resolve(info: Info, first: int, **given: Any) -> Any:
            asked = asked_of(self.shapes, shape, first, **given_only(given))
            return await root_page(info.context.at(info), self.classes[shape.name], asked)

        return self.with_page_arguments(resolve, shape, rooted=False)

    def with_page_arguments(self, resolve: Callable[..., Any], shape: Object, *, rooted: bool) -> Callable[..., Any]:
        """The resolver, with the arguments that the type's list takes."""
        given: dict[str, tuple[Any, Any]] = {"first": (int, DEFAULT_FIRST), "after": (str | None, None)}
        if shape.filters:
            given["filter"] = (self.input(f"{shape.name}Filter", filter_input, shape) | None, None)
        if shape.orders:
            order: Any = self.input(f"{shape.name}Order", order_input, shape)
            given["order_by"] = (list[order] | None, None)
        return with_signature(resolve, given, rooted=rooted)

    def input(self, name: str, make: Callable[..., Any], shape: Object) -> Any:
        """The input type of this name, made once."""
        if name not in self.names:
            self.names[name] = make(shape, self.names)
        return self.names[name]

    def root_by_id(self, each: RootById) -> Callable[..., Any]:
        """The object of an opaque id."""
        shape = self.shapes[core(each.type)]

        async def resolve(info: Info, id: strawberry.ID) -> Any:
            key = key_of(str(id), shape.name, shape.key_type)
            return await self.declarations.root_one(info.context.at(info), shape.name, key)

        return resolve

    def node_resolver(self) -> Callable[..., Any]:
        """The object of any opaque id."""

        async def resolve(info: Info, id: strawberry.ID) -> Any:
            named, key = split_id(str(id)) or ("", "")
            row_type = self.classes.get(named)
            if row_type is None or not issubclass(row_type, Node):
                return None
            found = typed_key(key, row_type.shape.key_type)
            return await self.declarations.root_one(info.context.at(info), named, found)

        return resolve

    def computed(self, each: Computed) -> Callable[..., Any]:
        """The field that Python computes."""
        row_type = self.classes.get(core(each.type))
        plain = row_type if row_type is not None and row_type.shape.table is None else None
        reads = {name: reading("?", f"{each.name}:{name}") for name in each.needs}
        given = own_arguments(each.resolve)

        async def resolve(root: Any, info: Info, **chosen: Any) -> Any:
            context: RequestContext = info.context
            context.require(each.action)
            needed = {name: read(root) for name, read in reads.items()}
            # A root field may be answered by one statement; below it, rows are there already.
            asking = context.at(info) if root is None else context
            found = each.resolve(needed, asking, **given_only(chosen))
            return wrapped(plain, await found if inspect.isawaitable(found) else found)

        written = {name: annotation(text, self.names) for name, text in each.arguments.items()}
        typed = {name: (written.get(name, kind), default) for name, (kind, default) in given.items()}
        return with_signature(resolve, typed, rooted=True)


def opaque_id(root: Any) -> str:
    """The opaque id of a row."""
    return global_id(type(root).shape.name, root._record["^key"])


def guarded_column(each: Column) -> Callable[..., Any]:
    """A column with a permission of its own."""
    read = reading("", each.name)

    def resolve(root: Any, info: Info) -> Any:
        info.context.require(each.action)
        return read(root)

    return resolve


def translated(each: Translated) -> Callable[..., Any]:
    """The text in the language that the field or the request asks for."""
    texts = {"en": reading("", f"{each.name}_en"), "zh": reading("", f"{each.name}_zh")}

    def resolve(root: Any, info: Info, language: LanguageChoice | None = strawberry.UNSET) -> Any:
        return texts[info.context.language_or(language)](root)

    return resolve


def wrapped(row_type: type[Row] | None, found: Any) -> Any:
    """Computed mappings as objects of their type."""
    if row_type is None:
        return found
    if isinstance(found, Mapping):
        return row_type.of_values(found)
    if isinstance(found, list):
        return [wrapped(row_type, each) for each in found]
    return found
