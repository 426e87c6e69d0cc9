"""Announcements to a segment of an edition's people. Routes call them notices."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict
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
from shared.schema import Schema, example
from shared.text import Localized

router = APIRouter(prefix="/v1", tags=["announcements"])


class AnnouncementView(Schema):
    """Something that organisers say to some of an edition's people."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                "edition_id": "0199f3a2-1f20-7a11-8b3c-4d5e6f708192",
                "segment": {
                    "are": "confirmed",
                    "session_id": "0199f3a2-3b42-7c33-8d5e-6f708192a3b4",
                },
                "subject": {"vi": "Đổi phòng", "en": "Another room"},
                "text": {
                    "vi": "Phiên sáng mai dời sang Xưởng 3. Vé của bạn vẫn dùng được.",
                    "en": None,
                },
                "due_at": "2026-11-05T10:00:00Z",
                "status": "issued",
                "people": 28,
            }
        )
    )

    id: UUID
    edition_id: UUID
    segment: Segment
    """Whom it is for."""
    subject: Localized
    """The subject of the e-mail."""
    text: AnnouncementText
    """What it says."""
    due_at: datetime
    """When it is sent: RFC 3339, in UTC."""
    status: AnnouncementStatus
    """`scheduled`, `issuing`, `issued`, or `withdrawn` before it was due."""
    people: int | None
    """How many it is for; known when it is due."""

    @classmethod
    def of(cls, announcement: Announcement) -> "AnnouncementView":
        return cls.model_validate(announcement, from_attributes=True)


class AnnouncementProgress(AnnouncementView):
    """An announcement, and how far it has gone."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                "edition_id": "0199f3a2-1f20-7a11-8b3c-4d5e6f708192",
                "segment": {
                    "are": "confirmed",
                    "session_id": "0199f3a2-3b42-7c33-8d5e-6f708192a3b4",
                },
                "subject": {"vi": "Đổi phòng", "en": "Another room"},
                "text": {
                    "vi": "Phiên sáng mai dời sang Xưởng 3. Vé của bạn vẫn dùng được.",
                    "en": None,
                },
                "due_at": "2026-11-05T10:00:00Z",
                "status": "issued",
                "people": 28,
                "told": 28,
            }
        )
    )

    told: int
    """To how many it has been sent."""


@router.post(
    "/editions/{edition_id}/notices",
    status_code=201,
    response_model=AnnouncementView,
    responses=problems(EditionUnknown, SegmentElsewhere, TooFarAhead, KeyReused),
)
async def create_announcement(
    edition_id: UUID,
    body: AnnouncementFacts,
    who: Organiser,
    editions: AllEditions,
    segments: TheSegmentQueries,
    announcements: AllAnnouncements,
    execute: Execute,
) -> Response:
    """Say something to a segment of an edition's people, now or at a given time.

    A service message: what concerns their seat or the day itself, never advertising. Send an
    Idempotency-Key, or it may be sent twice.
    """
    await editions.get(edition_id)
    await segments.check(edition_id, body.segment)
    key = new_id()
    command = WriteAnnouncement(key, edition_id, body)
    return await execute(announcements, key, command, AnnouncementView.of, status=201)


@router.get("/editions/{edition_id}/notices")
async def list_announcements(
    edition_id: UUID, who: Organiser, announcements: AllAnnouncements, page: Paging
) -> Page[AnnouncementView]:
    """What was said, or is to be said, to the edition's people, the latest first."""
    found, following = await announcements.of_edition(edition_id, page)
    return Page(items=[AnnouncementView.of(one) for one in found], next=following)


@router.get("/notices/{notice_id}", responses=problems(AnnouncementUnknown))
async def read_announcement(
    notice_id: UUID,
    who: Organiser,
    announcements: AllAnnouncements,
    recipients: AllAnnouncementRecipients,
) -> AnnouncementProgress:
    """An announcement, and how far it has gone."""
    announcement = AnnouncementView.of(await announcements.get(notice_id))
    reached = await recipients.count(notice_id, reached=True)
    return AnnouncementProgress(**dict(announcement), told=reached)


@router.post(
    "/notices/{notice_id}/withdrawal",
    response_model=AnnouncementView,
    responses=problems(AnnouncementUnknown, AnnouncementIssued, KeyReused),
)
async def withdraw_announcement(
    notice_id: UUID, who: Organiser, announcements: AllAnnouncements, execute: Execute
) -> Response:
    """Do not send an announcement after all. This is possible until it is due."""
    return await execute(announcements, notice_id, WithdrawAnnouncement(), AnnouncementView.of)
