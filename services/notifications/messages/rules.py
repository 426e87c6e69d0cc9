"""A message to one person over one channel, from its plan to its outcome.

queued ──claim──▶ sending ──▶ sent (e-mail: the mail server accepted it)
  ▲                  │  ├───▶ accepted (SMS: the gateway accepted it) ──▶ delivered
  └─── postponed ────┘  ├───▶ failed
                        └───▶ unknown (SMS: it may have been sent; it is not sent again)
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any, Literal
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict

from services.notifications.messages.receipts import id_key
from shared.errors import NotFound
from shared.text import Language


class MessageUnknown(NotFound):
    code = "message.unknown"
    vi = "Không tìm thấy tin nhắn này."
    en = "There is no such message."


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"


class Status(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Urgency(IntEnum):
    """The order in which waiting messages are sent."""

    CODE = 0  # somebody waits for it at this moment
    TICKET = 1
    NOTICE = 2


SECRETS = frozenset({"code", "ticket"})
"""Parts of the data of a message that are deleted once it is sent."""


class Part(BaseModel):
    """One SMS of a message, as the gateway knows it."""

    model_config = ConfigDict(frozen=True)

    id: str
    key: str  # the id in a form that does not depend on the gateway; see receipts.py
    outcome: Literal["pending", "delivered", "failed"] = "pending"
    state: str | None = None  # as the gateway says it


class Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    id: UUID
    event_id: UUID  # the event that it reports
    person_id: UUID
    channel: Channel
    template: str
    language: Language
    to: str  # e-mail address or E.164 number
    name: str | None
    data: dict[str, Any]
    urgency: Urgency
    status: Status = Status.QUEUED
    created_at: datetime
    due_at: datetime
    claimed_until: datetime | None = None
    attempts: int = 0
    error: str | None = None
    parts: tuple[Part, ...] = ()
    done_at: datetime | None = None
    correlation_id: str
    traceparent: str | None


def _finished(message: Message, status: Status, now: datetime, **changes: Any) -> Message:
    """The message with its outcome, without its secrets."""
    kept = {key: value for key, value in message.data.items() if key not in SECRETS}
    return message.model_copy(
        update={"status": status, "done_at": now, "data": kept, "claimed_until": None, **changes}
    )


def message_id(event_id: UUID, channel: Channel) -> UUID:
    """The same id for the same event and channel, however often the event is delivered."""
    return uuid5(event_id, channel.value)


def sent(message: Message, now: datetime) -> Message:
    """The mail server has accepted it."""
    return _finished(message, Status.SENT, now, error=None)


def accepted(message: Message, part_ids: tuple[str, ...], now: datetime) -> Message:
    """The SMS gateway has accepted every part."""
    parts = tuple(Part(id=part_id, key=id_key(part_id)) for part_id in part_ids)
    return _finished(message, Status.ACCEPTED, now, parts=parts, error=None)


def postponed(message: Message, reason: str, now: datetime, pauses: Sequence[float]) -> Message:
    """It could not be sent now: try again after the next pause (in seconds); or it has failed."""
    if message.attempts > len(pauses):
        return failed(message, reason, now)
    due = now + timedelta(seconds=pauses[message.attempts - 1])
    return message.model_copy(
        update={"status": Status.QUEUED, "due_at": due, "error": reason, "claimed_until": None}
    )


def failed(message: Message, reason: str, now: datetime) -> Message:
    return _finished(message, Status.FAILED, now, error=reason)


def unknown(message: Message, reason: str, now: datetime) -> Message:
    """It may have been sent. To send it again could reach the person twice."""
    return _finished(message, Status.UNKNOWN, now, error=reason)


def with_receipt(message: Message, key: str, outcome: str, state: str, now: datetime) -> Message:
    """After a receipt for one part: delivered when all parts are, failed when one part has failed.

    The first final receipt of a part counts. Later ones change nothing.
    """
    parts = tuple(
        part.model_copy(update={"outcome": outcome, "state": state})
        if part.key == key and part.outcome == "pending"
        else part
        for part in message.parts
    )
    if parts == message.parts:
        return message
    outcomes = {part.outcome for part in parts}
    status = message.status
    if "failed" in outcomes:
        status = Status.FAILED
    elif outcomes == {"delivered"}:
        status = Status.DELIVERED
    done_at = message.done_at if status is message.status else now
    return message.model_copy(update={"parts": parts, "status": status, "done_at": done_at})


def takes_sms(number: str) -> bool:
    """False for a Vietnamese landline (02…), which cannot receive SMS."""
    return not number.startswith("+842")


def template_values(**values: Any) -> Mapping[str, Any]:
    """The values for a template, without those that are None."""
    return {key: value for key, value in values.items() if value is not None}
