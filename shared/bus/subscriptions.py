"""What a service subscribes to, as plain data: a queue, and for each event a reaction.

Subscription("notifications.tickets", on(RegistrationConfirmed, tickets.confirmed), …)
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from shared.contracts.base import Envelope, Event
from shared.mongo import Tx

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a reaction gets beside the event: the transaction for its effect, and the moment."""

    tx: Tx
    envelope: Envelope
    now: datetime


@dataclass(frozen=True)
class Reaction(Generic[E]):
    event: type[E]
    handle: Callable[[E, Delivery], Awaitable[None]]


def on(event: type[E], handle: Callable[[E, Delivery], Awaitable[None]]) -> Reaction[E]:
    return Reaction(event, handle)


@dataclass(frozen=True)
class Subscription:
    """One queue and its reactions. The queue's name is `<service>.<feature>`."""

    queue: str
    reactions: dict[str, Reaction[Any]]

    def __init__(self, queue: str, *reactions: Reaction[Any]) -> None:
        object.__setattr__(self, "queue", queue)
        object.__setattr__(self, "reactions", {r.event.type_name(): r for r in reactions})
