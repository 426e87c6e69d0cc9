"""Requests that wait at the same time are done in one transaction.

A popular session is one document that thousands want to write in the same second. With a
transaction for each request, they conflict and run again and again. With one transaction for all
that wait, they do not. While one batch is being written, new requests wait; then they form the next
batch. A request that comes alone is written at once.

A process writes one batch at a time, so its own requests never conflict with each other. See
docs/adr/0004-requests-that-wait-together.md.
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
"""Does all the requests in one transaction. Returns for each its result, or the error it had."""


class _Waiting(NamedTuple, Generic[Q, R]):
    request: Q
    answer: "asyncio.Future[R]"


class Batcher(Generic[Q, R]):
    """Collects requests into batches: `result = await batcher(request)`."""

    def __init__(
        self, flush: Flush[Q, R], *, max_batch: int = 256, max_waiting: int = 20_000
    ) -> None:
        """`max_batch`: requests in a batch. `max_waiting`: when so many wait, more are refused."""
        self._flush = flush
        self._max_batch = max_batch
        self._max_waiting = max_waiting
        self._waiting: list[_Waiting[Q, R]] = []
        self._flushing: asyncio.Task[None] | None = None

    async def __call__(self, request: Q) -> R:
        """Do this request in the next batch. Raises its error; `Unavailable` if too many wait."""
        if len(self._waiting) >= self._max_waiting:
            raise Unavailable(retry_after=1)
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(request, answer))
        if self._flushing is None:
            self._flushing = asyncio.create_task(self._drain())
        return await answer

    async def _drain(self) -> None:
        set_actor(None)  # one request started this task, but it works for all of them
        try:
            while self._waiting:
                batch = self._waiting[: self._max_batch]
                del self._waiting[: self._max_batch]
                await self._answer(batch)
        finally:
            self._flushing = None

    async def _answer(self, batch: list[_Waiting[Q, R]]) -> None:
        try:
            results = await self._flush([waiting.request for waiting in batch])
        except Exception as error:  # noqa: BLE001 - each request gets its error
            if len(batch) > 1 and not is_outage(error):
                # Not an error of the rules. Halve the batch, so that only one request fails by it.
                middle = len(batch) // 2
                await self._answer(batch[:middle])
                await self._answer(batch[middle:])
                return
            results = [error] * len(batch)
        for waiting, result in zip(batch, results, strict=True):
            if waiting.answer.done():
                continue  # the caller has gone
            if isinstance(result, Exception):
                waiting.answer.set_exception(result)
            else:
                waiting.answer.set_result(result)
