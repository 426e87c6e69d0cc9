"""Taking places, as pure rules: one decision at a time."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from services.events.booking.box_office.rules import Approve, Seat
from services.events.booking.quotas.rules import (
    AccessCode,
    BookableTerms,
    Quota,
    TicketKindTerms,
    terms,
)
from services.events.booking.registrations import errors
from services.events.booking.registrations.commands import (
    HELD_FOR,
    Cancel,
    Confirm,
    Expire,
    Register,
    RegistrationCommand,
)
from services.events.booking.registrations.rules import RegistrationContext
from services.events.booking.registrations.state import (
    Override,
    Registration,
    RegistrationDecision,
    Status,
)
from services.events.booking.waiting_list.rules import seated
from services.events.programme.ticket_kinds.rules import TicketKind, TicketKindFacts
from shared.testing.scenarios import NOON

SESSION, LAN, BUS, PRESS_CODE = (UUID(int=n) for n in range(1, 5))
HOUR = timedelta(hours=1)
MINE = UUID(int=100)


def sign(registration: UUID, session: UUID) -> str:
    return f"{registration.int}@{session.int}"


def decide(
    context: RegistrationContext, command: RegistrationCommand, now: datetime
) -> RegistrationDecision:
    return command.decide_one(context, now)


def context(
    *quotas: Quota,
    mine: Registration | None = None,
    code: AccessCode | None = None,
    **kind: object,
) -> RegistrationContext:
    """A session whose general kind has these quotas."""
    by_id = {quota.id: quota for quota in quotas or (Quota(SESSION, 10),)}
    drawn = tuple(by_id)
    by_id |= {PRESS_CODE: Quota(PRESS_CODE, 2)}
    general = TicketKindTerms(drawn, **kind)  # type: ignore[arg-type]
    kinds = {TicketKind.GENERAL: general, TicketKind.PRESS: TicketKindTerms(drawn, code_only=True)}
    terms = BookableTerms(
        SESSION, "session", NOON - HOUR, NOON + HOUR, kinds, last_number=7, last_asked_at=NOON
    )
    return RegistrationContext(terms, by_id, mine, sign, code=code)


def register(**wish: object) -> Register:
    return Register(MINE, SESSION, LAN, **wish)  # type: ignore[arg-type]


def registered(status: Status = Status.CONFIRMED, **more: object) -> Registration:
    return replace(
        Registration(MINE, SESSION, "session", LAN, status, NOON, quotas=(SESSION,), version=1),
        **more,  # type: ignore[arg-type]
    )


CONFIRM, CANCEL = Confirm(SESSION, LAN), Cancel(SESSION, LAN)
GENERAL, WHY = TicketKind.GENERAL, Override(UUID(int=9), "Khách của đoàn Hội An")
ONE_LEFT, FULL = Quota(SESSION, 5, taken=4), Quota(SESSION, 5, taken=5)


@pytest.mark.parametrize(
    ("at", "wish", "status"),
    [
        (context(ONE_LEFT), {}, Status.CONFIRMED),
        (context(ONE_LEFT), {"size": 2}, Status.WAITING),
        (context(FULL), {}, Status.WAITING),
        (context(Quota(SESSION, 0)), {}, Status.WAITING),
        (context(Quota(SESSION, 3, taken=5)), {}, Status.WAITING),
        (context(ONE_LEFT), {"hold": True}, Status.HELD),
        (context(FULL), {"hold": True}, Status.WAITING),
        (context(ONE_LEFT, approval=True), {}, Status.ASKED),
        (context(FULL, approval=True), {}, Status.WAITING),
        (context(ONE_LEFT, Quota(BUS, 40, taken=40)), {}, Status.WAITING),
        (context(FULL, Quota(BUS, 40)), {}, Status.WAITING),
        (context(ONE_LEFT, Quota(BUS, 40)), {}, Status.CONFIRMED),
        (
            context(ONE_LEFT, code=AccessCode(TicketKind.GENERAL, PRESS_CODE)),
            {"code": "BAOCHI"},
            Status.CONFIRMED,
        ),
        (
            context(Quota(SESSION, 9), code=AccessCode(TicketKind.PRESS, PRESS_CODE)),
            {"code": "BAOCHI", "kind": TicketKind.PRESS, "size": 2},
            Status.CONFIRMED,
        ),
        (context(Quota(SESSION, 5, taken=4, waiting=3)), {}, Status.CONFIRMED),
    ],
)
def test_what_becomes_of_a_wish(
    at: RegistrationContext, wish: dict[str, object], status: Status
) -> None:
    """The tightest pool rules. Whoever fits passes those for whom there is no room."""
    after = decide(at, register(**wish), NOON).state
    assert after.status is status
    assert after.number == (8 if status is Status.WAITING else None)
    assert after.expires_at == (NOON + HELD_FOR if status is Status.HELD else None)
    assert after.seats == (0 if status is Status.WAITING else after.size)


@pytest.mark.parametrize(
    ("at", "wish", "refusal"),
    [
        (context(mine=registered()), {}, errors.AlreadyRegistered),
        (context(mine=registered(Status.WAITING)), {}, errors.AlreadyRegistered),
        (context(), {"kind": TicketKind.CHILD}, errors.KindUnknown),
        (context(), {"kind": TicketKind.PRESS}, errors.CodeWrong),
        (context(), {"code": "SAI"}, errors.CodeWrong),
        (context(code_only=True), {}, errors.CodeWrong),
        (
            context(code=AccessCode(TicketKind.PRESS, PRESS_CODE)),
            {"code": "BAOCHI"},
            errors.CodeWrong,
        ),
        (context(Quota(SESSION, 4)), {"size": 5}, errors.GroupTooLarge),
        (
            context(code=AccessCode(TicketKind.PRESS, PRESS_CODE)),
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
        assert decide(context(), register(), NOON + moment).state.status is Status.CONFIRMED
    else:
        with pytest.raises(refusal):
            decide(context(), register(), NOON + moment)


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
    asked: RegistrationCommand = command(SESSION, LAN)
    at = context(FULL, mine=mine)
    if isinstance(becomes, Status):
        after = decide(at, asked, moment).state  # type: ignore[arg-type]
        assert after.status is becomes
        assert after.expires_at is None
    else:
        with pytest.raises(becomes):
            decide(at, asked, moment)  # type: ignore[arg-type]


def test_staff_seat_somebody_beyond_what_there_is_and_say_why() -> None:
    override = Override(UUID(int=9), "Khách của đoàn Hội An, giấy mời gửi nhầm ngày")
    waiting = registered(Status.WAITING, number=3)
    after = decide(context(FULL, mine=waiting), Seat(SESSION, LAN, override), NOON).state
    assert (after.status, after.override) == (Status.CONFIRMED, override)
    with pytest.raises(errors.NothingToConfirm):
        decide(context(FULL, mine=registered()), Seat(SESSION, LAN, override), NOON)


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
    at = context()
    at = at._replace(terms=replace(at.terms, kinds={} if kind is None else {GENERAL: kind}))
    after = seated(at, registered(Status.WAITING, number=1), NOON).state
    assert (after.status, after.expires_at) == (status, expires_at)


def test_the_line_is_in_order_even_when_the_clock_goes_back() -> None:
    early = NOON - timedelta(minutes=30)
    after = decide(context(FULL), register(), early).state
    assert after.asked_at == NOON, "nobody stands before the last one in line"
    assert after.turn > registered(Status.WAITING, number=7).turn
    assert replace(after, priority=1).turn < registered(Status.WAITING, number=7).turn


def test_which_quotas_a_kind_has() -> None:
    facts = TicketKindFacts(kind=TicketKind.CHILD, capacity=5, shared=(BUS,), offer_minutes=30)
    found = terms(SESSION, facts)
    assert found.quotas[0] == SESSION
    assert found.quotas[2] == BUS
    assert len(set(found.quotas)) == 3
    assert found.offer_for == timedelta(minutes=30)
    assert terms(SESSION, TicketKindFacts()).quotas == (SESSION,)
