"""Taking a place in a session: at once while there are places, else in line.

    [room]  ─▶ held ──confirm──▶ (asked ──approve──▶) confirmed
    [full]  ─▶ waiting ──a place is free──▶ offered ──confirm──▶ confirmed
                                        └──────────▶ (asked) confirmed

Any of them ends as cancelled: by the holder, by staff, or when what was held or offered expires.
Held, asked, offered and confirmed ones count in their pools, waiting ones stand in line for them.
Which pools free a place, and who gets it, follows from that alone (see book.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, assert_never
from uuid import UUID

from services.events.places.rules import Code, Kind, KindTerms, Places, Pool
from services.events.registrations.errors import (
    AlreadyAdmitted,
    AlreadyRegistered,
    Closed,
    CodeWrong,
    Expired,
    GroupTooLarge,
    KindUnknown,
    NotExpired,
    NothingToConfirm,
    NotOpen,
    RegistrationUnknown,
)

HELD_FOR = timedelta(minutes=15)  # while somebody fills in the form


class Status(StrEnum):
    HELD = "held"  # a place is kept while the form is filled in
    ASKED = "asked"  # staff look at it
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    OFFERED = "offered"  # from the line: a place is kept until it is accepted
    CANCELLED = "cancelled"


class Override(NamedTuple):
    """Why staff gave a place out of turn, and who."""

    by: UUID
    reason: str


class Ending(StrEnum):
    HOLDER = "holder"
    STAFF = "staff"
    EXPIRY = "expiry"


@dataclass(frozen=True, slots=True)
class Registration:
    id: UUID
    session_id: UUID
    person_id: UUID
    status: Status
    asked_at: datetime
    kind: Kind = Kind.GENERAL
    size: int = 1  # the person and their company: all of them or none
    pools: tuple[UUID, ...] = ()
    priority: int = 0  # in the line; higher comes first
    number: int | None = None  # in the line, from 1
    expires_at: datetime | None = None  # of what is held or offered
    confirmed_at: datetime | None = None
    admitted_at: datetime | None = None
    blocked_at: datetime | None = None  # from then on the ticket lets nobody in
    ended_at: datetime | None = None
    ended_by: Ending | None = None
    override: Override | None = None
    version: int = 0

    @property
    def places(self) -> int:
        """How many places it has in each of its pools."""
        return 0 if self.status in (Status.WAITING, Status.CANCELLED) else self.size

    @property
    def live(self) -> bool:
        return self.status is not Status.CANCELLED

    @property
    def waits(self) -> int:
        return int(self.status is Status.WAITING)

    @property
    def turn(self) -> tuple[int, datetime, int]:
        """What the line is in order of."""
        return -self.priority, self.asked_at, self.number or 0


@dataclass(frozen=True, slots=True)
class Register:
    registration_id: UUID
    session_id: UUID
    person_id: UUID
    kind: Kind = Kind.GENERAL
    size: int = 1
    code: str | None = None
    hold: bool = False


@dataclass(frozen=True, slots=True)
class Confirm:
    """The holder has filled in the form, or accepts what was offered."""

    session_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True)
class Approve:
    session_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True)
class Cancel:
    session_id: UUID
    person_id: UUID
    by: Ending = Ending.HOLDER


@dataclass(frozen=True, slots=True)
class Expire:
    session_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True)
class Seat:
    """Staff give a place to somebody in line, out of turn and beyond what there is."""

    session_id: UUID
    person_id: UUID
    override: Override


@dataclass(frozen=True, slots=True)
class Block:
    """The ticket lets nobody in any more (a lost phone, a sold ticket), or does again."""

    session_id: UUID
    person_id: UUID
    on: bool


Command = Register | Confirm | Approve | Cancel | Expire | Seat | Block


class Desk(NamedTuple):
    """What one decision looks at."""

    places: Places
    pools: Mapping[UUID, Pool]  # all that may be drawn on
    mine: Registration | None  # what the person has in this session now
    code: Code | None = None  # what the code they gave is good for


def decide(desk: Desk, command: Command, now: datetime) -> Registration:
    """The registration as it is afterwards. Raises what errors.py names."""
    if isinstance(command, Register):
        return _register(desk, command, now)
    mine = desk.mine
    if mine is None:
        raise RegistrationUnknown
    match command:
        case Confirm():
            return _confirm(desk, mine, now)
        case Approve():
            if mine.status is not Status.ASKED:
                raise NothingToConfirm
            return _confirmed(mine, now)
        case Seat():
            if mine.status is not Status.WAITING:
                raise NothingToConfirm
            return replace(_confirmed(mine, now), override=command.override)
        case Block():
            if mine.status is not Status.CONFIRMED:
                raise NothingToConfirm
            return replace(mine, blocked_at=now if command.on else None)
        case Cancel():
            if mine.admitted_at is not None:
                raise AlreadyAdmitted
            return _ended(mine, command.by, now)
        case Expire():
            if mine.expires_at is None or now < mine.expires_at:
                raise NotExpired
            return _ended(mine, Ending.EXPIRY, now)
        case _:
            assert_never(command)


def _register(desk: Desk, command: Register, now: datetime) -> Registration:
    places, code = desk.places, desk.code
    if desk.mine is not None:
        raise AlreadyRegistered
    if now < places.opens_at:
        raise NotOpen
    if now >= places.closes_at:
        raise Closed
    kind = places.kinds.get(command.kind)
    if kind is None:
        raise KindUnknown
    if (command.code or kind.code_only) and (code is None or code.kind is not command.kind):
        raise CodeWrong
    drawn = (*kind.pools, code.pool) if code else kind.pools
    pools = [desk.pools[pool] for pool in drawn]
    most = min(pool.capacity for pool in pools)
    if command.size > max(most, 1):
        raise GroupTooLarge(capacity=most)
    asked = Registration(
        id=command.registration_id,
        session_id=command.session_id,
        person_id=command.person_id,
        status=Status.HELD,
        asked_at=now,
        kind=command.kind,
        size=command.size,
        pools=drawn,
        expires_at=now + HELD_FOR,
    )
    # With room they pass those in line: for each of them some other pool is too full, or else they
    # would have been seated already.
    if any(pool.free < command.size for pool in pools):
        return replace(
            asked,
            status=Status.WAITING,
            asked_at=max(now, places.last_asked_at or now),
            number=places.last_number + 1,
            expires_at=None,
        )
    return asked if command.hold else _granted(asked, kind, now)


def _confirm(desk: Desk, mine: Registration, now: datetime) -> Registration:
    if mine.status not in (Status.HELD, Status.OFFERED):
        raise NothingToConfirm
    if mine.expires_at is not None and now >= mine.expires_at:
        raise Expired
    return _granted(mine, desk.places.kinds.get(mine.kind), now)


def seated(waiting: Registration, kind: KindTerms | None, now: datetime) -> Registration:
    """Somebody in line whose turn has come."""
    if kind is not None and kind.offer_for is not None:
        return replace(waiting, status=Status.OFFERED, expires_at=now + kind.offer_for)
    return _granted(waiting, kind, now)


def _granted(one: Registration, kind: KindTerms | None, now: datetime) -> Registration:
    """With a place for good, or before staff. A kind that is no more asks for nothing."""
    if kind is not None and kind.approval:
        return replace(one, status=Status.ASKED, expires_at=None)
    return _confirmed(one, now)


def _confirmed(one: Registration, now: datetime) -> Registration:
    return replace(one, status=Status.CONFIRMED, confirmed_at=now, expires_at=None)


def _ended(mine: Registration, by: Ending, now: datetime) -> Registration:
    return replace(mine, status=Status.CANCELLED, ended_at=now, ended_by=by, expires_at=None)
