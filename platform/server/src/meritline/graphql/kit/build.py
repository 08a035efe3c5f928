"""Build: GraphQL types and plain resolvers from the declarations. Decides how each kind of field becomes one."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any

import strawberry
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
    Module,
    Object,
    RootById,
    RootConnection,
    ToMany,
    ToOne,
    Translated,
)
from meritline.graphql.kit.ids import global_id, key_of, split_id, typed_key
from meritline.graphql.kit.inputs import filter_input, order_input
from meritline.graphql.kit.loading import Declarations
from meritline.graphql.kit.paging import DEFAULT_FIRST, OrderDirection, PageInfo, arguments, root_page
from meritline.graphql.kit.rows import Row, columns_of, reading
from meritline.graphql.kit.shapes import Shapes, core


@strawberry.enum(description="A language that texts are written in.", name="Language")
class LanguageChoice(Enum):
    """A language that texts are written in."""

    EN = strawberry.enum_value("en", description="English.")
    ZH = strawberry.enum_value("zh", description="Chinese (中文).")


@strawberry.interface(name="Node", description="An object that `node` finds again by its id.")
class Node:
    """An object that ``node`` finds again by its id."""

    id: strawberry.ID = strawberry.field(description="Opaque and stable.")


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
        resolver = self.resolver(each)
        if resolver is None:
            made.__annotations__[each.name] = wanted
            setattr(made, each.name, strawberry.field(name=each.name, description=each.description))
        else:
            setattr(
                made,
                each.name,
                strawberry.field(
                    resolver=resolver, name=each.name, description=each.description, graphql_type=wanted
                ),
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

    def resolver(self, each: Field) -> Callable[..., Any] | None:
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
            path = f"{root._path}{each.name}."
            if each.null_without is not None and root._record[path + each.null_without] is None:
                return None
            return row_type.of(root._record, path)

        return resolve

    def to_one(self, each: ToOne) -> Callable[..., Any]:
        """The related row, by a loader."""
        read, target = reading("#", each.name), core(each.type)

        async def resolve(root: Any, info: Info) -> Any:
            return await self.declarations.one(info.context, target, read(root), each.on)

        return resolve

    def to_many(self, each: ToMany) -> Callable[..., Any]:
        """The related rows, by a loader."""
        read, target = reading("#", each.name), core(each.type)

        async def resolve(root: Any, info: Info) -> Any:
            return await self.declarations.many(info.context, each, target, read(root))

        return resolve

    def connected(self, each: Connected) -> Callable[..., Any]:
        """The page of related rows, by a loader."""
        read, shape = reading("#", each.name), self.shapes[core(each.type)]

        async def resolve(root: Any, info: Info, first: int, **given: Any) -> Any:
            asked = self.asked(shape, first, **given_only(given))
            return await self.declarations.page_of(info.context, shape.name, each.on, read(root), asked)

        return self.with_page_arguments(resolve, shape, rooted=True)

    def root_connection(self, each: RootConnection) -> Callable[..., Any]:
        """The page of all rows that the reader may see."""
        shape = self.shapes[core(each.type)]

        async def resolve(info: Info, first: int, **given: Any) -> Any:
            asked = self.asked(shape, first, **given_only(given))
            return await root_page(info.context, self.classes[shape.name], asked)

        return self.with_page_arguments(resolve, shape, rooted=False)

    def asked(self, shape: Object, first: int, after: str | None = None, **given: Any) -> Any:
        """The checked arguments of a page."""
        wanted, order = given.get("filter"), given.get("order_by")
        return arguments(
            self.shapes,
            shape,
            first,
            after,
            {name: value for name, value in vars(wanted).items() if value is not strawberry.UNSET} if wanted else {},
            tuple((each.field.value, each.direction is OrderDirection.DESC) for each in order or ()),
        )

    def with_page_arguments(self, resolve: Callable[..., Any], shape: Object, *, rooted: bool) -> Callable[..., Any]:
        """The resolver, with the arguments that the type's list takes."""
        given: dict[str, tuple[Any, Any]] = {"first": (int, DEFAULT_FIRST), "after": (str | None, None)}
        if shape.filters:
            given["filter"] = (self.input(f"{shape.name}Filter", filter_input, shape) | None, None)
        if shape.orders:
            given["order_by"] = (list[self.input(f"{shape.name}Order", order_input, shape)] | None, None)
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
            return await self.declarations.one(info.context, shape.name, key)

        return resolve

    def node_resolver(self) -> Callable[..., Any]:
        """The object of any opaque id."""

        async def resolve(info: Info, id: strawberry.ID) -> Any:
            named, key = split_id(str(id)) or ("", "")
            row_type = self.classes.get(named)
            if row_type is None or not issubclass(row_type, Node):
                return None
            found = typed_key(key, row_type.shape.key_type)
            return await self.declarations.one(info.context, named, found)

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
            found = each.resolve(needed, context, **given_only(chosen))
            return wrapped(plain, await found if inspect.isawaitable(found) else found)

        written = {name: annotation(text, self.names) for name, text in each.arguments.items()}
        typed = {name: (written.get(name, kind), default) for name, (kind, default) in given.items()}
        return with_signature(resolve, typed, rooted=True)

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


def given_only(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that the client gave."""
    return {name: value for name, value in chosen.items() if value is not strawberry.UNSET and value is not None}


def own_arguments(resolve: Callable[..., Any]) -> dict[str, tuple[Any, Any]]:
    """The parameters of a computing function after the row and the request: annotation and default."""
    _, _, *rest = inspect.signature(resolve).parameters.values()
    return {each.name: (each.annotation, each.default) for each in rest}


def with_signature(resolve: Callable[..., Any], given: Mapping[str, tuple[Any, Any]], *, rooted: bool) -> Any:
    """The resolver, with the parameters that Strawberry shall see as arguments."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    first = [inspect.Parameter("root", inspect.Parameter.POSITIONAL_OR_KEYWORD)] if rooted else []
    info = inspect.Parameter("info", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Info)
    # UNSET instead of None, or the schema would print "= null" as a default.
    arguments = [
        inspect.Parameter(name, keyword, annotation=kind, default=strawberry.UNSET if default is None else default)
        for name, (kind, default) in given.items()
    ]
    resolve.__signature__ = inspect.Signature([*first, info, *arguments])  # type: ignore[attr-defined]
    resolve.__annotations__ = {"info": Info, **{name: kind for name, (kind, _) in given.items()}}
    return resolve
