"""Many requests at once: a small HTTP/1.1 client that needs little CPU time.

A full client needs more time for a request than the services do, so it would measure itself. This
one sends requests that were prepared before, reads statuses and bodies, and keeps its connections
open.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast


def post(path: str, token: str, body: bytes = b"", **headers: str) -> bytes:
    """The bytes of a POST request."""
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return (
        f"POST {path} HTTP/1.1\r\nHost: service\r\nAuthorization: Bearer {token}\r\n{more}"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


@dataclass
class Answers:
    """The answers. `seconds`: from first request to last answer; `waits`: for each answer."""

    statuses: Counter[int] = field(default_factory=Counter)
    bodies: list[bytes] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def a_second(self) -> float:
        return self.statuses.total() / self.seconds


OnAnswer = Callable[[int, bytes], None]
"""Called with the status and body of each answer, before the next request is taken."""


class _Connection(asyncio.Protocol):
    def __init__(
        self, requests: Iterator[bytes], answers: Answers, keep: bool, on_answer: OnAnswer | None
    ) -> None:
        self._requests = requests
        self._answers = answers
        self._keep = keep
        self._on_answer = on_answer
        self._asked_at = 0.0
        self._buffer = b""
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._next()

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self._transport.close()
        else:
            self._asked_at = time.perf_counter()
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._buffer[:end].lower()
        at = head.find(b"content-length: ") + len(b"content-length: ")
        length = int(head[at:].split(b"\r\n", 1)[0])
        if len(self._buffer) < end + 4 + length:
            return
        status, body = int(self._buffer[9:12]), self._buffer[end + 4 : end + 4 + length]
        self._answers.waits.append(time.perf_counter() - self._asked_at)
        self._answers.statuses[status] += 1
        if self._keep:
            self._answers.bodies.append(body)
        if self._on_answer is not None:
            self._on_answer(status, body)
        self._buffer = b""
        self._next()

    def connection_lost(self, _: Exception | None) -> None:
        if not self.finished.done():
            self.finished.set_result(None)


async def rush(
    ports: Sequence[int],
    requests: Iterable[bytes],
    *,
    connections: int,
    keep: bool = False,
    on_answer: OnAnswer | None = None,
) -> Answers:
    """Send the requests over so many connections, spread over the ports; wait for every answer.

    A request is taken when a connection becomes free, so it may depend on earlier answers. `keep`:
    keep the bodies. If a connection is lost, its request gets no answer.
    """
    answers, waiting = Answers(), iter(requests)
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    opened = [
        await loop.create_connection(
            lambda: _Connection(waiting, answers, keep, on_answer),
            "127.0.0.1",
            ports[n % len(ports)],
        )
        for n in range(connections)
    ]
    await asyncio.gather(*(protocol.finished for _, protocol in opened))
    answers.seconds = time.perf_counter() - began
    return answers
