"""Watches every request that a test makes: does what staff do leave a row in the audit trail?

Added to the app of each test, so that a new route is watched as soon as any test uses it; what was
seen is judged when the run ends (see conftest.py).
"""

from collections import Counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.audit import ROWS
from shared.http.access import Access, access_rules
from shared.mongo import Mongo


class Seen:
    """Of each staff route that changes something: how often it succeeded, and left a row."""

    def __init__(self) -> None:
        self.succeeded: Counter[str] = Counter()
        self.noted: Counter[str] = Counter()

    @property
    def silent(self) -> list[str]:
        """Routes that did what they were asked, and never left a row."""
        return sorted(route for route in self.succeeded if not self.noted[route])


class Watch:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, mongo: Mongo, seen: Seen) -> None:
        self._app = app
        self._rows = mongo.collection(ROWS)
        self._seen = seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = 0

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        await self._app(scope, receive, note)
        route = scope.get("route")
        if route is None or scope["method"] == "GET" or not 200 <= status < 300:
            return
        if any(isinstance(r, Access) and r.roles for r in access_rules(route.dependant)):
            name = f"{scope['method']} {route.path}"
            self._seen.succeeded[name] += 1
            of_this = {"correlation_id": scope["request_id"]}
            self._seen.noted[name] += await self._rows.count_documents(of_this)
