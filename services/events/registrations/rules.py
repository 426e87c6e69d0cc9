"""Taking a place in a session: confirmed while there are places, then in line, first come first.

    [asked] ─▶ confirmed ◀── promoted ── waiting ◀─ [asked, full]
                   │                        │
                   └─────▶ cancelled ◀──────┘

Whoever gives up a place hands it to the first in line, in the same decision: there is no moment
with a free place and somebody waiting.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, assert_never
from uuid import UUID

from services.events.places.rules import Places
from shared.contracts.base import Event
from shared.contracts.events import (
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationWaitlisted,
)
from shared.errors import Conflict, NotFound

SignTicket = Callable[[UUID, UUID], str]
"""(registration, session) → the signed token on the ticket; the same for the same two."""


class RegistrationUnknown(NotFound):
    code = "registration.unknown"
    vi = "Không tìm thấy đăng ký này."
    en = "There is no such registration."


class AlreadyRegistered(Conflict):
    code = "registration.exists"
    vi = "Bạn đã đăng ký phiên này."
    en = "You have registered for this session already."


class NotOpen(Conflict):
    code = "registration.not_open"
    vi = "Phiên này chưa mở đăng ký."
    en = "Registration for this session is not open yet."


class Closed(Conflict):
    code = "registration.closed"
    vi = "Phiên này đã đóng đăng ký."
    en = "Registration for this session is closed."


class AlreadyAdmitted(Conflict):
    code = "registration.admitted"
    vi = "Người này đã vào cửa, không huỷ được."
    en = "The holder was let in already; this cannot be cancelled."


class Status(StrEnum):
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Registration:
    id: UUID
    session_id: UUID
    person_id: UUID
    status: Status
    asked_at: datetime
    number: int | None = None  # in the line, from 1
    admitted_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Register:
    registration_id: UUID
    session_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True)
class Cancel:
    session_id: UUID
    person_id: UUID


Command = Register | Cancel


class Desk(NamedTuple):
    """What one decision looks at."""

    places: Places
    mine: Registration | None  # what the asking person has in this session now
    first_waiting: Registration | None


class Change(NamedTuple):
    """A registration as it is now, and the fact that made it so."""

    registration: Registration
    event: Event


class Outcome(NamedTuple):
    """`changes[0]` is the asking person's own."""

    places: Places
    changes: tuple[Change, ...]


def decide(desk: Desk, command: Command, now: datetime, sign: SignTicket) -> Outcome:
    """Raises `AlreadyRegistered`, `NotOpen`, `Closed`; `RegistrationUnknown`, `AlreadyAdmitted`."""
    match command:
        case Register():
            return _register(desk, command, now, sign)
        case Cancel():
            return _cancel(desk, sign)
        case _:
            assert_never(command)


def _register(desk: Desk, command: Register, now: datetime, sign: SignTicket) -> Outcome:
    places = desk.places
    if desk.mine is not None:
        raise AlreadyRegistered
    if now < places.opens_at:
        raise NotOpen
    if now >= places.closes_at:
        raise Closed
    asked = Registration(
        id=command.registration_id,
        session_id=command.session_id,
        person_id=command.person_id,
        status=Status.WAITING,
        asked_at=now,
    )
    if places.taken < places.capacity:
        return Outcome(replace(places, taken=places.taken + 1), (_confirmed(asked, sign),))
    number = places.last_number + 1
    waiting = replace(asked, number=number, version=1)
    told = RegistrationWaitlisted(
        registration_id=asked.id,
        session_id=asked.session_id,
        person_id=asked.person_id,
        number=number,
    )
    return Outcome(
        replace(places, waiting=places.waiting + 1, last_number=number), (Change(waiting, told),)
    )


def _cancel(desk: Desk, sign: SignTicket) -> Outcome:
    places, mine = desk.places, desk.mine
    if mine is None:
        raise RegistrationUnknown
    if mine.admitted_at is not None:
        raise AlreadyAdmitted
    held = mine.status is Status.CONFIRMED
    cancelled = replace(mine, status=Status.CANCELLED, version=mine.version + 1)
    told = RegistrationCancelled(
        registration_id=mine.id,
        session_id=mine.session_id,
        person_id=mine.person_id,
        held_place=held,
    )
    changes = (Change(cancelled, told),)
    if not held:
        return Outcome(replace(places, waiting=places.waiting - 1), changes)
    if desk.first_waiting is None:
        return Outcome(replace(places, taken=places.taken - 1), changes)
    promoted = _confirmed(desk.first_waiting, sign)
    return Outcome(replace(places, waiting=places.waiting - 1), (*changes, promoted))


def _confirmed(registration: Registration, sign: SignTicket) -> Change:
    """With a place. One that stood in line before was promoted."""
    confirmed = replace(registration, status=Status.CONFIRMED, version=registration.version + 1)
    told = RegistrationConfirmed(
        registration_id=confirmed.id,
        session_id=confirmed.session_id,
        person_id=confirmed.person_id,
        ticket=sign(confirmed.id, confirmed.session_id),
        promoted=registration.number is not None,
    )
    return Change(confirmed, told)
