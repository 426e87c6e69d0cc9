"""What costs something: kept until it is paid, as pure rules."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from services.events.booking.billing.reference import reference_of
from services.events.booking.billing.vietqr import payload
from services.events.booking.box_office.rules import Approve, Seat
from services.events.booking.quotas.rules import BookableTerms, Quota, TicketKindTerms
from services.events.booking.registrations import errors
from services.events.booking.registrations.commands import Cancel, Confirm, Expire, Register
from services.events.booking.registrations.rules import RegistrationContext
from services.events.booking.registrations.state import Ending, Override, Registration, Status
from services.events.booking.waiting_list.rules import seated
from services.events.payments.fees.rules import credited
from services.events.programme.ticket_kinds.rules import TicketKind
from services.events.settings import BankAccount
from shared.contracts.events import (
    CalledOff,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationInvoiced,
)
from shared.testing.scenarios import NOON
from shared.text import Localized
from tests.events.booking.test_registration_rules import decide, sign

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


def context(
    quota: Quota = ROOM, mine: Registration | None = None, kind: TicketKindTerms | None = TRAIN
) -> RegistrationContext:
    kinds = {} if kind is None else {TicketKind.GENERAL: kind}
    terms = BookableTerms(SESSION, "session", NOON - HOUR, NOON + 9 * HOUR, kinds, 7, NOON)
    return RegistrationContext(terms, {SESSION: quota}, mine, sign, ACCOUNT)


def ticket(status: Status, **more: object) -> Registration:
    one = Registration(
        MINE, SESSION, "session", LAN, status, NOON, quotas=(SESSION,), amount=FEE, version=1
    )
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
    after = decide(context(mine=before), command, NOON).state  # type: ignore[arg-type]
    assert after.status is Status.UNPAID
    assert (after.amount, after.owing, after.reference) == (FEE, FEE, REFERENCE)
    assert after.expires_at == NOON + 2 * HOUR
    assert after.seats == 1
    assert after.confirmed_at is None


def test_whose_turn_has_come_is_to_pay_unless_they_have_paid_already() -> None:
    waiting = ticket(Status.WAITING, number=3)
    assert seated(context(), waiting, NOON).state.status is Status.UNPAID
    offering = context(kind=replace(TRAIN, offer_for=HOUR, approval=True))
    assert seated(offering, waiting, NOON).state.status is Status.OFFERED
    paid = replace(waiting, reference=REFERENCE, paid=FEE)
    assert seated(offering, paid, NOON).state.status is Status.CONFIRMED


def test_a_group_pays_for_each_and_what_it_was_told_stays() -> None:
    after = decide(context(Quota(SESSION, 9)), Register(MINE, SESSION, LAN, size=3), NOON).state
    assert after.amount == 3 * FEE
    dearer = context(kind=replace(TRAIN, fee=50_000))
    waiting = replace(after, status=Status.WAITING)
    assert seated(dearer, waiting, NOON).state.amount == 3 * FEE


@pytest.mark.parametrize(
    ("starts_in", "kept_for"), [(HOUR, HOUR), (5 * HOUR, 2 * HOUR), (-HOUR, 2 * HOUR)]
)
def test_a_place_is_not_kept_beyond_the_start(starts_in: timedelta, kept_for: timedelta) -> None:
    kind = replace(TRAIN, pay_by=NOON + starts_in)
    after = decide(context(kind=kind), Register(MINE, SESSION, LAN), NOON).state
    assert after.expires_at == NOON + kept_for


def test_an_unpaid_place_expires_as_a_hold_does() -> None:
    at = context(mine=UNPAID)
    with pytest.raises(errors.NotExpired):
        decide(at, Expire(SESSION, LAN), NOON)
    after = decide(at, Expire(SESSION, LAN), NOON + 2 * HOUR).state
    assert (after.status, after.ended_by) == (Status.CANCELLED, Ending.EXPIRY)
    with pytest.raises(errors.NothingToConfirm):
        decide(at, Confirm(SESSION, LAN), NOON)


HOLDER = replace(EXPIRED, ended_by=Ending.HOLDER)
ANOTHER = replace(UNPAID, id=OTHER)


@pytest.mark.parametrize(
    ("one", "amount", "at", "over", "status", "due_back"),
    [
        (UNPAID, FEE, context(), False, Status.CONFIRMED, 0),
        (UNPAID, FEE - 1, context(), False, Status.UNPAID, 0),
        (replace(UNPAID, paid=FEE - 1), 1, context(), False, Status.CONFIRMED, 0),
        (UNPAID, FEE + 5_000, context(), False, Status.CONFIRMED, 5_000),
        (ticket(Status.CONFIRMED, paid=FEE), FEE, context(), False, Status.CONFIRMED, FEE),
        (EXPIRED, FEE, context(ROOM), False, Status.CONFIRMED, 0),
        (EXPIRED, FEE, context(FULL), False, Status.WAITING, 0),
        (EXPIRED, FEE - 1, context(ROOM), False, Status.CANCELLED, FEE - 1),
        (EXPIRED, FEE, context(ROOM), True, Status.CANCELLED, FEE),
        (EXPIRED, FEE, context(FULL, kind=None), False, Status.CANCELLED, FEE),
        (EXPIRED, FEE, context(ROOM, mine=ANOTHER), False, Status.CONFIRMED, 0),
        (
            EXPIRED,
            FEE,
            context(ROOM, mine=replace(ANOTHER, paid=FEE)),
            False,
            Status.CANCELLED,
            FEE,
        ),
        (HOLDER, FEE, context(ROOM), False, Status.CANCELLED, FEE),
        (replace(HOLDER, ended_by=Ending.STAFF), FEE, context(), False, Status.CANCELLED, FEE),
        (replace(EXPIRED, paid=5_000), FEE, context(ROOM), False, Status.CONFIRMED, 5_000),
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
    ends_at = END - HOUR if over else END
    after = credited(at, one, amount, NOON + 3 * HOUR, ends_at=ends_at).state
    assert (after.status, after.due_back) == (status, due_back)
    assert after.paid == one.paid + amount
    if status in (Status.CONFIRMED, Status.WAITING):
        assert after.expires_at == (END if status is Status.WAITING else None)
        assert after.ended_by is None
    assert after.number == (8 if status is Status.WAITING else None)


def test_who_has_paid_and_waits_until_it_is_over_gets_the_money_back() -> None:
    waits = credited(context(FULL), EXPIRED, FEE, NOON, ends_at=END).state
    assert (waits.status, waits.due_back) == (Status.WAITING, 0)
    over = decide(context(FULL, mine=waits), Expire(SESSION, LAN), END).state
    assert (over.status, over.due_back) == (Status.CANCELLED, FEE)


def test_what_is_paid_for_a_session_that_is_not_held_is_only_kept() -> None:
    why = CalledOff(reason=Localized(vi="Bão số 12"), revision=2)
    at = context(ROOM, mine=UNPAID)
    off = at._replace(terms=replace(at.terms, cancelled=why))
    after = credited(off, UNPAID, FEE, NOON).state
    assert (after.status, after.paid) == (Status.UNPAID, FEE)
    assert decide(off, Cancel(SESSION, LAN, Ending.SESSION), NOON).state.due_back == 0
    ended = decide(off._replace(mine=after), Cancel(SESSION, LAN, Ending.SESSION), NOON).state
    assert ended.due_back == FEE
    late = credited(off._replace(mine=None), EXPIRED, FEE, NOON).state
    assert (late.status, late.due_back) == (Status.CANCELLED, FEE)


def test_who_pays_for_what_is_offered_accepts_it() -> None:
    offered = ticket(Status.OFFERED, number=3, expires_at=NOON + HOUR)
    assert credited(context(), offered, FEE, NOON).state.status is Status.CONFIRMED
    approved = context(kind=replace(TRAIN, approval=True))
    assert credited(approved, offered, FEE, NOON).state.status is Status.ASKED


def test_who_gives_up_a_paid_place_gets_the_money_back() -> None:
    assert replace(ticket(Status.CONFIRMED, paid=FEE), status=Status.CANCELLED).due_back == FEE


NAMES = {
    "registration_id": MINE,
    "bookable_id": SESSION,
    "bookable_kind": "session",
    "person_id": LAN,
}


def invoiced(amount: int) -> RegistrationInvoiced:
    return RegistrationInvoiced(
        **NAMES,
        amount=amount,
        reference=REFERENCE,
        expires_at=NOON + 2 * HOUR,
        **ACCOUNT._asdict(),
        vietqr=payload(ACCOUNT, amount, REFERENCE),
    )


def test_who_has_to_pay_is_told_what_where_and_until_when() -> None:
    assert decide(context(), Register(MINE, SESSION, LAN), NOON).events == (invoiced(FEE),)
    again = credited(context(), UNPAID, 5_000, NOON)
    assert again.events == (invoiced(FEE - 5_000),), "a part of it was paid"


def test_who_has_paid_is_told_of_the_ticket_and_nothing_of_money_that_changes_nothing() -> None:
    [event] = credited(context(), UNPAID, FEE, NOON).events
    assert event == RegistrationConfirmed(**NAMES, ticket=sign(MINE, SESSION))
    assert credited(context(), EXPIRED, 5_000, NOON).events == ()
    assert credited(context(), ticket(Status.CONFIRMED, paid=FEE), FEE, NOON).events == ()


def test_who_did_not_pay_in_time_is_told_so() -> None:
    [event] = decide(context(mine=UNPAID), Expire(SESSION, LAN), NOON + 2 * HOUR).events
    assert event == RegistrationCancelled(**NAMES, held_place=False, ended_by="expiry", unpaid=True)
