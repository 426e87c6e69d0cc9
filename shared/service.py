"""What a service is made of, as plain data. Each `services/<name>/app.py` builds one."""

import os
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Generic, Self, TypeVar

from fastapi import APIRouter

from shared import audit
from shared.bus import inbox
from shared.bus.publisher import Publisher
from shared.bus.subscriptions import Subscription
from shared.clock import Clock, now
from shared.http import idempotency
from shared.http.keys import TrustedKeys
from shared.mongo import Index, Mongo
from shared.outbox import store as outbox_store
from shared.outbox.store import Outbox
from shared.settings import Settings
from shared.stop import Stop

S = TypeVar("S", bound=Settings)
Worker = Callable[[Stop], Awaitable[None]]


@dataclass(frozen=True)
class Platform(Generic[S]):
    """What `shared/` gives a service to build on: its database, its outbox, the bus, the clock."""

    settings: S
    mongo: Mongo
    outbox: Outbox
    publisher: Publisher
    clock: Clock
    replica: str  # tells this process from others of the same service

    @classmethod
    def connect(cls, settings: S, clock: Clock = now) -> Self:
        """Nothing is sent yet: connections are made when first used."""
        mongo = Mongo.connect(settings.mongodb_url.get_secret_value(), settings.mongodb_database)
        replica = f"{settings.mongodb_database}@{socket.gethostname()}:{os.getpid()}"
        return cls(
            settings=settings,
            mongo=mongo,
            outbox=Outbox(mongo, clock),
            publisher=Publisher(
                settings.amqp_url.get_secret_value(),
                f"{replica} publisher",
                settings.publish_timeout,
            ),
            clock=clock,
            replica=replica,
        )


@dataclass(frozen=True)
class Service:
    """One service, ready to run. `provides` is what routes may ask for (see http/provided.py)."""

    name: str
    title: str
    platform: Platform[Any]
    routers: Sequence[APIRouter] = ()
    subscriptions: Sequence[Subscription] = ()
    provides: Sequence[object] = ()
    indexes: Sequence[Index] = ()
    workers: Mapping[str, Worker] = field(default_factory=dict)  # loops beside the consumers
    trusted: Sequence[TrustedKeys] = ()  # besides the issuers in the settings

    def all_indexes(self) -> list[Index]:
        """The features' and the platform's."""
        settings = self.platform.settings
        return [
            *self.indexes,
            *audit.INDEXES,
            *outbox_store.indexes(timedelta(days=settings.outbox_keep_days)),
            *inbox.indexes(timedelta(days=settings.inbox_keep_days)),
            *idempotency.indexes(timedelta(hours=settings.idempotency_keep_hours)),
        ]
