"""The application: which path leads where, and what stands before all of them."""

from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from meritline.errors import MeritlineError
from meritline.graphql.kit.errors import as_meritline, masked
from meritline.http import exports, health, pages, ratings
from meritline.http.answers import error_response, language_for
from meritline.http.authentication import Authentication
from meritline.http.figures import figures_endpoint
from meritline.http.graphql import GraphQLView
from meritline.http.limits import BodyLimit
from meritline.http.measured import Measured
from meritline.http.metrics import Metrics
from meritline.http.records import records_endpoint

MOST_GRAPHQL_BYTES = 8 * 1024 * 1024


def create_app(platform: Any) -> Starlette:
    """The application on a platform; ``request.app.state.platform`` finds it again."""
    metrics = Metrics(platform)
    view = GraphQLView(platform, metrics)
    app = Starlette(
        routes=[
            Route(
                "/graphql", BodyLimit(view, min(MOST_GRAPHQL_BYTES, platform.settings.max_body_bytes)), methods=["POST"]
            ),
            Route("/graphql", pages.at_endpoint, methods=["GET"]),
            WebSocketRoute("/graphql", view),
            Route("/v1/records/{record_type}", records_endpoint, methods=["POST"]),
            Route("/v1/figures", figures_endpoint, methods=["POST"]),
            *ratings.ROUTES,
            *exports.ROUTES,
            Route("/healthz", health.healthz),
            Route("/readyz", health.readyz),
            Route("/metrics", metrics.page),
            *pages.routes(),
        ],
        middleware=[
            Middleware(Measured, metrics=metrics),
            Middleware(BodyLimit, most=platform.settings.max_body_bytes),
            Middleware(Authentication, platform=platform),
        ],
        exception_handlers={MeritlineError: answered, Exception: answered},
    )
    app.state.platform, app.state.metrics = platform, metrics
    return app


async def answered(request: Request, error: Exception) -> Response:
    """An error outside of GraphQL, in the form of all errors; a surprise is masked."""
    return error_response(as_meritline(error) or masked(error), language_for(request))
