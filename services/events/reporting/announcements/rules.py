"""An announcement: what organisers tell a segment of an edition's people, now or at a time.

    scheduled ──due──▶ issuing ──all are reached──▶ issued
        └──withdraw──▶ withdrawn

Who is in the segment is decided once, when it is due; who joins later does not get it. Only service
messages are meant: about somebody's seat or about the day itself. Advertising needs consent (Decree
91/2020), so it is not sent from here.

In routes, error codes and events an announcement is called a notice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, assert_never
from uuid import UUID

from pydantic import ConfigDict, Field

from services.events.reporting.segments.rules import Segment, SegmentDescription
from shared.aggregates import Aggregate, Decision
from shared.clock import Moment
from shared.contracts.events import NoticeIssued
from shared.errors import Conflict, DomainError, NotFound
from shared.schema import Schema, example
from shared.text import Localized, Prose

AHEAD = timedelta(days=366)

Body = Annotated[Prose, Field(min_length=1, max_length=2_000)]


class AnnouncementUnknown(NotFound):
    code = "notice.unknown"
    vi = "Không tìm thấy thông báo này."
    en = "There is no such announcement."


class AnnouncementIssued(Conflict):
    code = "notice.out"
    vi = "Thông báo này đã được gửi đi hoặc đã rút lại."
    en = "This announcement has already been sent or withdrawn."


class TooFarAhead(DomainError):
    status = 422
    code = "notice.too_far_ahead"
    vi = "Thời điểm gửi không được quá một năm kể từ bây giờ."
    en = "An announcement cannot be scheduled more than a year from now."


class AnnouncementText(Schema):
    """A text in Vietnamese, and in English where somebody has written it."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {"vi": "Phiên sáng mai dời sang Xưởng 3. Vé của bạn vẫn dùng được.", "en": None}
        ),
    )

    vi: Body
    """The text in Vietnamese."""
    en: Body | None = None
    """The text in English; null: readers of English get the Vietnamese."""


class AnnouncementFacts(SegmentDescription):
    """What to say, to whom and when."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "segment": {
                    "are": "confirmed",
                    "session_id": "0199f3a2-3b42-7c33-8d5e-6f708192a3b4",
                },
                "subject": {"vi": "Đổi phòng", "en": "Another room"},
                "text": {
                    "vi": "Phiên sáng mai dời sang Xưởng 3. Vé của bạn vẫn dùng được.",
                    "en": None,
                },
                "at": "2026-11-05T10:00:00Z",
            }
        )
    )

    subject: Localized
    """The subject of the e-mail."""
    text: AnnouncementText
    """What it says."""
    at: Moment | None = None
    """When to send it: RFC 3339; null: at once."""


class AnnouncementStatus(StrEnum):
    SCHEDULED = "scheduled"
    ISSUING = "issuing"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"


class Announcement(Aggregate):
    edition_id: UUID
    segment: Segment
    subject: Localized
    text: AnnouncementText
    due_at: datetime
    status: AnnouncementStatus = AnnouncementStatus.SCHEDULED
    people: int | None = None  # how many it is for; known when it is due
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class WriteAnnouncement:
    announcement_id: UUID
    edition_id: UUID
    facts: AnnouncementFacts


@dataclass(frozen=True, slots=True)
class WithdrawAnnouncement:
    pass


@dataclass(frozen=True, slots=True)
class Begin:
    """It is due, and its recipients are written down."""

    people: int


@dataclass(frozen=True, slots=True)
class Finish:
    pass


Command = WriteAnnouncement | WithdrawAnnouncement | Begin | Finish


def decide(
    announcement: Announcement | None, command: Command, now: datetime
) -> Decision[Announcement]:
    if isinstance(command, WriteAnnouncement):
        return Decision(_written(command, now))
    if announcement is None:
        raise AnnouncementUnknown
    match command:
        case WithdrawAnnouncement():
            if announcement.status is AnnouncementStatus.WITHDRAWN:
                return Decision(announcement)
            return Decision(
                _after(
                    announcement, AnnouncementStatus.SCHEDULED, AnnouncementStatus.WITHDRAWN, now
                )
            )
        case Begin():
            begun = _after(
                announcement, AnnouncementStatus.SCHEDULED, AnnouncementStatus.ISSUING, now
            )
            return Decision(begun.changed(people=command.people))
        case Finish():
            return Decision(
                _after(announcement, AnnouncementStatus.ISSUING, AnnouncementStatus.ISSUED, now)
            )
        case _:
            assert_never(command)


def _written(command: WriteAnnouncement, now: datetime) -> Announcement:
    facts = command.facts
    due_at = max(facts.at or now, now)
    if due_at > now + AHEAD:
        raise TooFarAhead
    return Announcement(
        id=command.announcement_id,
        edition_id=command.edition_id,
        segment=facts.segment,
        subject=facts.subject,
        text=facts.text,
        due_at=due_at,
        changed_at=now,
    )


def _after(
    announcement: Announcement, wanted: AnnouncementStatus, then: AnnouncementStatus, now: datetime
) -> Announcement:
    if announcement.status is not wanted:
        raise AnnouncementIssued
    after: Announcement = announcement.changed(status=then, changed_at=now)
    return after


def issued(announcement: Announcement, recipient_id: UUID, person_id: UUID) -> NoticeIssued:
    """The event for one of its recipients, whose document has this id."""
    return NoticeIssued(
        notice_id=recipient_id,
        person_id=person_id,
        edition_id=announcement.edition_id,
        title=announcement.subject,
        text_vi=announcement.text.vi,
        text_en=announcement.text.en,
    )
