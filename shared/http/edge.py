"""The outermost layer of every request: its id, its language, its size limit, its log line.

It also turns what no other layer has handled into a problem document.
"""

import re
import time
import traceback
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import cause, metrics
from shared.errors import Conflict, DomainError, Unavailable
from shared.http.language import negotiate, set_language
from shared.http.problems import Internal, problem
from shared.ids import new_id
from shared.mongo import duplicated_key, is_outage
from shared.telemetry import current_trace_id

log = structlog.get_logger(__name__)

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_NOT_LOGGED = ("/healthz", "/readyz", "/metrics")  # machines ask for them every few seconds


class Edge:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, max_body_bytes: int) -> None:
        self._app = app
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        headers = dict(scope["headers"])
        given = headers.get(b"x-request-id", b"").decode("latin-1")
        request_id = given if _REQUEST_ID.fullmatch(given) else str(new_id())
        scope["request_id"] = request_id
        set_language(negotiate(headers.get(b"accept-language", b"").decode("latin-1")))
        cause.set_cause(cause.Cause(correlation_id=request_id))
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(correlation_id=request_id)
        status = 0

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"].append((b"x-request-id", request_id.encode()))
            await send(message)

        try:
            await self._app(scope, self._limited(headers, receive), note)
        except Exception as error:
            if status:
                raise  # a part of the answer is sent; all that is left is to close the connection
            await problem(_answer(error), request_id)(scope, receive, note)
        finally:
            _measure(scope, status, time.perf_counter() - began)

    def _limited(self, headers: dict[bytes, bytes], receive: Receive) -> Receive:
        """The body. Raises 413 to the reader once it is larger than allowed."""
        announced = headers.get(b"content-length", b"0")
        received = int(announced) if announced.isdigit() else 0

        async def receive_within_limit() -> Message:
            nonlocal received
            if received > self._max_body_bytes:
                raise HTTPException(413)
            message = await receive()
            if b"content-length" not in headers:
                received += len(message.get("body", b""))
            return message

        return receive_within_limit


def _answer(error: Exception) -> DomainError:
    if is_outage(error):
        log.warning("http.store_unreachable", error=type(error).__name__)
        return Unavailable()
    if duplicated_key(error) is not None:
        return Conflict()  # two requests created the same thing at once; this is the second
    # Only its type and lines: the text of an exception may hold personal data.
    frames = [f"{f.filename}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__)[-8:]]
    log.error("http.failed", error=type(error).__name__, frames=frames)
    return Internal()


def _measure(scope: Scope, status: int, seconds: float) -> None:
    route: Any = scope.get("route")
    path = getattr(route, "path", None) or "unknown"
    metrics.REQUESTS.labels(scope["method"], path, status).observe(seconds)
    if scope["path"].removeprefix(scope.get("root_path", "")) not in _NOT_LOGGED:
        log.info(
            "http.answered",
            method=scope["method"],
            route=path,
            status=status,
            milliseconds=round(seconds * 1000, 1),
            trace_id=current_trace_id(),
        )
