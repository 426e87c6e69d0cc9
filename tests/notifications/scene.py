"""The service at work between a broker, a mail server and an SMS gateway, and whom it writes to."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from pydantic import SecretStr

from services.notifications.app import build
from services.notifications.messages.rules import Channel, Message, Status, Urgency, message_id
from services.notifications.settings import Settings
from shared.bus.topology import EXCHANGE
from shared.clock import now
from shared.contracts.base import Envelope, Event
from shared.contracts.events import RegistrationConfirmed, SessionPublished
from shared.contracts.registry import PersonChallenged, PersonRegistered
from shared.ids import new_id
from shared.mongo import Document
from shared.process import ProcessRole
from shared.service import Platform, Service
from shared.testing.running import Running, running
from shared.testing.scenarios import NOON
from shared.testing.waiting import eventually
from shared.text import Language, Localized
from tests.notifications.servers import MailServer, Smsc

TITLE = "Đêm sáng tác: gốm Bát Tràng & ánh sáng"
VENUE = "Nhà máy xe lửa Gia Lâm – xưởng Đỗ"
STARTS_AT = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)  # half past nine in Hanoi, a Monday
DONE = {Status.SENT, Status.ACCEPTED, Status.DELIVERED, Status.FAILED, Status.UNKNOWN}
_numbers = count(1)

Build = Callable[[Platform[Settings]], Service]


def quick(mongodb_url: str, amqp_url: str, database: str, **changes: Any) -> Settings:
    """The service's settings, with short pauses."""
    fields: dict[str, Any] = {
        "mongodb_url": SecretStr(mongodb_url),
        "amqp_url": SecretStr(amqp_url),
        "mongodb_database": database,
        "retry_after": (0.2,) * 25,
        "reconnect_pause": 0.1,
        "sender_poll": 0.1,
        "sms_bind_timeout": 0.5,
        "send_again_after": (0.1,) * 200,
    }
    return Settings(**fields | changes)


def a_person(
    language: Language = "vi", *, phone: bool = False, name: str | None = "Đặng Thị Ngọc Ánh"
) -> PersonRegistered:
    """Somebody nobody has heard of, with an address, and a number if asked for, of their own."""
    number = next(_numbers)
    return PersonRegistered(
        person_id=new_id(),
        email=f"nguoi{number}@hanoi.example",
        phone=f"+84901{number:06}" if phone else None,
        name=name,
        language=language,
    )


def a_session(title: str = TITLE, en: str | None = None) -> SessionPublished:
    return SessionPublished(
        session_id=new_id(),
        edition_id=new_id(),
        title=Localized(vi=title, en=en),
        starts_at=STARTS_AT,
        ends_at=STARTS_AT + timedelta(hours=2),
        venue=Localized(vi=VENUE),
        address="551 Nguyễn Văn Cừ, phường Bồ Đề, Hà Nội",
        capacity=40,
    )


def a_ticket(
    person: PersonRegistered, session: SessionPublished, ticket: str = "vé.bí-mật.ký"
) -> RegistrationConfirmed:
    return RegistrationConfirmed(
        registration_id=new_id(),
        bookable_id=session.session_id,
        bookable_kind="session",
        person_id=person.person_id,
        ticket=ticket,
    )


def a_code(email: str, code: str = "482913") -> PersonChallenged:
    return PersonChallenged(
        person_id=new_id(),
        email=email,
        code=code,
        language="vi",
        expires_at=STARTS_AT,
    )


def a_message(**changes: Any) -> Message:
    """A ticket by e-mail, claimed for the first time, unless told otherwise."""
    event_id = new_id()
    channel = changes.get("channel", Channel.EMAIL)
    fields: dict[str, Any] = {
        "id": message_id(event_id, channel),
        "event_id": event_id,
        "person_id": new_id(),
        "channel": channel,
        "template": "ticket",
        "language": "vi",
        "to": "+84901999999" if channel is Channel.SMS else "anh.dang@hanoi.example",
        "name": "Đặng Thị Ngọc Ánh",
        "data": {
            "title": TITLE,
            "venue": VENUE,
            "address": "551 Nguyễn Văn Cừ, phường Bồ Đề, Hà Nội",
            "starts_at": STARTS_AT,
            "promoted": False,
            "ticket": "eyJhbGciOiJFZDI1NTE5In0.vé-của-Ánh.chữ-ký",
        },
        "urgency": Urgency.TICKET,
        "status": Status.SENDING,
        "attempts": 1,
        "created_at": NOON,
        "due_at": NOON,
        "correlation_id": "tests",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    }
    return Message(**fields | changes)


class Scene:
    def __init__(self, service: Running, settings: Settings, mail: MailServer, smsc: Smsc) -> None:
        self.service = service
        self.settings = settings
        self.mail = mail
        self.smsc = smsc
        self.mongo = service.platform.mongo

    async def tell(self, event: Event, *, sequence: int = 1, event_id: UUID | None = None) -> UUID:
        """Publish an event as the service that owns it would. Returns its id."""
        event_id = event_id or new_id()
        envelope = Envelope.of(
            event,
            id=event_id,
            time=now(),
            sequence=sequence,
            correlationid="tests",
            traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        )
        await self.service.platform.publisher.publish(
            envelope.to_wire(), exchange=EXCHANGE, routing_key=event.type, message_id=str(event_id)
        )
        return event_id

    async def know(self, *events: PersonRegistered | SessionPublished) -> None:
        """Publish these and wait until the service has them by heart."""
        for event in events:
            await self.tell(event)
            collection = "recipients" if isinstance(event, PersonRegistered) else "bookables"
            await self.found(collection, event.subject)

    async def found(self, collection: str, key: object) -> Document:
        async def look() -> Document | None:
            return await self.mongo.collection(collection).find_one({"_id": key})

        document = await eventually(look, f"{key} in {collection}")
        assert document is not None
        return document

    async def message(self, event_id: UUID, channel: Channel = Channel.EMAIL) -> Document | None:
        """The stored message that this event made."""
        return await self.mongo.collection("messages").find_one(
            {"_id": message_id(event_id, channel)}
        )

    async def becomes(
        self, event_id: UUID, *statuses: Status, channel: Channel = Channel.EMAIL
    ) -> Document:
        """The message of this event, once it has one of these statuses."""
        found: Document | None = None

        async def look() -> bool:
            nonlocal found
            found = await self.message(event_id, channel)
            return found is not None and found["status"] in statuses

        await eventually(look, f"the {channel} to be {' or '.join(statuses)}")
        assert found is not None
        return found

    def queues(self) -> list[str]:
        return [subscription.queue for subscription in self.service.process.service.subscriptions]

    async def all_done(self) -> None:
        """Wait until no message is queued or being sent."""
        waiting = {"status": {"$in": [Status.QUEUED.value, Status.SENDING.value]}}

        async def look() -> bool:
            return await self.mongo.collection("messages").count_documents(waiting) == 0

        await eventually(look, "every message to be done")


@asynccontextmanager
async def playing(
    settings: Settings, mail: MailServer, smsc: Smsc, build: Build = build
) -> AsyncIterator[Scene]:
    """The service at work: its routes, its consumers and its sender."""
    async with running(
        build, settings, roles=frozenset({ProcessRole.API, ProcessRole.CONSUMER})
    ) as service:

        async def ready() -> bool:
            async with service.anonymous() as client:
                return (await client.get("/readyz")).status_code == 200

        await eventually(ready, "the service to be ready")
        yield Scene(service, settings, mail, smsc)
