"""Taking a place in a session: at once while there are places, else in line.

    [room]  ─▶ held ──confirm──▶ (asked ──approve──▶) (unpaid ──▶) confirmed
    [full]  ─▶ waiting ──a place is free──▶ offered ──confirm──▶ (unpaid) confirmed
                                        └──────────▶ (asked) (unpaid) confirmed

Any of them ends as cancelled: by the holder, by staff, or when what was held, offered or unpaid
expires. Held, asked, offered, unpaid and confirmed ones count in their pools, waiting ones stand in
line for them. Which pools free a place, and who gets it, follows from that alone (see book.py);
what a payment does is in fees/crediting.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple, assert_never
from uuid import UUID

from services.events.booking.billing.reference import reference_of
from services.events.booking.quotas.rules import AccessCode, BookableTerms, Quota, TicketKindTerms
from services.events.booking.registrations.commands import (
    Accompany,
    Answer,
    Approve,
    Block,
    Cancel,
    Command,
    Confirm,
    Expire,
    Prioritise,
    Register,
    Seat,
)
from services.events.booking.registrations.errors import (
    AlreadyAdmitted,
    AlreadyRegistered,
    AnswersNeeded,
    Closed,
    CodeWrong,
    Expired,
    GroupTooLarge,
    KindUnknown,
    NotConfirmed,
    NotExpired,
    NothingToConfirm,
    NotOnWaitingList,
    NotOpen,
    RegistrationUnknown,
    SessionBegun,
    TooManyNames,
)
from services.events.booking.registrations.state import Ending, Registration, Status
from services.events.programme.sessions.rules import SessionIsCancelled
from services.events.programme.ticket_kinds.rules import PAY_FOR, TicketKind

ANSWER_WITHIN = timedelta(hours=24)  # for who waited and has not answered yet
HELD_FOR = timedelta(minutes=15)  # while somebody fills in the form


class RegistrationContext(NamedTuple):
    """What one decision looks at."""

    places: BookableTerms
    pools: Mapping[UUID, Quota]  # all that may be drawn on
    mine: Registration | None  # what the person has in this session now
    code: AccessCode | None = None  # what the code they gave is good for

    def most(self, pools: Iterable[UUID]) -> int:
        """For how many one registration that draws on these may be."""
        sizes = [self.pools[pool].capacity for pool in pools]
        largest = self.places.largest
        return min(sizes if largest is None else [*sizes, largest])


def decide(desk: RegistrationContext, command: Command, now: datetime) -> Registration:
    """The registration as it is afterwards. Raises what errors.py names."""
    if desk.places.cancelled is not None and not _ends_something(command):
        raise SessionIsCancelled
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
            return placed(mine, desk.places.kinds.get(mine.kind), now)
        case Seat():
            if mine.status is not Status.WAITING:
                raise NothingToConfirm
            after = placed(mine, desk.places.kinds.get(mine.kind), now)
            return replace(after, override=command.override)
        case Block():
            if mine.status is not Status.CONFIRMED:
                raise NothingToConfirm
            return replace(mine, blocked_at=now if command.on else None)
        case Prioritise():
            if mine.status is not Status.WAITING:
                raise NotOnWaitingList
            return replace(mine, priority=command.priority, preference=command.override)
        case Accompany():
            return _accompanied(mine, command, now)
        case Answer():
            return _answered(desk, mine, command, now)
        case Cancel():
            if mine.admitted_at is not None:
                raise AlreadyAdmitted
            return ended(mine, command.by, now)
        case Expire():
            if mine.expires_at is None or now < mine.expires_at:
                raise NotExpired
            return ended(mine, Ending.EXPIRY, now)
        case _:
            assert_never(command)


def _ends_something(command: Command) -> bool:
    """What may still be done once a session is cancelled. Names can be forgotten at any time."""
    if isinstance(command, Accompany):
        return not command.names
    return isinstance(command, Cancel | Expire)


def _register(desk: RegistrationContext, command: Register, now: datetime) -> Registration:
    places = desk.places
    if desk.mine is not None:
        raise AlreadyRegistered
    if now < places.opens_at and not command.invited:
        raise NotOpen
    if now >= places.closes_at and not command.invited:
        raise Closed
    kind, drawn = drawn_on(desk, command.kind, command.code, invited=command.invited)
    if places.asks and command.answers is None and not (command.hold or command.invited):
        raise AnswersNeeded
    pools = [desk.pools[pool] for pool in drawn]
    most = desk.most(drawn)
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
        answers=command.answers,
        amount=command.size * kind.fee,
    )
    # With room they pass those in line: for each of them some other pool is too full, or else they
    # would have been seated already.
    if any(pool.free < command.size for pool in pools):
        return queued(asked, places, now)
    return asked if command.hold else granted(asked, kind, now)


def queued(one: Registration, places: BookableTerms, now: datetime) -> Registration:
    """At the end of the line."""
    return replace(
        one,
        status=Status.WAITING,
        asked_at=max(now, places.last_asked_at or now),
        number=places.last_number + 1,
        expires_at=None,
    )


def drawn_on(
    desk: RegistrationContext, kind: TicketKind, given: str | None, *, invited: bool = False
) -> tuple[TicketKindTerms, tuple[UUID, ...]]:
    """The terms of a kind of ticket, and the pools it draws on for whoever gives this code."""
    terms, code = desk.places.kinds.get(kind), desk.code
    if terms is None:
        raise KindUnknown
    needs_code = terms.code_only and not invited
    if (given or needs_code) and (code is None or code.kind is not kind):
        raise CodeWrong
    return terms, (*terms.pools, code.pool) if code else terms.pools


def _confirm(desk: RegistrationContext, mine: Registration, now: datetime) -> Registration:
    if mine.status not in (Status.HELD, Status.OFFERED):
        raise NothingToConfirm
    if mine.expires_at is not None and now >= mine.expires_at:
        raise Expired
    if desk.places.asks and mine.answers is None:
        raise AnswersNeeded
    return granted(mine, desk.places.kinds.get(mine.kind), now)


def seated(
    waiting: Registration, kind: TicketKindTerms | None, now: datetime, *, asks: bool = False
) -> Registration:
    """Somebody in line whose turn has come.

    Who has paid for it already has it at once; who has questions to answer first is offered it.
    Nobody is asked to pay for what is over.
    """
    if waiting.reference is not None and not waiting.owing:
        return placed(waiting, kind, now)
    if waiting.owing and kind is not None and kind.over_at and now >= kind.over_at:
        return waiting
    offer_for = kind.offer_for if kind else None
    if asks and waiting.answers is None:
        offer_for = offer_for or ANSWER_WITHIN
    if offer_for is not None:
        return replace(waiting, status=Status.OFFERED, expires_at=now + offer_for)
    return granted(waiting, kind, now)


def _answered(
    desk: RegistrationContext, mine: Registration, command: Answer, now: datetime
) -> Registration:
    """What is still to be answered can be answered at any time, and changed until one can no
    longer register."""
    known = mine.follow_up if command.follow_up else mine.answers
    if known is not None and now >= desk.places.closes_at and not command.by_staff:
        raise Closed
    if not command.follow_up:
        return replace(mine, answers=command.answers)
    if mine.status is not Status.CONFIRMED:
        raise NotConfirmed
    return replace(mine, follow_up=command.answers)


def _accompanied(mine: Registration, command: Accompany, now: datetime) -> Registration:
    if command.names and now >= command.before:
        raise SessionBegun
    if len(command.names) >= mine.size:
        raise TooManyNames(most=mine.size - 1)
    return replace(mine, company=command.names)


def granted(one: Registration, kind: TicketKindTerms | None, now: datetime) -> Registration:
    """With a place for good, or before staff. A kind that is no more asks for nothing."""
    if kind is not None and kind.approval:
        return replace(one, status=Status.ASKED, expires_at=None)
    return placed(one, kind, now)


def placed(one: Registration, kind: TicketKindTerms | None, now: datetime) -> Registration:
    """Confirmed; or, while something is owed for it, kept until it is paid."""
    if one.owing:
        until = now + (kind.pay_for if kind else PAY_FOR)
        if kind and kind.pay_by and now < kind.pay_by:
            until = min(until, kind.pay_by)
        elif kind and kind.over_at:
            until = min(until, kind.over_at)
        reference = one.reference or reference_of(one.id)
        return replace(one, status=Status.UNPAID, reference=reference, expires_at=until)
    return replace(one, status=Status.CONFIRMED, confirmed_at=now, expires_at=None)


def ended(mine: Registration, by: Ending, now: datetime) -> Registration:
    """It holds and awaits nothing any more, and what was only of use until then is forgotten."""
    return replace(
        mine,
        status=Status.CANCELLED,
        ended_at=now,
        ended_by=by,
        expires_at=None,
        company=(),
        transfer=None,
        # What expired may be paid for late and come back.
        answers=mine.answers if by is Ending.EXPIRY else None,
        follow_up=None,
    )
