"""Facts of every kind that counts, and the bus they come by."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.programme.app import build
from services.programme.settings import Settings
from shared.bus.publisher import Publisher
from shared.bus.topology import EXCHANGE
from shared.clock import now
from shared.contracts.applications import CallOpened, EntryDecided, EntrySubmitted
from shared.contracts.base import Envelope, Event
from shared.contracts.events import (
    EditionAnnounced,
    EditionCancelled,
    RegistrationAdmitted,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationResized,
    SessionCancelled,
    SessionPublished,
)
from shared.contracts.registry import DesignerApproved, SpacePublished
from shared.ids import new_id
from shared.process import ProcessRole
from shared.service import Platform, Service
from shared.testing.running import Running, running
from shared.testing.waiting import eventually
from shared.text import Localized
from tests.helping.clock import StandingClock

NAME = Localized(vi="Dòng chảy")


def session(key: UUID, capacity: int = 50) -> SessionPublished:
    return SessionPublished(
        session_id=key,
        edition_id=new_id(),
        title=NAME,
        starts_at=now(),
        ends_at=now(),
        venue=NAME,
        address="Phố Tràng Tiền",
        capacity=capacity,
    )


def registration(kind: type[Event], **more: Any) -> Event:
    ids = {name: new_id() for name in ("registration_id", "bookable_id", "person_id")}
    return kind.model_validate(ids | {"bookable_kind": "session"} | more)


def entry(kind: type[Event], **more: Any) -> Event:
    return kind.model_validate(
        {name: new_id() for name in ("entry_id", "call_id", "person_id")} | more
    )


def space(key: UUID) -> SpacePublished:
    return SpacePublished(
        space_id=key, slug="a", name=NAME, kind="art", address="Phố Huế", ward="Phường Hai Bà Trưng"
    )


FACTS: list[tuple[Callable[[], Event], str, int]] = [
    (lambda: DesignerApproved(designer_id=new_id(), disciplines=("craft",)), "designers", 1),
    (lambda: space(new_id()), "spaces", 1),
    (
        lambda: EditionAnnounced(
            edition_id=new_id(), slug="le-hoi", name=NAME, starts_on="2026-11-13", ends_on=""
        ),
        "editions",
        1,
    ),
    (
        lambda: EditionAnnounced(
            edition_id=new_id(), slug="le-hoi", name=NAME, starts_on="2026-11-13", ends_on=""
        ),
        "editions",
        1,
    ),
    (lambda: EditionCancelled(edition_id=new_id(), reason=NAME), "editions", -1),
    (lambda: session(new_id()), "sessions", 1),
    (lambda: session(new_id()), "sessions", 1),
    (
        lambda: SessionCancelled(session_id=new_id(), edition_id=new_id(), reason=NAME),
        "sessions",
        -1,
    ),
    (lambda: registration(RegistrationConfirmed, ticket="x"), "places", 1),
    (lambda: registration(RegistrationCancelled, held_place=True), "places", -1),
    (lambda: registration(RegistrationCancelled, held_place=False), "places", 0),
    (lambda: registration(RegistrationResized, size=2, size_before=5), "places", -3),
    (lambda: registration(RegistrationAdmitted, admitted_at=now()), "visits", 1),
    (
        lambda: CallOpened(call_id=new_id(), title=NAME, closes_at=now(), rules_hash=""),
        "calls",
        1,
    ),
    (lambda: entry(EntrySubmitted, receipt=""), "entries", 1),
    (lambda: entry(EntryDecided, outcome="awarded"), "awards", 1),
    (lambda: entry(EntryDecided, outcome="not_awarded"), "awards", 0),
]
"""A fact of each kind that counts, and by how much it moves which indicator."""


def wire(event: Event, sequence: int = 1) -> bytes:
    envelope = Envelope.of(event, id=new_id(), time=now(), sequence=sequence, correlationid="test")
    return envelope.to_wire()


@dataclass
class Bus:
    settings: Settings
    publisher: Publisher
    sent: set[bytes] = field(default_factory=set)

    async def send(self, *bodies: bytes, times: int = 1) -> None:
        """Publish each, so many times one after another."""
        for body in bodies:
            self.sent.add(body)
            kind = Envelope.model_validate_json(body).type
            for _ in range(times):
                await self.publisher.publish(body, exchange=EXCHANGE, routing_key=kind)

    @asynccontextmanager
    async def counting(
        self, build: Callable[[Platform[Any]], Service] = build, clock: StandingClock | None = None
    ) -> AsyncIterator[Running]:
        parts = frozenset({ProcessRole.API, ProcessRole.CONSUMER})
        started = running(build, self.settings, roles=parts, **({"clock": clock} if clock else {}))
        async with started as service:

            async def connected() -> bool:
                return (await service.process.health.check()).ready

            await eventually(connected, "the consumer to connect")
            yield service

    async def all_counted(self, service: Running) -> None:
        """Wait until every event was dealt with, and then until the queue has run dry."""
        rows = service.platform.mongo.collection("inbox")

        async def noted() -> bool:
            return await rows.count_documents({}) >= len(self.sent)

        await eventually(noted, f"{len(self.sent)} events to be dealt with")
        last = wire(CallOpened(call_id=new_id(), title=NAME, closes_at=now(), rules_hash=""))
        await self.send(last)
        await eventually(noted, "what was sent last")
