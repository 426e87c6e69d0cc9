"""Dead letters: what could not be handled, kept in `<queue>.dead` until a person decides.

Looking takes the messages and gives them back in the same order when the channel closes; two
people looking at the same moment see each other's messages missing until then. The broker takes
them back in its own time, so looking ends only when they can be seen again.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from pydantic import BaseModel

from shared.bus.publisher import Publisher, open_connection
from shared.bus.topology import dead_queue, declare_queue


class DeadLetter(BaseModel):
    """`letter_id` is the event's id where the message had one, else a hash of its bytes."""

    letter_id: str
    queue: str
    type: str | None
    reason: str
    error: str | None
    attempts: int | None
    died_at: str | None
    body: str


class DeadLetters:
    """The dead letters of one service's queues."""

    def __init__(self, url: str, queues: Sequence[str], publisher: Publisher) -> None:
        self._url = url
        self.queues = tuple(queues)
        self._publisher = publisher

    async def counts(self) -> dict[str, int]:
        """How many there are, by queue."""
        async with self._look() as look:
            return {queue: await look.count(queue) for queue in self.queues}

    async def list(self, queue: str, limit: int = 100) -> list[DeadLetter]:
        """The oldest first."""
        async with self._look() as look:
            return [_shown(queue, m) async for m in look.walk(queue, limit)]

    async def show(self, letter_id: str) -> DeadLetter | None:
        async with self._look() as look:
            for queue in self.queues:
                async for message in look.walk(queue):
                    if _id(message) == letter_id:
                        return _shown(queue, message)
        return None

    async def redrive(self, wanted: Callable[[DeadLetter], bool]) -> int:
        """Give those back to their queue, to be tried afresh. Returns how many."""

        async def back(queue: str, message: AbstractIncomingMessage) -> None:
            await self._publisher.publish(
                message.body,
                exchange="",
                routing_key=queue,
                message_id=message.message_id,
                event_type=message.type,
            )

        return await self._take(wanted, back)

    async def discard(self, wanted: Callable[[DeadLetter], bool]) -> int:
        """Throw those away for good. Returns how many."""

        async def away(_queue: str, _message: AbstractIncomingMessage) -> None:
            pass

        return await self._take(wanted, away)

    async def _take(
        self,
        wanted: Callable[[DeadLetter], bool],
        dispose: Callable[[str, AbstractIncomingMessage], Any],
    ) -> int:
        taken = 0
        async with self._look() as look:
            for queue in self.queues:
                async for message in look.walk(queue):
                    if wanted(_shown(queue, message)):
                        await dispose(queue, message)
                        await message.ack()
                        look.left[queue] -= 1
                        taken += 1
        return taken

    @asynccontextmanager
    async def _look(self) -> AsyncIterator["_Look"]:
        async with await open_connection(self._url, "dead letters") as connection:
            channel = await connection.channel()
            for queue in self.queues:
                await declare_queue(channel, queue, ())
            look = _Look(channel)
            try:
                yield look
            finally:
                await channel.close()
            await _Look(await connection.channel()).until_back(look.left)


class _Look:
    """One look through the queues. `left`: how many letters each has that were not taken away."""

    def __init__(self, channel: AbstractChannel) -> None:
        self._channel = channel
        self.left: dict[str, int] = {}

    async def count(self, queue: str) -> int:
        found = await self._channel.get_queue(dead_queue(queue), ensure=True)
        return found.declaration_result.message_count or 0

    async def walk(
        self, queue: str, limit: int = 1_000_000
    ) -> AsyncIterator[AbstractIncomingMessage]:
        """Each letter once; those not acknowledged go back when the channel closes."""
        self.left[queue] = await self.count(queue)
        source = await self._channel.get_queue(dead_queue(queue), ensure=False)
        for _ in range(min(self.left[queue], limit)):
            message = await source.get(fail=False)
            if message is None:
                return
            yield message

    async def until_back(self, left: dict[str, int]) -> None:
        """Wait until so many can be seen; not for long: somebody else may have taken some."""
        with suppress(TimeoutError):
            async with asyncio.timeout(2):
                for queue, count in left.items():
                    await self._until(queue, count)

    async def _until(self, queue: str, count: int) -> None:
        pause = 0.005
        while await self.count(queue) < count:
            await asyncio.sleep(pause)
            pause *= 2


def _id(message: AbstractIncomingMessage) -> str:
    return message.message_id or hashlib.sha256(message.body).hexdigest()[:32]


def _shown(queue: str, message: AbstractIncomingMessage) -> DeadLetter:
    headers = dict(message.headers or {})
    # The broker itself sends here what its consumers left unsettled too often.
    by_broker = "delivered too often without being settled" if "x-death" in headers else "unknown"
    return DeadLetter(
        letter_id=_id(message),
        queue=queue,
        type=message.type,
        reason=str(headers.get("x-reason", by_broker)),
        error=str(headers["x-error"]) if "x-error" in headers else None,
        attempts=int(str(headers["x-attempts"])) if "x-attempts" in headers else None,
        died_at=str(headers["x-died-at"]) if "x-died-at" in headers else None,
        body=message.body.decode(errors="replace"),
    )
