"""A notice: what organisers have to say to a segment of an edition's people, now or at a time.

    scheduled ──due──▶ issuing ──all are told──▶ issued
        └──withdraw──▶ withdrawn

Who is in the segment is settled when it is due, once; whoever joins later is not told. Only service
messages: what concerns somebody's place or the day itself. Advertising needs consent (Decree
91/2020) and has no way in here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, assert_never
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict, Field

from services.events.reporting.segments.rules import Segment, SegmentDescription
from shared.aggregates import Aggregate, Decision
from shared.clock import Moment
from shared.contracts.events import NoticeIssued
from shared.errors import Conflict, DomainError, NotFound
from shared.text import Localized, Prose

AHEAD = timedelta(days=366)

Letter = Annotated[Prose, Field(min_length=1, max_length=2_000)]


class AnnouncementUnknown(NotFound):
    code = "notice.unknown"
    vi = "Không tìm thấy thông báo này."
    en = "There is no such notice."


class AnnouncementIssued(Conflict):
    code = "notice.out"
    vi = "Thông báo này đã được gửi đi hoặc đã rút lại."
    en = "This notice has gone out already, or was withdrawn."


class TooFarAhead(DomainError):
    status = 422
    code = "notice.too_far_ahead"
    vi = "Thời điểm gửi không được quá một năm kể từ bây giờ."
    en = "A notice cannot be scheduled for more than a year from now."


class AnnouncementText(BaseModel):
    """JsonObject text in Vietnamese, and in English where somebody has written it."""

    model_config = ConfigDict(frozen=True)

    vi: Letter
    en: Letter | None = None


class AnnouncementFacts(SegmentDescription):
    subject: Localized
    text: AnnouncementText
    at: Moment | None = None  # None: at once


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
    notice_id: UUID
    edition_id: UUID
    facts: AnnouncementFacts


@dataclass(frozen=True, slots=True)
class WithdrawAnnouncement:
    pass


@dataclass(frozen=True, slots=True)
class Begin:
    """It is due, and it is settled who is told."""

    people: int


@dataclass(frozen=True, slots=True)
class Finish:
    pass


Command = WriteAnnouncement | WithdrawAnnouncement | Begin | Finish


def decide(notice: Announcement | None, command: Command, now: datetime) -> Decision[Announcement]:
    if isinstance(command, WriteAnnouncement):
        return Decision(_written(command, now))
    if notice is None:
        raise AnnouncementUnknown
    match command:
        case WithdrawAnnouncement():
            if notice.status is AnnouncementStatus.WITHDRAWN:
                return Decision(notice)
            return Decision(
                _after(notice, AnnouncementStatus.SCHEDULED, AnnouncementStatus.WITHDRAWN, now)
            )
        case Begin():
            begun = _after(notice, AnnouncementStatus.SCHEDULED, AnnouncementStatus.ISSUING, now)
            return Decision(begun.changed(people=command.people))
        case Finish():
            return Decision(
                _after(notice, AnnouncementStatus.ISSUING, AnnouncementStatus.ISSUED, now)
            )
        case _:
            assert_never(command)


def _written(command: WriteAnnouncement, now: datetime) -> Announcement:
    facts = command.facts
    due_at = max(facts.at or now, now)
    if due_at > now + AHEAD:
        raise TooFarAhead
    return Announcement(
        id=command.notice_id,
        edition_id=command.edition_id,
        segment=facts.segment,
        subject=facts.subject,
        text=facts.text,
        due_at=due_at,
        changed_at=now,
    )


def _after(
    notice: Announcement, wanted: AnnouncementStatus, then: AnnouncementStatus, now: datetime
) -> Announcement:
    if notice.status is not wanted:
        raise AnnouncementIssued
    after: Announcement = notice.changed(status=then, changed_at=now)
    return after


def copy_id(notice_id: UUID, person_id: UUID) -> UUID:
    """The id of one person's copy: the same for the same two, whoever makes it and how often."""
    return uuid5(notice_id, str(person_id))


def issued(notice: Announcement, person_id: UUID) -> NoticeIssued:
    return NoticeIssued(
        notice_id=copy_id(notice.id, person_id),
        person_id=person_id,
        edition_id=notice.edition_id,
        title=notice.subject,
        text_vi=notice.text.vi,
        text_en=notice.text.en,
    )
