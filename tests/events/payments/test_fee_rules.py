"""What costs something: kept until it is paid, as pure rules."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from services.events.booking.billing.reference import reference_of
from services.events.booking.billing.vietqr import payload
from services.events.booking.quotas.rules import BookableTerms, Quota, TicketKindTerms
from services.events.booking.registrations import errors
from services.events.booking.registrations.commands import (
    Approve,
    Cancel,
    Confirm,
    Expire,
    Register,
    Seat,
)
from services.events.booking.registrations.events import told
from services.events.booking.registrations.rules import RegistrationContext, decide, seated
from services.events.booking.registrations.state import Ending, Override, Registration, Status
from services.events.payments.fees.rules import credited
from services.events.programme.ticket_kinds.rules import TicketKind
from services.events.settings import BankAccount
from shared.contracts.events import CalledOff, RegistrationCancelled, RegistrationInvoiced
from shared.testing.scenarios import NOON
from shared.text import Localized

SESSION, LAN, MINE, OTHER = (UUID(int=n) for n in range(1, 5))
HOUR = timedelta(hours=1)
END = NOON + 4 * HOUR
FEE = 20_000  # đồng, as a ticket for the heritage train cost
REFERENCE = reference_of(MINE)
TRAIN = TicketKindTerms((SESSION,), fee=FEE, pay_for=2 * HOUR)
ROOM, FULL = Quota(SESSION, 5, taken=4), Quota(SESSION, 5, taken=5)
ACCOUNT = BankAccount(
    "999999", "Ngân hàng Thử nghiệm", "0123456789", "SO VAN HOA VA THE THAO HA NOI"
)


def desk(
    pool: Quota = ROOM, mine: Registration | None = None, kind: TicketKindTerms | None = TRAIN
) -> RegistrationContext:
    kinds = {} if kind is None else {TicketKind.GENERAL: kind}
    places = BookableTerms(SESSION, NOON - HOUR, NOON + 9 * HOUR, kinds, 7, NOON)
    return RegistrationContext(places, {SESSION: pool}, mine)


def ticket(status: Status, **more: object) -> Registration:
    one = Registration(MINE, SESSION, LAN, status, NOON, pools=(SESSION,), amount=FEE, version=1)
    if status in (Status.UNPAID, Status.CONFIRMED, Status.CANCELLED):
        one = replace(one, reference=REFERENCE)
    return replace(one, **more)  # type: ignore[arg-type]


UNPAID = ticket(Status.UNPAID, expires_at=NOON + 2 * HOUR)
EXPIRED = ticket(Status.CANCELLED, ended_by=Ending.EXPIRY, ended_at=NOON)


@pytest.mark.parametrize(
    ("before", "command"),
    [
        (None, Register(MINE, SESSION, LAN, size=1)),
        (ticket(Status.HELD, expires_at=NOON + HOUR), Confirm(SESSION, LAN)),
        (ticket(Status.OFFERED, expires_at=NOON + HOUR), Confirm(SESSION, LAN)),
        (ticket(Status.ASKED), Approve(SESSION, LAN)),
        (ticket(Status.WAITING), Seat(SESSION, LAN, Override(OTHER, "Khách mời đi cùng đoàn"))),
    ],
    ids=["asks", "confirms what is held", "accepts", "is approved", "is seated"],
)
def test_where_others_are_confirmed_who_owes_something_is_to_pay_first(
    before: Registration | None, command: object
) -> None:
    after = decide(desk(mine=before), command, NOON)  # type: ignore[arg-type]
    assert after.status is Status.UNPAID
    assert (after.amount, after.owing, after.reference) == (FEE, FEE, REFERENCE)
    assert after.expires_at == NOON + 2 * HOUR
    assert after.places == 1
    assert after.confirmed_at is None


def test_whose_turn_has_come_is_to_pay_unless_they_have_paid_already() -> None:
    waiting = ticket(Status.WAITING, number=3)
    assert seated(waiting, TRAIN, NOON).status is Status.UNPAID
    offering = replace(TRAIN, offer_for=HOUR, approval=True)
    assert seated(waiting, offering, NOON).status is Status.OFFERED
    paid = replace(waiting, reference=REFERENCE, paid=FEE)
    assert seated(paid, offering, NOON).status is Status.CONFIRMED


def test_a_group_pays_for_each_and_what_it_was_told_stays() -> None:
    after = decide(desk(Quota(SESSION, 9)), Register(MINE, SESSION, LAN, size=3), NOON)
    assert after.amount == 3 * FEE
    dearer = replace(TRAIN, fee=50_000)
    waiting = replace(after, status=Status.WAITING)
    assert seated(waiting, dearer, NOON).amount == 3 * FEE


@pytest.mark.parametrize(
    ("starts_in", "kept_for"), [(HOUR, HOUR), (5 * HOUR, 2 * HOUR), (-HOUR, 2 * HOUR)]
)
def test_a_place_is_not_kept_beyond_the_start(starts_in: timedelta, kept_for: timedelta) -> None:
    kind = replace(TRAIN, pay_by=NOON + starts_in)
    after = decide(desk(kind=kind), Register(MINE, SESSION, LAN), NOON)
    assert after.expires_at == NOON + kept_for


def test_an_unpaid_place_expires_as_a_hold_does() -> None:
    at = desk(mine=UNPAID)
    with pytest.raises(errors.NotExpired):
        decide(at, Expire(SESSION, LAN), NOON)
    after = decide(at, Expire(SESSION, LAN), NOON + 2 * HOUR)
    assert (after.status, after.ended_by) == (Status.CANCELLED, Ending.EXPIRY)
    with pytest.raises(errors.NothingToConfirm):
        decide(at, Confirm(SESSION, LAN), NOON)


HOLDER = replace(EXPIRED, ended_by=Ending.HOLDER)
ANOTHER = replace(UNPAID, id=OTHER)


@pytest.mark.parametrize(
    ("one", "amount", "at", "over", "status", "due_back"),
    [
        (UNPAID, FEE, desk(), False, Status.CONFIRMED, 0),
        (UNPAID, FEE - 1, desk(), False, Status.UNPAID, 0),
        (replace(UNPAID, paid=FEE - 1), 1, desk(), False, Status.CONFIRMED, 0),
        (UNPAID, FEE + 5_000, desk(), False, Status.CONFIRMED, 5_000),
        (ticket(Status.CONFIRMED, paid=FEE), FEE, desk(), False, Status.CONFIRMED, FEE),
        (EXPIRED, FEE, desk(ROOM), False, Status.CONFIRMED, 0),
        (EXPIRED, FEE, desk(FULL), False, Status.WAITING, 0),
        (EXPIRED, FEE - 1, desk(ROOM), False, Status.CANCELLED, FEE - 1),
        (EXPIRED, FEE, desk(ROOM), True, Status.CANCELLED, FEE),
        (EXPIRED, FEE, desk(FULL, kind=None), False, Status.CANCELLED, FEE),
        (EXPIRED, FEE, desk(ROOM, mine=ANOTHER), False, Status.CONFIRMED, 0),
        (EXPIRED, FEE, desk(ROOM, mine=replace(ANOTHER, paid=FEE)), False, Status.CANCELLED, FEE),
        (HOLDER, FEE, desk(ROOM), False, Status.CANCELLED, FEE),
        (replace(HOLDER, ended_by=Ending.STAFF), FEE, desk(), False, Status.CANCELLED, FEE),
        (replace(EXPIRED, paid=5_000), FEE, desk(ROOM), False, Status.CONFIRMED, 5_000),
    ],
)
def test_what_a_payment_does(
    one: Registration,
    amount: int,
    at: RegistrationContext,
    over: bool,
    status: Status,
    due_back: int,
) -> None:
    after = credited(at, one, amount, NOON + 3 * HOUR, ends_at=END - HOUR if over else END)
    assert (after.status, after.due_back) == (status, due_back)
    assert after.paid == one.paid + amount
    if status in (Status.CONFIRMED, Status.WAITING):
        assert after.expires_at == (END if status is Status.WAITING else None)
        assert after.ended_by is None
    assert after.number == (8 if status is Status.WAITING else None)


def test_who_has_paid_and_waits_until_it_is_over_gets_the_money_back() -> None:
    waits = credited(desk(FULL), EXPIRED, FEE, NOON, ends_at=END)
    assert (waits.status, waits.due_back) == (Status.WAITING, 0)
    over = decide(desk(FULL, mine=waits), Expire(SESSION, LAN), END)
    assert (over.status, over.due_back) == (Status.CANCELLED, FEE)


def test_what_is_paid_for_a_session_that_is_not_held_is_only_kept() -> None:
    why = CalledOff(reason=Localized(vi="Bão số 12"), revision=2)
    at = desk(ROOM, mine=UNPAID)
    off = at._replace(places=replace(at.places, cancelled=why))
    after = credited(off, UNPAID, FEE, NOON)
    assert (after.status, after.paid) == (Status.UNPAID, FEE)
    assert decide(off, Cancel(SESSION, LAN, Ending.SESSION), NOON).due_back == 0
    ended = decide(off._replace(mine=after), Cancel(SESSION, LAN, Ending.SESSION), NOON)
    assert ended.due_back == FEE
    late = credited(off._replace(mine=None), EXPIRED, FEE, NOON)
    assert (late.status, late.due_back) == (Status.CANCELLED, FEE)


def test_who_pays_for_what_is_offered_accepts_it() -> None:
    offered = ticket(Status.OFFERED, number=3, expires_at=NOON + HOUR)
    assert credited(desk(), offered, FEE, NOON).status is Status.CONFIRMED
    approved = desk(kind=replace(TRAIN, approval=True))
    assert credited(approved, offered, FEE, NOON).status is Status.ASKED


def test_who_gives_up_a_paid_place_gets_the_money_back() -> None:
    assert replace(ticket(Status.CONFIRMED, paid=FEE), status=Status.CANCELLED).due_back == FEE


def sign(registration: UUID, session: UUID) -> str:
    return "vé"


NAMES = {"registration_id": MINE, "session_id": SESSION, "person_id": LAN}


def invoiced(amount: int) -> RegistrationInvoiced:
    return RegistrationInvoiced(
        **NAMES,
        amount=amount,
        reference=REFERENCE,
        expires_at=NOON + 2 * HOUR,
        **ACCOUNT._asdict(),
        vietqr=payload(ACCOUNT, amount, REFERENCE),
    )


@pytest.mark.parametrize(
    ("before", "after", "event"),
    [
        (None, UNPAID, invoiced(FEE)),
        (UNPAID, replace(UNPAID, paid=5_000), invoiced(FEE - 5_000)),
        (UNPAID, replace(UNPAID, version=2), None),
        (UNPAID, replace(UNPAID, paid=FEE), None),
        (
            UNPAID,
            EXPIRED,
            RegistrationCancelled(**NAMES, held_place=False, ended_by="expiry", unpaid=True),
        ),
        (EXPIRED, replace(EXPIRED, paid=5_000), None),
    ],
)
def test_what_others_are_told(
    before: Registration | None, after: Registration, event: object
) -> None:
    assert told(before, after, desk().places, sign, ACCOUNT) == event
