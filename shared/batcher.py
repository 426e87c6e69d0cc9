"""Requests that wait together are done together.

A popular session is one document that thousands want in the same second. One transaction for each
collapses (they make each other run again); one transaction for all that are waiting does not. While
a flush is under way the next requests gather; when it ends they go into the next one. Nobody waits
for company: a lone request is flushed at once.

There is one flush at a time in a process, so those of one process never make each other run again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from shared.cause import set_actor
from shared.errors import Unavailable
from shared.mongo import is_outage

Q = TypeVar("Q")
R = TypeVar("R")

Flush = Callable[[Sequence[Q]], Awaitable[Sequence[R | Exception]]]
"""Does all the requests in one transaction; for each a result, or what refused that one alone."""


class _Waiting(NamedTuple, Generic[Q, R]):
    request: Q
    answer: "asyncio.Future[R]"


class Batcher(Generic[Q, R]):
    def __init__(self, flush: Flush[Q, R], *, most: int = 256, room: int = 20_000) -> None:
        """At most `most` requests go into one flush; past `room` waiting, more are turned away."""
        self._flush = flush
        self._most = most
        self._room = room
        self._waiting: list[_Waiting[Q, R]] = []
        self._flushing: asyncio.Task[None] | None = None

    async def __call__(self, request: Q) -> R:
        """Do this request with whatever else waits. Raises what refused it, or `Unavailable`."""
        if len(self._waiting) >= self._room:
            raise Unavailable(retry_after=1)
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(request, answer))
        if self._flushing is None:
            self._flushing = asyncio.create_task(self._drain())
        return await answer

    async def _drain(self) -> None:
        set_actor(None)  # this task began with one of the requests, and does what all of them ask
        try:
            while self._waiting:
                batch = self._waiting[: self._most]
                del self._waiting[: self._most]
                await self._answer(batch)
        finally:
            self._flushing = None

    async def _answer(self, batch: list[_Waiting[Q, R]]) -> None:
        try:
            results = await self._flush([waiting.request for waiting in batch])
        except Exception as error:  # noqa: BLE001 - each request is told what befell it
            if len(batch) > 1 and not is_outage(error):
                # Something no rule foresaw. Halve, so that it fails the one it belongs to.
                middle = len(batch) // 2
                await self._answer(batch[:middle])
                await self._answer(batch[middle:])
                return
            results = [error] * len(batch)
        for waiting, result in zip(batch, results, strict=True):
            if waiting.answer.done():
                continue  # whoever asked has gone
            if isinstance(result, Exception):
                waiting.answer.set_exception(result)
            else:
                waiting.answer.set_result(result)
