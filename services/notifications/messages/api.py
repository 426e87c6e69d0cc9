"""The message log, for support staff, and one's own messages."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.notifications.dependencies import AllMessages, Support
from services.notifications.messages.rules import Channel, Message, Status
from shared.http.access import SignedIn
from shared.http.paging import Page, Paging

router = APIRouter(prefix="/v1", tags=["messages"])


class PartView(BaseModel):
    id: str
    outcome: str
    state: str | None


class MessageView(BaseModel):
    """A line of the message log. Texts are not kept."""

    id: UUID
    event_id: UUID
    person_id: UUID
    channel: Channel
    template: str
    language: str
    to: str
    status: Status
    attempts: int
    error: str | None
    parts: tuple[PartView, ...]
    created_at: datetime
    done_at: datetime | None
    correlation_id: str
    trace_id: str | None

    @classmethod
    def of(cls, message: Message) -> "MessageView":
        fields: dict[str, Any] = message.model_dump(exclude={"data", "traceparent"})
        trace = message.traceparent
        return cls.model_validate(fields | {"trace_id": trace and trace.split("-")[1]})


@router.get("/messages")
async def browse(
    who: Support,
    log: AllMessages,
    page: Paging,
    person_id: Annotated[UUID | None, Query()] = None,
    status: Annotated[Status | None, Query()] = None,
    channel: Annotated[Channel | None, Query()] = None,
) -> Page[MessageView]:
    """The message log, the latest first."""
    found, following = await log.find(page, person_id=person_id, status=status, channel=channel)
    return Page(items=[MessageView.of(message) for message in found], next=following)


@router.get("/me/messages")
async def browse_mine(who: SignedIn, log: AllMessages, page: Paging) -> Page[MessageView]:
    """What was sent to the signed-in person."""
    found, following = await log.find(page, person_id=who.person_id)
    return Page(items=[MessageView.of(message) for message in found], next=following)
