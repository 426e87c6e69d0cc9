"""What a service consists of, as plain data. Each `services/<name>/app.py` builds one."""

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
T = TypeVar("T")
Worker = Callable[[Stop], Awaitable[None]]


@dataclass(frozen=True)
class Platform(Generic[S]):
    """What `shared/` gives to a service: its database, its outbox, the bus, the clock."""

    settings: S
    mongo: Mongo
    outbox: Outbox
    publisher: Publisher
    clock: Clock
    replica: str  # a name of this process, different from other processes of the same service

    @classmethod
    def connect(cls, settings: S, clock: Clock = now) -> Self:
        """Nothing is sent yet: connections open when they are first used."""
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
class Area:
    """A part of a service, put together by its `area.py`.

    `provides` is what routes may ask for, and what the areas above may build on.
    """

    routers: Sequence[APIRouter] = ()
    provides: Sequence[object] = ()
    indexes: Sequence[Index] = ()
    jobs: Mapping[str, Worker] = field(default_factory=dict)  # loops beside the consumers
    subscriptions: Sequence[Subscription] = ()

    def __getitem__(self, kind: type[T]) -> T:
        """The one object of this type that the area provides. Raises `KeyError`."""
        for part in self.provides:
            if type(part) is kind:
                return part
        raise KeyError(kind)


@dataclass(frozen=True)
class Service:
    """One service, ready to run. `provides`: what its routes may ask for (see http/provided.py)."""

    name: str
    title: str
    platform: Platform[Any]
    description: str = ""  # what it is for: the beginning of its OpenAPI document
    routers: Sequence[APIRouter] = ()
    subscriptions: Sequence[Subscription] = ()
    provides: Sequence[object] = ()
    indexes: Sequence[Index] = ()
    workers: Mapping[str, Worker] = field(default_factory=dict)  # its loops, beside the consumers
    trusted: Sequence[TrustedKeys] = ()  # beside the issuers in the settings

    @classmethod
    def of_areas(
        cls,
        name: str,
        title: str,
        platform: Platform[Any],
        areas: Sequence[Area],
        *,
        description: str = "",
        busiest: Sequence[APIRouter] = (),
    ) -> Self:
        """A service made of areas. Paths are matched from the top, so the busiest come first."""
        routers = [router for area in areas for router in area.routers]
        return cls(
            name=name,
            title=title,
            platform=platform,
            description=description,
            routers=[*busiest, *(router for router in routers if router not in busiest)],
            provides=[part for area in areas for part in area.provides],
            indexes=[index for area in areas for index in area.indexes],
            workers={name: job for area in areas for name, job in area.jobs.items()},
            subscriptions=[one for area in areas for one in area.subscriptions],
        )

    def all_indexes(self) -> list[Index]:
        """The indexes of the features and of the platform."""
        settings = self.platform.settings
        return [
            *self.indexes,
            *audit.INDEXES,
            *outbox_store.indexes(timedelta(days=settings.outbox_keep_days)),
            *inbox.indexes(timedelta(days=settings.inbox_keep_days)),
            *idempotency.indexes(timedelta(hours=settings.idempotency_keep_hours)),
        ]
