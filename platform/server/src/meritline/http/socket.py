"""Messages of graphql-transport-ws. Decides that what is no message ends the socket, and never surprises the server."""

from typing import Any

from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler

from meritline.graphql.kit.context import RequestContext


class Messages(BaseGraphQLTransportWSHandler[RequestContext, None]):
    """Strawberry's handler behind a check of the form."""

    async def handle_message(self, message: Any) -> None:
        """Handle what is well formed."""
        if not well_formed(message):
            await self.handle_invalid_message("Failed to parse message")
            return
        await super().handle_message(message)


def well_formed(message: object) -> bool:
    """Whether it has the form of a message."""
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return False
    if not isinstance(message.get("id", ""), str):
        return False
    if message["type"] != "subscribe":
        return True
    payload = message.get("payload")
    return (
        isinstance(payload, dict)
        and isinstance(payload.get("query"), str)
        and isinstance(payload.get("variables"), dict | None)
        and isinstance(payload.get("operationName"), str | None)
    )
