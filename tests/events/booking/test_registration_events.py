"""The events of each decision on a registration, as pure rules."""

from dataclasses import replace

import pytest

from services.events.booking.box_office.rules import Block, Prioritise, Seat
from services.events.booking.registrations.commands import (
    HELD_FOR,
    Admit,
    Cancel,
    RegistrationCommand,
)
from services.events.booking.registrations.rules import RegistrationContext, ended
from services.events.booking.registrations.state import Ending, Status
from services.events.booking.waiting_list.rules import seated
from services.events.programme.sessions.rules import SessionIsCancelled
from shared.contracts.events import (
    CalledOff,
    RegistrationAdmitted,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationOffered,
    RegistrationWaitlisted,
)
from shared.testing.scenarios import NOON
from shared.text import Localized
from tests.events.booking.test_registration_rules import (
    CANCEL,
    CONFIRM,
    FULL,
    HOUR,
    LAN,
    LATER,
    MINE,
    SESSION,
    WHY,
    context,
    decide,
    register,
    registered,
    sign,
)

NAMES = {
    "registration_id": MINE,
    "bookable_id": SESSION,
    "bookable_kind": "session",
    "person_id": LAN,
}
TICKET = sign(MINE, SESSION)
HELD = registered(Status.HELD, expires_at=LATER)
WAITING = registered(Status.WAITING, number=3)
OFFERED = registered(Status.OFFERED, number=3, expires_at=LATER)
CONFIRMED = registered(size=3)
BAO = CalledOff(reason=Localized(vi="Bão số 12"), revision=2)


@pytest.mark.parametrize(
    ("at", "command", "event"),
    [
        (context(), register(size=3), RegistrationConfirmed(**NAMES, ticket=TICKET, size=3)),
        (context(mine=HELD), CONFIRM, RegistrationConfirmed(**NAMES, ticket=TICKET)),
        (
            context(mine=OFFERED),
            CONFIRM,
            RegistrationConfirmed(**NAMES, ticket=TICKET, promoted=True),
        ),
        (
            context(mine=WAITING),
            Seat(SESSION, LAN, WHY),
            RegistrationConfirmed(**NAMES, ticket=TICKET, promoted=True),
        ),
        (context(FULL), register(), RegistrationWaitlisted(**NAMES, number=8)),
        (
            context(mine=CONFIRMED),
            CANCEL,
            RegistrationCancelled(**NAMES, held_place=True, size=3),
        ),
        (
            context(mine=CONFIRMED),
            Cancel(SESSION, LAN, Ending.STAFF),
            RegistrationCancelled(**NAMES, held_place=True, size=3, ended_by="staff"),
        ),
        (context(mine=WAITING), CANCEL, RegistrationCancelled(**NAMES, held_place=False)),
        (context(mine=OFFERED), CANCEL, RegistrationCancelled(**NAMES, held_place=False)),
        (context(mine=HELD), CANCEL, None),
        (context(), register(hold=True), None),
        (context(approval=True), register(), None),
        (context(mine=CONFIRMED), Block(SESSION, LAN, on=True), None),
        (context(mine=WAITING), Prioritise(SESSION, LAN, 5, WHY), None),
    ],
)
def test_the_event_of_a_decision(
    at: RegistrationContext, command: RegistrationCommand, event: object
) -> None:
    assert decide(at, command, NOON).events == (() if event is None else (event,))


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        ({}, RegistrationConfirmed(**NAMES, ticket=TICKET, promoted=True)),
        ({"offer_for": HELD_FOR}, RegistrationOffered(**NAMES, expires_at=LATER)),
        ({"approval": True}, None),
    ],
)
def test_the_event_of_a_turn_on_the_waiting_list(kind: dict[str, object], event: object) -> None:
    decision = seated(context(**kind), WAITING, NOON)  # type: ignore[arg-type]
    assert decision.before == WAITING
    assert decision.events == (() if event is None else (event,))


def test_who_gets_other_seats_hears_of_those_only_unless_money_is_due_back() -> None:
    for by in (Ending.MOVE, Ending.TRANSFER, Ending.WISH):
        assert ended(context(), WAITING, by, NOON).events == ()
        [event] = ended(context(), replace(WAITING, paid=20_000), by, NOON).events
        assert isinstance(event, RegistrationCancelled)
        assert event.due_back == 20_000
    [moved] = ended(context(), CONFIRMED, Ending.MOVE, NOON).events
    assert moved == RegistrationCancelled(**NAMES, held_place=True, size=3, passed_on="move")


def test_a_cancelled_session_says_why_and_ends_what_is_there() -> None:
    at = context(mine=CONFIRMED)
    off = at._replace(terms=replace(at.terms, cancelled=BAO))
    [event] = decide(off, Cancel(SESSION, LAN, Ending.SESSION), NOON).events
    assert event == RegistrationCancelled(
        **NAMES, held_place=True, size=3, ended_by="staff", called_off=BAO
    )
    for command in (Block(SESSION, LAN, on=True), CONFIRM):
        with pytest.raises(SessionIsCancelled):
            decide(off, command, NOON)


def test_others_are_told_once_that_the_holder_was_let_in() -> None:
    let_in = Admit(NOON).decide(CONFIRMED)
    assert let_in.events == (RegistrationAdmitted(**NAMES, admitted_at=NOON),)
    after = let_in.stored()
    assert (after.admitted_at, after.version) == (NOON, CONFIRMED.version + 1)
    assert Admit(NOON).decide(after) == (after, after, ())
    earlier = Admit(NOON - HOUR).decide(after)
    assert earlier.events == (), "a gate that was offline sends an earlier scan"
    assert (earlier.stored().admitted_at, earlier.stored().version) == (NOON - HOUR, 3)
