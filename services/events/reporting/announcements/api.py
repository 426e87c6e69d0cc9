"""Announcements to a segment of an edition's people. Routes call them notices."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from services.events.dependencies import Organiser
from services.events.programme.dependencies import AllEditions
from services.events.programme.editions.rules import EditionUnknown
from services.events.reporting.announcements.rules import (
    Announcement,
    AnnouncementFacts,
    AnnouncementIssued,
    AnnouncementStatus,
    AnnouncementText,
    AnnouncementUnknown,
    TooFarAhead,
    WithdrawAnnouncement,
    WriteAnnouncement,
)
from services.events.reporting.dependencies import (
    AllAnnouncementRecipients,
    AllAnnouncements,
    TheSegmentQueries,
)
from services.events.reporting.segments.rules import Segment, SegmentElsewhere
from shared.http.execute import Execute
from shared.http.idempotency import KeyReused
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.ids import new_id
from shared.text import Localized

router = APIRouter(prefix="/v1", tags=["notices"])


class AnnouncementView(BaseModel):
    id: UUID
    edition_id: UUID
    segment: Segment
    subject: Localized
    text: AnnouncementText
    due_at: datetime
    status: AnnouncementStatus
    people: int | None  # how many it is for; known when it is due

    @classmethod
    def of(cls, announcement: Announcement) -> "AnnouncementView":
        return cls.model_validate(announcement, from_attributes=True)


class AnnouncementProgress(AnnouncementView):
    told: int  # how many it has been issued to


@router.post(
    "/editions/{edition_id}/notices",
    status_code=201,
    response_model=AnnouncementView,
    responses=problems(EditionUnknown, SegmentElsewhere, TooFarAhead, KeyReused),
)
async def write(
    edition_id: UUID,
    body: AnnouncementFacts,
    who: Organiser,
    editions: AllEditions,
    segments: TheSegmentQueries,
    announcements: AllAnnouncements,
    execute: Execute,
) -> Response:
    """Send an announcement to a segment of an edition's people, now or at a time.

    It must be a service message, about their seat or about the day itself, never advertising. Send
    an Idempotency-Key, or it may go out twice.
    """
    await editions.get(edition_id)
    await segments.check(edition_id, body.segment)
    key = new_id()
    command = WriteAnnouncement(key, edition_id, body)
    return await execute(announcements, key, command, AnnouncementView.of, status=201)


@router.get("/editions/{edition_id}/notices")
async def browse(
    edition_id: UUID, who: Organiser, announcements: AllAnnouncements, page: Paging
) -> Page[AnnouncementView]:
    """An edition's announcements, sent and scheduled, the latest first."""
    found, following = await announcements.of_edition(edition_id, page)
    return Page(items=[AnnouncementView.of(one) for one in found], next=following)


@router.get("/notices/{notice_id}", responses=problems(AnnouncementUnknown))
async def read(
    notice_id: UUID,
    who: Organiser,
    announcements: AllAnnouncements,
    recipients: AllAnnouncementRecipients,
) -> AnnouncementProgress:
    """An announcement, and how many people it has been issued to."""
    announcement = AnnouncementView.of(await announcements.get(notice_id))
    reached = await recipients.count(notice_id, reached=True)
    return AnnouncementProgress(**dict(announcement), told=reached)


@router.post(
    "/notices/{notice_id}/withdrawal",
    response_model=AnnouncementView,
    responses=problems(AnnouncementUnknown, AnnouncementIssued, KeyReused),
)
async def withdraw(
    notice_id: UUID, who: Organiser, announcements: AllAnnouncements, execute: Execute
) -> Response:
    """Withdraw an announcement, so that it is not sent. This is possible until it is due."""
    return await execute(announcements, notice_id, WithdrawAnnouncement(), AnnouncementView.of)
