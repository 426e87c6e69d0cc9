"""Answers of a service, checked against its own OpenAPI document.

Every client of `Running` goes through `CheckedAnswers`. So each JSON answer that any test gets is
checked: its status is one that the document names for the route, and its body fits the schema. A
body may hold no property that the schema does not name. Not checked: 405 and 5xx, which any address
may answer.
"""

import copy
import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, ClassVar
from urllib.parse import quote

import jsonschema_rs
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.types import Message, Receive, Scope, Send

from shared.errors import pointer

ADDRESS = "urn:openapi"


class AnswerNotDocumented(AssertionError):
    """A service answered otherwise than its document says."""


class Documented:
    """The answers that one OpenAPI document (3.1) names."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = _closed(document)
        self._registry = jsonschema_rs.Registry([(ADDRESS, self._document)])
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def check(self, method: str, path: str, status: int, media: str, body: bytes) -> None:
        """Raises `AnswerNotDocumented`. `path` is the route's, as in the document."""
        where = f"{method} {path}: {status}"
        steps = ["paths", path, method.lower(), "responses", str(status)]
        answer = self._find(steps)
        if answer is None:
            raise AnswerNotDocumented(f"{where} is not in the document\n{body[:500]!r}")
        while "$ref" in answer:
            steps = answer["$ref"].removeprefix("#/").split("/")
            answer = self._find(steps) or {}
        if not body:
            return
        if media not in answer.get("content", {}):
            raise AnswerNotDocumented(f"{where}: {media} is not in the document")
        if "schema" not in answer["content"][media]:
            return  # the document says nothing of what it looks like
        at = "#" + quote(pointer(*steps, "content", media, "schema"), safe="/~")
        validator = self._validators.get(at)
        if validator is None:
            validator = jsonschema_rs.Draft202012Validator(
                {"$ref": ADDRESS + at}, registry=self._registry, validate_formats=True
            )
            self._validators[at] = validator
        for error in validator.iter_errors(json.loads(body)):
            at = pointer(*error.instance_path)
            raise AnswerNotDocumented(f"{where}: {at or 'the body'}: {error.message[:300]}")

    def _find(self, steps: list[str]) -> dict[str, Any] | None:
        found: Any = self._document
        for step in steps:
            found = found.get(step) if isinstance(found, dict) else None
        return found if isinstance(found, dict) else None


def _closed(document: dict[str, Any]) -> dict[str, Any]:
    """A copy in which objects have no properties but those that their schema names."""
    copied = copy.deepcopy(document)
    for schema in _schemas(copied):
        if "properties" in schema and "allOf" not in schema:
            schema.setdefault("additionalProperties", False)
    return copied


def _schemas(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from document.get("components", {}).get("schemas", {}).values()


class CheckedAnswers:
    """ASGI: the app, with its JSON answers checked."""

    # The document of the largest service takes two seconds to make. Tests start the same services
    # again and again, so it is made once for the same routes.
    _made: ClassVar[dict[tuple[tuple[str, object], ...], Documented]] = {}

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, media, body = 0, "", b""

        async def note(message: Message) -> None:
            nonlocal status, media, body
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = {name.lower(): value for name, value in message["headers"]}
                media = headers.get(b"content-type", b"").decode().partition(";")[0]
            elif media.endswith("json"):
                body += message.get("body", b"")
            await send(message)

        await self._app(scope, receive, note)
        route: Any = scope.get("route")
        anywhere = status == HTTPStatus.METHOD_NOT_ALLOWED or status >= 500
        if media.endswith("json") and not anywhere and getattr(route, "include_in_schema", False):
            self._documented().check(scope["method"], route.path_format, status, media, body)

    def _documented(self) -> Documented:
        routes = tuple(
            (route.path, route.endpoint)
            for route in self._app.routes
            if isinstance(route, APIRoute)
        )
        if routes not in self._made:
            self._made[routes] = Documented(self._app.openapi())
        return self._made[routes]
