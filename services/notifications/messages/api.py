"""The message log, for support staff, and one's own messages."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ConfigDict

from services.notifications.dependencies import AllMessages, Support
from services.notifications.messages.rules import Channel, Message, Status
from shared.http.access import SignedIn
from shared.http.paging import Page, Paging
from shared.schema import Schema, example

router = APIRouter(prefix="/v1", tags=["messages"])


class PartView(Schema):
    """One SMS of a message, as the gateway knows it."""

    model_config = ConfigDict(
        json_schema_extra=example({"id": "0abc1234", "outcome": "delivered", "state": "DELIVRD"})
    )

    id: str
    """The gateway's id of it."""
    outcome: str
    """`pending`, `delivered` or `failed`."""
    state: str | None
    """The gateway's own word for it, as its receipt has it."""


class MessageView(Schema):
    """A line of the message log. Texts are not kept."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                "event_id": "0199f3a2-8d10-7c35-a2b4-91f6d0c7e583",
                "person_id": "0199f3a2-9f02-7d41-8c6a-52e8b7a90d36",
                "channel": "email",
                "template": "ticket",
                "language": "vi",
                "to": "lan@example.com",
                "status": "sent",
                "attempts": 1,
                "error": None,
                "parts": [],
                "created_at": "2026-11-02T03:15:00Z",
                "done_at": "2026-11-02T03:15:02Z",
                "correlation_id": "0199f3a2-a713-7e5f-b1d9-63f9c8ba1e47",
                "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
            }
        )
    )

    id: UUID
    event_id: UUID
    """The event that the message tells of."""
    person_id: UUID
    channel: Channel
    """How it is sent: `email` or `sms`."""
    template: str
    """Which text is sent, by the template's name."""
    language: str
    """The language that it is written in: `vi` or `en`."""
    to: str
    """The e-mail address, or the phone number in E.164."""
    status: Status
    """`queued`, `sending`, then `sent` (the mail server took it), `accepted` (the SMS network took
    it), `delivered`, `failed`, or `unknown`: it may have gone out and is not sent again."""
    attempts: int
    """How often it was handed over or tried to be."""
    error: str | None
    """What went wrong in the last attempt."""
    parts: tuple[PartView, ...]
    """The SMS that it was cut into; empty for e-mail."""
    created_at: datetime
    """When it was planned: RFC 3339, in UTC."""
    done_at: datetime | None
    """When its outcome was known: RFC 3339, in UTC."""
    correlation_id: str
    """`X-Request-ID` of the request that led to it."""
    trace_id: str | None
    """The trace that it belongs to (OpenTelemetry), in hexadecimal."""

    @classmethod
    def of(cls, message: Message) -> "MessageView":
        fields: dict[str, Any] = message.model_dump(exclude={"data", "traceparent"})
        trace = message.traceparent
        return cls.model_validate(fields | {"trace_id": trace and trace.split("-")[1]})


@router.get("/messages")
async def list_messages(
    who: Support,
    log: AllMessages,
    page: Paging,
    person_id: Annotated[UUID | None, Query(description="Only those to this person.")] = None,
    status: Annotated[Status | None, Query(description="Only those with this status.")] = None,
    channel: Annotated[Channel | None, Query(description="Only e-mails, or only SMS.")] = None,
) -> Page[MessageView]:
    """The message log, the latest first."""
    found, following = await log.find(page, person_id=person_id, status=status, channel=channel)
    return Page(items=[MessageView.of(message) for message in found], next=following)


@router.get("/me/messages")
async def list_my_messages(who: SignedIn, log: AllMessages, page: Paging) -> Page[MessageView]:
    """Messages that were sent to oneself, the latest first."""
    found, following = await log.find(page, person_id=who.person_id)
    return Page(items=[MessageView.of(message) for message in found], next=following)
