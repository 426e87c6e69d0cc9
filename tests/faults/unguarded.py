"""Runs a service with one guard switched off: `python -m tests.faults.unguarded GUARD SERVICE`.

The negative controls: a test that claims that a guard protects something must fail without it.
Production code has no switch for this; the guard is taken out here, before the service starts.
"""

import asyncio
import importlib
import sys
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import TypeVar, cast
from uuid import UUID

from aio_pika.abc import AbstractConnection
from aiormq import Channel

from services.events.booking.quotas.store import QuotaStore
from services.events.booking.registrations import store as registrations_store
from services.events.booking.registrations.state import Registration
from shared.bus.inbox import Inbox
from shared.bus.publisher import Publisher, open_connection
from shared.bus.topology import EXCHANGE, declare_exchange
from shared.cause import Cause
from shared.contracts.base import Event
from shared.mongo import Mongo, Tx
from shared.outbox.store import Outbox, row

T = TypeVar("T")
_tasks: set[asyncio.Task[None]] = set()


def without_outbox() -> None:
    """Events are published after the commit, as most code does, and written nowhere."""
    publishers: list[Publisher] = []
    original = Publisher.__init__

    def remember(self: Publisher, url: str, name: str, timeout: float) -> None:
        original(self, url, name, timeout)
        publishers.append(self)

    def tell(
        self: Outbox, tx: Tx, event: Event, *, sequence: int, cause: Cause | None = None
    ) -> None:
        made = row(event, sequence, cause or Cause("unguarded"), self._clock())

        async def publish() -> None:
            await asyncio.sleep(0.05)  # until after the commit
            await publishers[0].publish(
                made["body"], exchange=EXCHANGE, routing_key=made["routing_key"]
            )

        task = asyncio.create_task(publish())
        _tasks.add(task)

    Publisher.__init__ = remember  # type: ignore[method-assign]
    Outbox.add = tell  # type: ignore[method-assign]


def without_confirm() -> None:
    """Publishing returns when the bytes are in the socket."""

    async def open_(self: Publisher) -> None:
        if self.connected:
            return
        connection: AbstractConnection = await open_connection(self._url, self._name)
        self._connection = connection
        channel = await connection.channel(publisher_confirms=False)
        await declare_exchange(channel)
        self._channel = cast(Channel, await channel.get_underlay_channel())

    Publisher.open = open_  # type: ignore[method-assign]


def without_inbox() -> None:
    """Every delivery counts, also one that was dealt with before."""

    async def handled(self: Inbox, tx: Tx, consumer: str, events: Iterable[UUID]) -> set[UUID]:
        return set()

    def record(self: Inbox, tx: Tx, consumer: str, event: UUID, now: datetime) -> None:
        pass

    Inbox.handled = handled  # type: ignore[method-assign]
    Inbox.record = record  # type: ignore[method-assign]


def without_transactions() -> None:
    """Reads and writes with nothing between them and other replicas."""

    async def transaction(
        self: Mongo, work: Callable[[Tx], Awaitable[T]], *, patience: float = 0
    ) -> T:
        tx = Tx(None)  # type: ignore[arg-type]
        result = await work(tx)
        await tx.flush()
        return result

    Mongo.transaction = transaction  # type: ignore[method-assign]


def without_turn() -> None:
    """A free place goes to whoever stands last in the line."""
    registrations_store.TURN = [(name, -way) for name, way in registrations_store.TURN]
    Registration.turn = property(  # type: ignore[method-assign, assignment]
        lambda self: (self.priority, -self.asked_at.timestamp(), -(self.number or 0))
    )


def without_claim() -> None:
    """Whoever changes a busy session reads it first, and hopes to be the first to write."""

    async def claim(self: QuotaStore, tx: Tx, keys: Iterable[UUID]) -> None:
        pass

    QuotaStore.claim = claim  # type: ignore[method-assign]


GUARDS = {
    "outbox": without_outbox,
    "confirm": without_confirm,
    "inbox": without_inbox,
    "transactions": without_transactions,
    "turn": without_turn,
    "claim": without_claim,
}

if __name__ == "__main__":
    guard, service = sys.argv[1:]
    GUARDS[guard]()
    sys.argv = [f"services.{service}"]
    importlib.import_module(f"services.{service}.__main__").cli()
