"""What is common to all objects that can be found again."""

import strawberry


@strawberry.interface(name="Node", description="An object that `node` finds again by its id.")
class Node:
    """An object that ``node`` finds again by its id."""

    id: strawberry.ID = strawberry.field(description="Opaque and stable.")
