"""The app factory: the routes of one service, and what surrounds every route."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from opentelemetry import trace
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from shared.audit import Audit
from shared.errors import Forbidden, InvalidInput, PreconditionFailed, Unauthenticated
from shared.http import audit, docs, ops, problems
from shared.http.access import Access, OptionalSignIn, access_rules
from shared.http.edge import Edge
from shared.http.idempotency import KeyReused, idempotency_key_of
from shared.http.keys import TrustedKeys, Verifier
from shared.http.paging import BadCursor
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
    _describe(app)
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


def routes(app: FastAPI) -> Iterator[RouteContext]:
    """Every route that has a handler of ours, also those of included routers."""
    for found in iter_route_contexts(app.routes):
        if isinstance(found.original_route, APIRoute):
            yield found


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


def _describe(app: FastAPI) -> None:
    """Add to the OpenAPI document who may call what, and the problem schema."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is not None:
            return app.openapi_schema
        schema = plain()
        parts = schema.setdefault("components", {})
        parts.setdefault("schemas", {})["Problem"] = problems.Problem.model_json_schema(
            ref_template="#/components/schemas/{model}"
        )
        parts["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
        }
        parts["schemas"].pop("HTTPValidationError", None)  # FastAPI's own; we answer with Problem
        parts["schemas"].pop("ValidationError", None)
        for route in routes(app):
            rules = access_rules(route.dependant)
            for method in (route.methods or ()) if route.include_in_schema else ():
                operation = schema["paths"][route.path_format][method.lower()]
                _say_who(operation, [rule for rule in rules if isinstance(rule, Access)])
                _say_what_any_may_answer(operation, rules)
        app.openapi_schema = schema
        return schema

    app.openapi = described  # type: ignore[method-assign]


def _say_who(operation: dict[str, Any], rules: list[Access]) -> None:
    if rules:
        operation["security"] = [{"bearer": []}]
    if roles := sorted({str(role) for rule in rules for role in rule.roles}):
        operation["x-roles"] = roles


def _say_what_any_may_answer(operation: dict[str, Any], rules: Sequence[object]) -> None:
    """The errors that stand before every handler: who asks, and what cannot be read."""
    names = {parameter["name"] for parameter in operation.get("parameters", ())}
    body = "requestBody" in operation
    common = {
        Unauthenticated: any(isinstance(rule, (Access, OptionalSignIn)) for rule in rules),
        Forbidden: any(isinstance(rule, Access) and rule.roles for rule in rules),
        BadCursor: "cursor" in names,
        problems.Malformed: body,
        problems.BodyTooLarge: body,
        InvalidInput: body or bool(names),
        KeyReused: "Idempotency-Key" in names,
        PreconditionFailed: "If-Match" in names,
    }
    responses = operation["responses"]
    if "HTTPValidationError" in str(responses.get("422")):
        del responses["422"]
    for status, said in problems.problems(*(e for e, may in common.items() if may)).items():
        known = responses.setdefault(str(status), dict(said))
        missing = [code for code in _codes(said) if code not in _codes(known)]
        known["description"] = ", ".join([known["description"], *missing])
    operation["responses"] = dict(sorted(responses.items()))


def _codes(response: dict[str, Any]) -> list[str]:
    return re.findall(r"`[^`]+`", response["description"])
