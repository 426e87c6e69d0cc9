"""The app factory: the routes of one service, and what surrounds every route."""

from typing import Any

from fastapi import FastAPI
from opentelemetry import trace
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from shared.audit import Audit
from shared.http import audit, docs, openapi, ops, problems
from shared.http.access import access_rules
from shared.http.edge import Edge
from shared.http.idempotency import idempotency_key_of
from shared.http.keys import TrustedKeys, Verifier
from shared.http.openapi import routes
from shared.http.provided import asked_for
from shared.service import Service
from shared.settings import Settings


def create_app(service: Service, *parts: object, api: bool = True) -> FastAPI:
    """The service as an ASGI app.

    `parts` are provided to routes, beside what the service provides. Without `api` the app has only
    the routes of operators (for a process that only relays or consumes).
    """
    settings = service.platform.settings
    app = FastAPI(
        title=service.title,
        version="1",
        docs_url=None,
        redoc_url=None,
        middleware=_middleware(settings),
        telemetry={
            "tracer_provider": trace.get_tracer_provider(),
            "operation_spans": False,
            "metrics": False,
            "logs": False,
        },
    )
    for router in [ops.router, *((audit.router, *service.routers) if api else ())]:
        # Not include_router(): its extra levels of matching cost a tenth of a request.
        app.router.routes.extend(router.routes)
    docs.install(app)
    problems.install(app)
    app.state.mongo = service.platform.mongo
    app.state.clock = service.platform.clock
    always = (Audit(service.platform.mongo), settings)
    app.state.provided = {type(part): part for part in (*always, *service.provides, *parts)}
    trusted = [*service.trusted, *(TrustedKeys(issuer) for issuer in settings.issuers)]
    app.state.verifier = Verifier(trusted)
    check_routes(app)
    openapi.install(app, service.description)
    return app


def _middleware(settings: Settings) -> list[Middleware]:
    origins = settings.cors_origins
    cors = Middleware(
        CORSMiddleware,
        allow_origins=list(origins),
        allow_methods=["*"],
        allow_headers=["*"],
        expose_headers=["ETag", "Location", "Retry-After", "X-Request-ID"],
    )
    return [Middleware(Edge, max_body_bytes=settings.max_body_bytes), *([cors] if origins else [])]


class UnguardedRoute(Exception):
    """A route that does not say who may call it, or says it too late."""


class NotProvided(Exception):
    """A route that asks for something that the service does not provide."""


def check_routes(app: FastAPI) -> None:
    """Refuse to start with a route that declares no access rule, or declares it too late."""
    for route in routes(app):
        if not access_rules(route.dependant):
            raise UnguardedRoute(f"{route.methods} {route.path}: say requires(...) or anyone")
        first = [bool(access_rules(part)) for part in route.dependant.dependencies].index(True)
        before = route.dependant.dependencies[:first]
        if any(_uses(part, idempotency_key_of) for part in before):
            raise UnguardedRoute(f"{route.path}: the access rule must stand before `execute`")


def check_provided(app: FastAPI) -> None:
    """Refuse to start with a route that asks for something that nobody provides."""
    for route in routes(app):
        for kind in asked_for(route.dependant):
            if kind not in app.state.provided:
                raise NotProvided(f"{route.methods} {route.path}: nobody provides {kind.__name__}")


def _uses(dependant: Any, call: object) -> bool:
    return dependant.call is call or any(_uses(part, call) for part in dependant.dependencies)
