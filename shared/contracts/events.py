"""What `services/events` tells: the festival programme and what becomes of people's places."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.contracts.base import Event
from shared.text import Localized, LocalizedProse

BookableKind = Literal["session", "course"]
"""What a person registers for: one session, or a course with all its sessions."""


def calendar_uid(session_id: UUID) -> str:
    """The UID of a session's calendar entry (RFC 5545), wherever it is written."""
    return f"{session_id}@events.creative-city"


class EditionAnnounced(Event):
    """An edition of the festival is public."""

    type: Literal["events.edition.announced.v1"] = "events.edition.announced.v1"
    edition_id: UUID
    slug: str
    name: Localized
    starts_on: str  # ISO date, local
    ends_on: str


class EditionCancelled(Event):
    """An edition that was public will not be held, or not be held to its end."""

    type: Literal["events.edition.cancelled.v1"] = "events.edition.cancelled.v1"
    edition_id: UUID
    reason: Localized


class SessionPublished(Event):
    """A session can be registered for, or its public facts changed (a higher sequence)."""

    type: Literal["events.session.published.v1"] = "events.session.published.v1"
    session_id: UUID
    edition_id: UUID
    title: Localized
    starts_at: datetime
    ends_at: datetime
    venue: Localized
    address: str
    room: Localized | None = None  # in the venue
    capacity: int
    revision: int = 0  # of what the public sees: the SEQUENCE of its calendar entry
    mode: Literal["on_site", "online", "hybrid"] = "on_site"


class SessionCancelled(Event):
    """A public session will not be held. What becomes of its registrations is told one by one."""

    type: Literal["events.session.cancelled.v1"] = "events.session.cancelled.v1"
    session_id: UUID
    edition_id: UUID
    reason: Localized


class SessionSlot(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    starts_at: datetime
    ends_at: datetime
    venue: Localized
    room: Localized | None = None
    address: str


class ChangedSession(BaseModel):
    """A session of somebody's, as it was and as it is.

    None: it was not yet, or is not any more, for everybody or for this host.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    session_id: UUID
    revision: int  # of what the public sees: the SEQUENCE of its calendar entry
    role: Literal["holder", "host", "former_host"]
    title: Localized
    before: SessionSlot | None = None
    after: SessionSlot | None = None


class ChangeNoticeIssued(Event):
    """A release of the schedule changes what this person holds a place in or hosts.

    One a person and release, whatever the number of sessions.
    """

    type: Literal["events.change_notice.issued.v1"] = "events.change_notice.issued.v1"
    change_notice_id: UUID
    person_id: UUID
    edition_id: UUID
    release: int
    notes: Localized | None = None
    sessions: tuple[ChangedSession, ...]


class CoursePublished(Event):
    """A course can be enrolled in, or its public facts changed (a higher sequence).

    Who enrols has a registration whose `bookable_id` is the course's id.
    """

    type: Literal["events.course.published.v1"] = "events.course.published.v1"
    course_id: UUID  # also its activity's
    edition_id: UUID
    title: Localized
    starts_at: datetime  # of the first session
    ends_at: datetime  # of the last
    venue: Localized  # of the first
    address: str
    capacity: int


class RegistrationConfirmed(Event):
    """A person holds a place; `ticket` is the signed token their QR code shows."""

    type: Literal["events.registration.confirmed.v1"] = "events.registration.confirmed.v1"
    registration_id: UUID
    bookable_id: UUID  # of the session or course
    bookable_kind: BookableKind
    person_id: UUID
    ticket: str
    promoted: bool = False  # True: came from the waiting list
    size: int = 1  # places: the person and their company


class RegistrationWaitlisted(Event):
    """The session is full; the person stands in line with this number (from 1, never reused)."""

    type: Literal["events.registration.waitlisted.v1"] = "events.registration.waitlisted.v1"
    registration_id: UUID
    bookable_id: UUID  # of the session or course
    bookable_kind: BookableKind
    person_id: UUID
    number: int


class RegistrationOffered(Event):
    """A place has become free for somebody in line; they have it if they accept it in time."""

    type: Literal["events.registration.offered.v1"] = "events.registration.offered.v1"
    registration_id: UUID
    bookable_id: UUID  # of the session or course
    bookable_kind: BookableKind
    person_id: UUID
    expires_at: datetime


class CalledOff(BaseModel):
    """Why a session is not held, and the SEQUENCE of its calendar entry that says so."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    reason: Localized
    revision: int


class RegistrationInvoiced(Event):
    """A place is kept until its fee is paid by bank transfer; or a part of it was paid.

    The account is the city's own. `reference` has to stand in the text of the transfer.
    """

    type: Literal["events.registration.invoiced.v1"] = "events.registration.invoiced.v1"
    registration_id: UUID
    bookable_id: UUID  # of the session or course
    bookable_kind: BookableKind
    person_id: UUID
    amount: int  # still to be paid, in whole đồng
    reference: str
    expires_at: datetime
    bank_bin: str = ""  # six digits, by NAPAS
    bank_name: str = ""
    account_number: str = ""
    account_holder: str = ""
    vietqr: str | None = None  # what the QR code says that a banking app reads all this from


class RegistrationCancelled(Event):
    """A place, or a place in the line, was given up."""

    type: Literal["events.registration.cancelled.v1"] = "events.registration.cancelled.v1"
    registration_id: UUID
    bookable_id: UUID  # of the session or course
    bookable_kind: BookableKind
    person_id: UUID
    held_place: bool  # True: it was confirmed
    size: int = 1
    ended_by: Literal["holder", "staff", "expiry"] = "holder"
    called_off: CalledOff | None = None  # if the session itself was cancelled
    passed_on: Literal["move", "transfer"] | None = None
    """To the same person's place in another session, or to another person."""
    unpaid: bool = False  # True: it was kept until its fee would be paid
    due_back: int = 0  # đồng that were paid for it


class RegistrationResized(Event):
    """A confirmed group is smaller or larger than before; the ticket stays the same."""

    type: Literal["events.registration.resized.v1"] = "events.registration.resized.v1"
    registration_id: UUID
    bookable_id: UUID  # of the session or course
    bookable_kind: BookableKind
    person_id: UUID
    size: int
    size_before: int


class RegistrationAdmitted(Event):
    """The holder was let in at the gate."""

    type: Literal["events.registration.admitted.v1"] = "events.registration.admitted.v1"
    registration_id: UUID
    bookable_id: UUID  # of the session or course
    bookable_kind: BookableKind
    person_id: UUID
    admitted_at: datetime


class CertificateIssued(Event):
    """Somebody has attended enough of a course. The name to be printed is not told."""

    type: Literal["events.certificate.issued.v1"] = "events.certificate.issued.v1"
    certificate_id: UUID
    number: str
    course_id: UUID
    registration_id: UUID
    person_id: UUID
    issued_at: datetime


class CertificateRevoked(Event):
    """A certificate is not valid any more. The reason stays with the staff."""

    type: Literal["events.certificate.revoked.v1"] = "events.certificate.revoked.v1"
    certificate_id: UUID
    number: str
    course_id: UUID
    person_id: UUID
    revoked_at: datetime


class OutcomeRecorded(Event):
    """What a session of a forum came to, or its correction (a higher sequence)."""

    type: Literal["events.outcome.recorded.v1"] = "events.outcome.recorded.v1"
    outcome_id: UUID
    session_id: UUID
    edition_id: UUID
    kind: Literal["declaration", "agreement", "recommendation", "follow_up"]
    title: Localized
    text: LocalizedProse
    responsible: str | None = None  # an agency's slug, as organisers wrote it
    due_on: str | None = None  # ISO date, local
    withdrawn: bool = False  # True: recorded by mistake


class NoticeIssued(Event):
    """What organisers say to one person of a segment: a service message, in their words.

    `notice_id` is of this person's copy; it is the same however often it is made.
    """

    type: Literal["events.notice.issued.v1"] = "events.notice.issued.v1"
    notice_id: UUID
    person_id: UUID
    edition_id: UUID
    title: Localized
    text_vi: str
    text_en: str | None = None
