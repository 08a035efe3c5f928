"""The pages: plain files of ours, served with a policy that allows nothing from elsewhere."""

from importlib.resources import files
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

POLICY = {
    "content-security-policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


def console_folder() -> Path:
    """The files: inside the package where it was built, beside it in a checkout."""
    built = Path(str(files("meritline"))) / "console"
    return built if built.is_dir() else Path(__file__).parents[4] / "console"


def page(name: str) -> FileResponse:
    """One of the pages."""
    return FileResponse(console_folder() / name, media_type="text/html; charset=utf-8", headers=POLICY)


async def index(_: Request) -> Response:
    """The first page."""
    return page("index.html")


async def graphiql(request: Request) -> Response:
    """The page to write queries on; not there where the schema is shown to nobody."""
    if request.app.state.platform.settings.introspection == "off":
        return Response("Not Found", status_code=404)
    return page("graphiql.html")


async def at_endpoint(request: Request) -> Response:
    """GET on the endpoint: the page for a browser; queries come by POST alone."""
    if "text/html" not in request.headers.get("accept", ""):
        return Response("Method Not Allowed", status_code=405, headers={"allow": "POST"})
    return await graphiql(request)


class Files(StaticFiles):
    """The scripts and styles of the pages."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """With the policy of the pages."""
        answer: Response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        answer.headers.update(POLICY)
        return answer


def routes() -> list[Route | Mount]:
    """The routes of the pages."""
    return [
        Route("/", index),
        Route("/graphiql", graphiql),
        Mount("/console", Files(directory=console_folder()), name="console"),
    ]
