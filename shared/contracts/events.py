"""What `services/events` tells: the festival programme and what becomes of people's places."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from shared.contracts.base import Event
from shared.text import Localized


class EditionAnnounced(Event):
    """An edition of the festival is public."""

    type: Literal["events.edition.announced.v1"] = "events.edition.announced.v1"
    edition_id: UUID
    slug: str
    name: Localized
    starts_on: str  # ISO date, local
    ends_on: str


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
    capacity: int


class RegistrationConfirmed(Event):
    """A person holds a place; `ticket` is the signed token their QR code shows."""

    type: Literal["events.registration.confirmed.v1"] = "events.registration.confirmed.v1"
    registration_id: UUID
    session_id: UUID
    person_id: UUID
    ticket: str
    promoted: bool = False  # True: came from the waiting list
    size: int = 1  # places: the person and their company


class RegistrationWaitlisted(Event):
    """The session is full; the person stands in line with this number (from 1, never reused)."""

    type: Literal["events.registration.waitlisted.v1"] = "events.registration.waitlisted.v1"
    registration_id: UUID
    session_id: UUID
    person_id: UUID
    number: int


class RegistrationOffered(Event):
    """A place has become free for somebody in line; they have it if they accept it in time."""

    type: Literal["events.registration.offered.v1"] = "events.registration.offered.v1"
    registration_id: UUID
    session_id: UUID
    person_id: UUID
    expires_at: datetime


class RegistrationCancelled(Event):
    """A place, or a place in the line, was given up."""

    type: Literal["events.registration.cancelled.v1"] = "events.registration.cancelled.v1"
    registration_id: UUID
    session_id: UUID
    person_id: UUID
    held_place: bool  # True: it was confirmed
    size: int = 1
    ended_by: Literal["holder", "staff", "expiry"] = "holder"


class RegistrationAdmitted(Event):
    """The holder was let in at the gate."""

    type: Literal["events.registration.admitted.v1"] = "events.registration.admitted.v1"
    registration_id: UUID
    session_id: UUID
    person_id: UUID
    admitted_at: datetime
