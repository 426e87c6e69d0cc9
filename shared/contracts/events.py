"""The events of `services/events`: the festival programme and what people have booked in it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.contracts.base import Event
from shared.text import Localized, LocalizedProse

BookableKind = Literal["session", "course"]
"""What a person registers for: one session, or a course with all its sessions."""


def calendar_uid(session_id: UUID) -> str:
    """The UID of a session's calendar entry (RFC 5545), the same in every calendar."""
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
    """A session is open for registration, or its public facts have changed."""

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
    """A public session will not be held. Each of its registrations has an event of its own."""

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
    """A session that somebody has booked or hosts, before and after a change.

    `before` is None if the session (or this host's part in it) is new; `after` is None if it is
    cancelled.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    session_id: UUID
    revision: int  # of what the public sees: the SEQUENCE of its calendar entry
    role: Literal["holder", "host", "former_host"]
    title: Localized
    before: SessionSlot | None = None
    after: SessionSlot | None = None


class ChangeNoticeIssued(Event):
    """A release of the schedule changes sessions that this person has booked or hosts.

    There is one event for each person and release, with all of that person's sessions.
    """

    type: Literal["events.change_notice.issued.v1"] = "events.change_notice.issued.v1"
    change_notice_id: UUID
    person_id: UUID
    edition_id: UUID
    release: int
    notes: Localized | None = None
    sessions: tuple[ChangedSession, ...]


class CoursePublished(Event):
    """A course is open for enrolment, or its public facts have changed.

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
    """A person has a seat. `ticket` is the signed token that their QR code shows."""

    type: Literal["events.registration.confirmed.v1"] = "events.registration.confirmed.v1"
    registration_id: UUID
    bookable_id: UUID  # of the session or course
    bookable_kind: BookableKind
    person_id: UUID
    ticket: str
    promoted: bool = False  # True: came from the waiting list
    size: int = 1  # seats: of the person and their companions


class RegistrationWaitlisted(Event):
    """All seats are taken: the person is on the waiting list. Its numbers are never reused."""

    type: Literal["events.registration.waitlisted.v1"] = "events.registration.waitlisted.v1"
    registration_id: UUID
    bookable_id: UUID  # of the session or course
    bookable_kind: BookableKind
    person_id: UUID
    number: int  # from 1


class RegistrationOffered(Event):
    """A seat is free for somebody on the waiting list. It is theirs if they accept it in time."""

    type: Literal["events.registration.offered.v1"] = "events.registration.offered.v1"
    registration_id: UUID
    bookable_id: UUID  # of the session or course
    bookable_kind: BookableKind
    person_id: UUID
    expires_at: datetime


class CalledOff(BaseModel):
    """Why a session was cancelled, and the SEQUENCE of the calendar entry that says so."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    reason: Localized
    revision: int


class RegistrationInvoiced(Event):
    """A seat is kept until its fee is paid by bank transfer. Sent again after a part was paid.

    The account belongs to the city. The text of the transfer must contain `reference`.
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
    vietqr: str | None = None  # the content of the QR code, with all this, for banking apps


class RegistrationCancelled(Event):
    """A registration has ended: a seat, or a position on the waiting list, was given up."""

    type: Literal["events.registration.cancelled.v1"] = "events.registration.cancelled.v1"
    registration_id: UUID
    bookable_id: UUID  # of the session or course
    bookable_kind: BookableKind
    person_id: UUID
    held_place: bool  # True: it was confirmed
    size: int = 1
    ended_by: Literal["holder", "staff", "expiry"] = "holder"
    called_off: CalledOff | None = None  # if the whole session was cancelled
    passed_on: Literal["move", "transfer"] | None = None
    """`move`: to another session of the same person. `transfer`: to another person."""
    unpaid: bool = False  # True: it waited for the payment of its fee
    due_back: int = 0  # đồng to be given back


class RegistrationResized(Event):
    """A confirmed group has become smaller or larger. Its ticket stays the same."""

    type: Literal["events.registration.resized.v1"] = "events.registration.resized.v1"
    registration_id: UUID
    bookable_id: UUID  # of the session or course
    bookable_kind: BookableKind
    person_id: UUID
    size: int
    size_before: int


class RegistrationAdmitted(Event):
    """The holder was admitted at the gate."""

    type: Literal["events.registration.admitted.v1"] = "events.registration.admitted.v1"
    registration_id: UUID
    bookable_id: UUID  # of the session or course
    bookable_kind: BookableKind
    person_id: UUID
    admitted_at: datetime


class CertificateIssued(Event):
    """Somebody has attended enough of a course. The event does not carry their name."""

    type: Literal["events.certificate.issued.v1"] = "events.certificate.issued.v1"
    certificate_id: UUID
    number: str
    course_id: UUID
    registration_id: UUID
    person_id: UUID
    issued_at: datetime


class CertificateRevoked(Event):
    """A certificate is not valid any more. The event does not carry the reason."""

    type: Literal["events.certificate.revoked.v1"] = "events.certificate.revoked.v1"
    certificate_id: UUID
    number: str
    course_id: UUID
    person_id: UUID
    revoked_at: datetime


class OutcomeRecorded(Event):
    """An outcome of a session of a forum, or its correction."""

    type: Literal["events.outcome.recorded.v1"] = "events.outcome.recorded.v1"
    outcome_id: UUID
    session_id: UUID
    edition_id: UUID
    kind: Literal["declaration", "agreement", "recommendation", "follow_up"]
    title: Localized
    text: LocalizedProse
    responsible: str | None = None  # the slug of an agency, as organisers wrote it
    due_on: str | None = None  # ISO date, local
    withdrawn: bool = False  # True: recorded by mistake


class NoticeIssued(Event):
    """An announcement of the organisers, for one person of a segment, in the organisers' words.

    `notice_id` is the id of this person's copy. It stays the same if the event is made again.
    """

    type: Literal["events.notice.issued.v1"] = "events.notice.issued.v1"
    notice_id: UUID
    person_id: UUID
    edition_id: UUID
    title: Localized
    text_vi: str
    text_en: str | None = None
