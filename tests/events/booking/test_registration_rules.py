"""Taking places, as pure rules: one decision at a time."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from services.events.booking.quotas.rules import (
    AccessCode,
    BookableTerms,
    Quota,
    TicketKindTerms,
    terms,
)
from services.events.booking.registrations import errors
from services.events.booking.registrations.commands import (
    Approve,
    Cancel,
    Command,
    Confirm,
    Expire,
    Register,
    Seat,
)
from services.events.booking.registrations.events import told
from services.events.booking.registrations.rules import (
    HELD_FOR,
    RegistrationContext,
    decide,
    seated,
)
from services.events.booking.registrations.state import Ending, Override, Registration, Status
from services.events.programme.ticket_kinds.rules import TicketKind, TicketKindFacts
from shared.contracts.events import (
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationOffered,
    RegistrationWaitlisted,
)
from shared.testing.scenarios import NOON

SESSION, LAN, BUS, PRESS_CODE = (UUID(int=n) for n in range(1, 5))
HOUR = timedelta(hours=1)
MINE = UUID(int=100)


def desk(
    *pools: Quota,
    mine: Registration | None = None,
    code: AccessCode | None = None,
    **kind: object,
) -> RegistrationContext:
    """A session whose general kind draws on these pools."""
    by_id = {pool.id: pool for pool in pools or (Quota(SESSION, 10),)}
    drawn = tuple(by_id)
    by_id |= {PRESS_CODE: Quota(PRESS_CODE, 2)}
    general = TicketKindTerms(drawn, **kind)  # type: ignore[arg-type]
    kinds = {TicketKind.GENERAL: general, TicketKind.PRESS: TicketKindTerms(drawn, code_only=True)}
    places = BookableTerms(
        SESSION, NOON - HOUR, NOON + HOUR, kinds, last_number=7, last_asked_at=NOON
    )
    return RegistrationContext(places, by_id, mine, code)


def register(**wish: object) -> Register:
    return Register(MINE, SESSION, LAN, **wish)  # type: ignore[arg-type]


def registered(status: Status = Status.CONFIRMED, **more: object) -> Registration:
    return replace(
        Registration(MINE, SESSION, LAN, status, NOON, pools=(SESSION,), version=1),
        **more,  # type: ignore[arg-type]
    )


ONE_LEFT, FULL = Quota(SESSION, 5, taken=4), Quota(SESSION, 5, taken=5)


@pytest.mark.parametrize(
    ("at", "wish", "status"),
    [
        (desk(ONE_LEFT), {}, Status.CONFIRMED),
        (desk(ONE_LEFT), {"size": 2}, Status.WAITING),
        (desk(FULL), {}, Status.WAITING),
        (desk(Quota(SESSION, 0)), {}, Status.WAITING),
        (desk(Quota(SESSION, 3, taken=5)), {}, Status.WAITING),
        (desk(ONE_LEFT), {"hold": True}, Status.HELD),
        (desk(FULL), {"hold": True}, Status.WAITING),
        (desk(ONE_LEFT, approval=True), {}, Status.ASKED),
        (desk(FULL, approval=True), {}, Status.WAITING),
        (desk(ONE_LEFT, Quota(BUS, 40, taken=40)), {}, Status.WAITING),
        (desk(FULL, Quota(BUS, 40)), {}, Status.WAITING),
        (desk(ONE_LEFT, Quota(BUS, 40)), {}, Status.CONFIRMED),
        (
            desk(ONE_LEFT, code=AccessCode(TicketKind.GENERAL, PRESS_CODE)),
            {"code": "BAOCHI"},
            Status.CONFIRMED,
        ),
        (
            desk(Quota(SESSION, 9), code=AccessCode(TicketKind.PRESS, PRESS_CODE)),
            {"code": "BAOCHI", "kind": TicketKind.PRESS, "size": 2},
            Status.CONFIRMED,
        ),
        (desk(Quota(SESSION, 5, taken=4, waiting=3)), {}, Status.CONFIRMED),
    ],
)
def test_what_becomes_of_a_wish(
    at: RegistrationContext, wish: dict[str, object], status: Status
) -> None:
    """The tightest pool rules. Whoever fits passes those for whom there is no room."""
    after = decide(at, register(**wish), NOON)
    assert after.status is status
    assert after.number == (8 if status is Status.WAITING else None)
    assert after.expires_at == (NOON + HELD_FOR if status is Status.HELD else None)
    assert after.places == (0 if status is Status.WAITING else after.size)


@pytest.mark.parametrize(
    ("at", "wish", "refusal"),
    [
        (desk(mine=registered()), {}, errors.AlreadyRegistered),
        (desk(mine=registered(Status.WAITING)), {}, errors.AlreadyRegistered),
        (desk(), {"kind": TicketKind.CHILD}, errors.KindUnknown),
        (desk(), {"kind": TicketKind.PRESS}, errors.CodeWrong),
        (desk(), {"code": "SAI"}, errors.CodeWrong),
        (desk(code_only=True), {}, errors.CodeWrong),
        (desk(code=AccessCode(TicketKind.PRESS, PRESS_CODE)), {"code": "BAOCHI"}, errors.CodeWrong),
        (desk(Quota(SESSION, 4)), {"size": 5}, errors.GroupTooLarge),
        (
            desk(code=AccessCode(TicketKind.PRESS, PRESS_CODE)),
            {"code": "BAOCHI", "kind": TicketKind.PRESS, "size": 3},
            errors.GroupTooLarge,
        ),
    ],
)
def test_what_is_refused(
    at: RegistrationContext, wish: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        decide(at, register(**wish), NOON)


@pytest.mark.parametrize(
    ("moment", "refusal"),
    [
        (-HOUR - timedelta(milliseconds=1), errors.NotOpen),
        (-HOUR, None),
        (HOUR - timedelta(milliseconds=1), None),
        (HOUR, errors.Closed),
    ],
)
def test_the_first_and_the_last_moment(moment: timedelta, refusal: type[Exception] | None) -> None:
    if refusal is None:
        assert decide(desk(), register(), NOON + moment).status is Status.CONFIRMED
    else:
        with pytest.raises(refusal):
            decide(desk(), register(), NOON + moment)


LATER = NOON + HELD_FOR


@pytest.mark.parametrize(
    ("mine", "command", "moment", "becomes"),
    [
        (registered(Status.HELD, expires_at=LATER), Confirm, NOON, Status.CONFIRMED),
        (registered(Status.OFFERED, expires_at=LATER), Confirm, NOON, Status.CONFIRMED),
        (registered(Status.HELD, expires_at=LATER), Confirm, LATER, errors.Expired),
        (registered(), Confirm, NOON, errors.NothingToConfirm),
        (registered(Status.WAITING, number=1), Confirm, NOON, errors.NothingToConfirm),
        (registered(Status.ASKED), Confirm, NOON, errors.NothingToConfirm),
        (registered(Status.ASKED), Approve, NOON, Status.CONFIRMED),
        (registered(), Approve, NOON, errors.NothingToConfirm),
        (registered(Status.HELD, expires_at=LATER), Expire, LATER, Status.CANCELLED),
        (registered(Status.OFFERED, expires_at=LATER), Expire, LATER, Status.CANCELLED),
        (
            registered(Status.HELD, expires_at=LATER),
            Expire,
            LATER - timedelta(milliseconds=1),
            errors.NotExpired,
        ),
        (registered(), Expire, LATER, errors.NotExpired),
        (registered(), Cancel, NOON, Status.CANCELLED),
        (registered(Status.WAITING, number=1), Cancel, NOON, Status.CANCELLED),
        (registered(Status.HELD, expires_at=LATER), Cancel, NOON, Status.CANCELLED),
        (registered(admitted_at=NOON), Cancel, NOON, errors.AlreadyAdmitted),
        (None, Cancel, NOON, errors.RegistrationUnknown),
        (None, Confirm, NOON, errors.RegistrationUnknown),
    ],
)
def test_what_comes_after(
    mine: Registration | None,
    command: type[Confirm] | type[Approve] | type[Expire] | type[Cancel],
    moment: object,
    becomes: Status | type[Exception],
) -> None:
    asked: Command = command(SESSION, LAN)
    at = desk(FULL, mine=mine)
    if isinstance(becomes, Status):
        after = decide(at, asked, moment)  # type: ignore[arg-type]
        assert after.status is becomes
        assert after.expires_at is None
    else:
        with pytest.raises(becomes):
            decide(at, asked, moment)  # type: ignore[arg-type]


def test_staff_seat_somebody_beyond_what_there_is_and_say_why() -> None:
    override = Override(UUID(int=9), "Khách của đoàn Hội An, giấy mời gửi nhầm ngày")
    waiting = registered(Status.WAITING, number=3)
    after = decide(desk(FULL, mine=waiting), Seat(SESSION, LAN, override), NOON)
    assert (after.status, after.override) == (Status.CONFIRMED, override)
    with pytest.raises(errors.NothingToConfirm):
        decide(desk(FULL, mine=registered()), Seat(SESSION, LAN, override), NOON)


@pytest.mark.parametrize(
    ("kind", "status", "expires_at"),
    [
        (TicketKindTerms((SESSION,)), Status.CONFIRMED, None),
        (None, Status.CONFIRMED, None),
        (TicketKindTerms((SESSION,), approval=True), Status.ASKED, None),
        (TicketKindTerms((SESSION,), offer_for=HOUR), Status.OFFERED, NOON + HOUR),
        (TicketKindTerms((SESSION,), approval=True, offer_for=HOUR), Status.OFFERED, NOON + HOUR),
    ],
)
def test_whose_turn_has_come(
    kind: TicketKindTerms | None, status: Status, expires_at: object
) -> None:
    after = seated(registered(Status.WAITING, number=1), kind, NOON)
    assert (after.status, after.expires_at) == (status, expires_at)


def test_the_line_is_in_order_even_when_the_clock_goes_back() -> None:
    early = NOON - timedelta(minutes=30)
    after = decide(desk(FULL), register(), early)
    assert after.asked_at == NOON, "nobody stands before the last one in line"
    assert after.turn > registered(Status.WAITING, number=7).turn
    assert replace(after, priority=1).turn < registered(Status.WAITING, number=7).turn


def sign(registration: UUID, session: UUID) -> str:
    return f"{registration.int}@{session.int}"


NAMES = {"registration_id": MINE, "session_id": SESSION, "person_id": LAN}
TICKET = sign(MINE, SESSION)
HELD = registered(Status.HELD, expires_at=LATER)
WAITING = registered(Status.WAITING, number=3)
OFFERED = registered(Status.OFFERED, number=3, expires_at=LATER)
GONE = registered(Status.CANCELLED, ended_by=Ending.HOLDER)


@pytest.mark.parametrize(
    ("before", "after", "event"),
    [
        (None, registered(size=3), RegistrationConfirmed(**NAMES, ticket=TICKET, size=3)),
        (HELD, registered(), RegistrationConfirmed(**NAMES, ticket=TICKET)),
        (
            WAITING,
            registered(number=3),
            RegistrationConfirmed(**NAMES, ticket=TICKET, promoted=True),
        ),
        (
            OFFERED,
            registered(number=3),
            RegistrationConfirmed(**NAMES, ticket=TICKET, promoted=True),
        ),
        (None, WAITING, RegistrationWaitlisted(**NAMES, number=3)),
        (WAITING, OFFERED, RegistrationOffered(**NAMES, expires_at=LATER)),
        (registered(), GONE, RegistrationCancelled(**NAMES, held_place=True)),
        (WAITING, GONE, RegistrationCancelled(**NAMES, held_place=False)),
        (OFFERED, GONE, RegistrationCancelled(**NAMES, held_place=False)),
        (HELD, GONE, None),
        (None, HELD, None),
        (None, registered(Status.ASKED), None),
    ],
)
def test_what_others_are_told(
    before: Registration | None, after: Registration, event: object
) -> None:
    assert told(before, after, desk().places, sign) == event


def test_which_pools_a_kind_draws_on() -> None:
    facts = TicketKindFacts(kind=TicketKind.CHILD, capacity=5, shared=(BUS,), offer_minutes=30)
    found = terms(SESSION, facts)
    assert found.pools[0] == SESSION
    assert found.pools[2] == BUS
    assert len(set(found.pools)) == 3
    assert found.offer_for == timedelta(minutes=30)
    assert terms(SESSION, TicketKindFacts()).pools == (SESSION,)
