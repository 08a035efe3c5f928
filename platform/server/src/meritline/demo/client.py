"""A minimal GraphQL client over HTTP, so that the demo sees exactly what a frontend sees."""

import asyncio
import urllib.error
import urllib.request
from typing import Any

import msgspec


class DemoError(RuntimeError):
    """The server's answer was an error."""


class Changed(DemoError):
    """Somebody, or an earlier version of the demo, has said something else already."""


class Client:
    """Asks one server with one key."""

    def __init__(self, url: str, key: str) -> None:
        self.url, self.key = url, key

    async def ask(self, query: str, **variables: object) -> dict[str, Any]:
        """The data of the answer; numbers stay the strings that they are."""
        body = msgspec.json.encode({"query": query, "variables": variables})
        answer = await asyncio.to_thread(self._post, body)
        if answer.get("errors"):
            raise DemoError("; ".join(error["message"] for error in answer["errors"]))
        data: dict[str, Any] = answer["data"]
        return data

    async def change(self, name: str, input_type: str, selection: str, given: dict[str, object]) -> dict[str, Any]:
        """The result of a mutation; what it refuses is raised."""
        asked = f"{selection} errors {{ code message }}"
        query = f"mutation($input: {input_type}!) {{ {name}(input: $input) {{ {asked} }} }}"
        result: dict[str, Any] = (await self.ask(query, input=given))[name]
        if result["errors"]:
            kind = Changed if {error["code"] for error in result["errors"]} == {"E-CONFLICT-STALE"} else DemoError
            raise kind("; ".join(error["message"] for error in result["errors"]))
        return result

    def _post(self, body: bytes) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", "Accept-Language": "en"}
        request = urllib.request.Request(f"{self.url}/graphql", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return msgspec.json.decode(answer.read())  # type: ignore[no-any-return]
        except urllib.error.HTTPError as refused:
            raise DemoError(f"HTTP {refused.code}: {refused.read()[:500].decode(errors='replace')}") from refused
