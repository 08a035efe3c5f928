"""The roots of mutations and subscriptions, from what the features declare."""

from typing import Any

import strawberry

from meritline.graphql.kit.annotations import annotation
from meritline.graphql.kit.build import Builder
from meritline.graphql.kit.context import RequestContext
from meritline.graphql.kit.mutating import Keys, Mutation, Payload, UserError, resolver
from meritline.graphql.kit.shapes import core


def mutation_type(builder: Builder) -> Any:
    """The root of all writes."""
    found = [each for module in builder.modules for each in module.mutations]
    if not found:
        return None
    made: Any = type("Mutation", (), {"__annotations__": {}, "__doc__": "All writes."})
    for each in found:
        payload = payload_type(builder, each)
        put = strawberry.field(
            resolver=resolver(each), name=each.name, description=each.description, graphql_type=payload
        )
        setattr(made, each.name, put)
    return done(made, description="All writes. Each is one unit of work and can be repeated.")


def payload_type(builder: Builder, mutation: Mutation) -> Any:
    """The payload of a mutation: its objects, null where there are errors, and the errors."""
    name = f"{mutation.name[0].upper()}{mutation.name[1:]}Payload"
    made: Any = type(name, (), {"__annotations__": {"errors": list[UserError]}})
    made.errors = strawberry.field(
        description="What the user can mend, each with its place in the list; all the others were taken."
        if mutation.partly else "What the user can mend; where there is any, nothing was changed."
    )  # fmt: skip
    for each, (written, text) in mutation.returns.items():
        put = strawberry.field(
            resolver=member(each, written), name=each, description=text,
            graphql_type=annotation(written, builder.names),
        )  # fmt: skip
        setattr(made, each, put)
    return done(made, name=name, description=f"What {mutation.name} came to.")


def member(name: str, written: str) -> Any:
    """The resolver of a payload's member: the object of the key that the work returned."""
    target = core(written)

    async def resolve(root: Payload, info: strawberry.Info) -> Any:
        context: RequestContext = info.context
        found = root.values.get(name)
        row_type = context.declarations.classes.get(target)
        if found is None or row_type is None:
            return found
        if row_type.shape.table is None:
            return (
                [row_type.of_values(each) for each in found] if isinstance(found, list) else row_type.of_values(found)
            )
        if isinstance(found, Keys):
            loaded = await context.declarations.all_of(context, target, found.on, found.values)
            return loaded if written.startswith("[") else next(iter(loaded), None)
        return await context.declarations.one(context, target, found)

    return resolve


def subscription_type(builder: Builder) -> Any:
    """The root of what can be followed."""
    found = [each for module in builder.modules for each in module.subscriptions]
    if not found:
        return None
    made: Any = type("Subscription", (), {"__annotations__": {}, "__doc__": "What can be followed."})
    for each in found:
        put = strawberry.subscription(
            resolver=each.resolver(builder), name=each.name, description=each.description,
            graphql_type=annotation(each.type, builder.names),
        )  # fmt: skip
        setattr(made, each.name, put)
    return done(made, description="What can be followed while it happens.")


def done(made: Any, **options: Any) -> Any:
    """The class as a GraphQL type."""
    return strawberry.type(made, **options)
