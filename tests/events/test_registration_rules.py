"""Taking places, as pure rules: against examples, and against a simple model."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given as given_any
from hypothesis import settings as effort
from hypothesis import strategies as st

from services.events.places.rules import Places
from services.events.registrations.desk import Working
from services.events.registrations.rules import (
    AlreadyAdmitted,
    AlreadyRegistered,
    Cancel,
    Closed,
    Command,
    Desk,
    NotOpen,
    Outcome,
    Register,
    Registration,
    RegistrationUnknown,
    Status,
    decide,
)
from shared.cause import Cause
from shared.contracts.events import (
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationWaitlisted,
)
from shared.errors import DomainError
from shared.testing.scenarios import NOON

SESSION, LAN, ĐỨC, NGỌC = (UUID(int=n) for n in range(1, 5))


def sign(registration: UUID, session: UUID) -> str:
    return f"ticket {registration.int} {session.int}"


def places(capacity: int, taken: int = 0, waiting: int = 0, last: int = 0) -> Places:
    hour = timedelta(hours=1)
    return Places(SESSION, capacity, taken, waiting, last, NOON - hour, NOON + hour)


def held(
    person: UUID, status: Status = Status.CONFIRMED, number: int | None = None
) -> Registration:
    return Registration(
        UUID(int=person.int + 100), SESSION, person, status, NOON, number, version=1
    )


def register(desk: Desk, person: UUID = LAN, at: timedelta = timedelta()) -> Outcome:
    return decide(desk, Register(UUID(int=person.int + 100), SESSION, person), NOON + at, sign)


def test_with_a_place_free_it_is_confirmed_with_a_ticket() -> None:
    outcome = register(Desk(places(2, 1), None, None))
    assert outcome.places == places(2, 2)
    [(mine, event)] = outcome.changes
    assert (mine.status, mine.number, mine.version) == (Status.CONFIRMED, None, 1)
    assert event == RegistrationConfirmed(
        registration_id=mine.id, session_id=SESSION, person_id=LAN, ticket=sign(mine.id, SESSION)
    )


def test_when_all_are_taken_it_gets_the_next_number() -> None:
    outcome = register(Desk(places(2, 2, waiting=3, last=7), None, None))
    assert outcome.places == places(2, 2, waiting=4, last=8)
    [(mine, event)] = outcome.changes
    assert event == RegistrationWaitlisted(
        registration_id=mine.id, session_id=SESSION, person_id=LAN, number=8
    )


def test_a_session_without_places_only_has_a_line() -> None:
    [(mine, _)] = register(Desk(places(0), None, None)).changes
    assert (mine.status, mine.number) == (Status.WAITING, 1)


@pytest.mark.parametrize(
    ("mine", "at", "error"),
    [
        (held(LAN), timedelta(), AlreadyRegistered),
        (held(LAN, Status.WAITING, 1), timedelta(), AlreadyRegistered),
        (None, -timedelta(hours=1, milliseconds=1), NotOpen),
        (None, timedelta(hours=1), Closed),
    ],
)
def test_what_keeps_somebody_from_registering(
    mine: Registration | None, at: timedelta, error: type[DomainError]
) -> None:
    with pytest.raises(error):
        register(Desk(places(5), mine, None), at=at)


def test_the_first_and_the_last_moment() -> None:
    register(Desk(places(5), None, None), at=-timedelta(hours=1))
    register(Desk(places(5), None, None), at=timedelta(hours=1) - timedelta(milliseconds=1))


def test_a_place_given_up_goes_to_the_first_in_line_in_the_same_decision() -> None:
    first = held(ĐỨC, Status.WAITING, 4)
    outcome = decide(
        Desk(places(2, 2, waiting=2, last=5), held(LAN), first), Cancel(SESSION, LAN), NOON, sign
    )
    assert outcome.places == places(2, 2, waiting=1, last=5)
    (mine, gone), (theirs, promoted) = outcome.changes
    assert isinstance(gone, RegistrationCancelled)
    assert gone.held_place
    assert mine.status is Status.CANCELLED
    assert isinstance(promoted, RegistrationConfirmed)
    assert promoted.promoted
    assert (theirs.person_id, theirs.status, theirs.version) == (ĐỨC, Status.CONFIRMED, 2)


def test_a_place_given_up_with_nobody_in_line_is_free() -> None:
    outcome = decide(Desk(places(2, 2), held(LAN), None), Cancel(SESSION, LAN), NOON, sign)
    assert outcome.places == places(2, 1)
    assert len(outcome.changes) == 1


def test_leaving_the_line_frees_no_place() -> None:
    waiting = held(LAN, Status.WAITING, 3)
    first = held(ĐỨC, Status.WAITING, 1)
    outcome = decide(
        Desk(places(2, 2, waiting=2, last=3), waiting, first), Cancel(SESSION, LAN), NOON, sign
    )
    assert outcome.places == places(2, 2, waiting=1, last=3)
    [(_, event)] = outcome.changes
    assert isinstance(event, RegistrationCancelled)
    assert not event.held_place


def test_who_has_nothing_or_is_inside_cannot_cancel() -> None:
    with pytest.raises(RegistrationUnknown):
        decide(Desk(places(2), None, None), Cancel(SESSION, LAN), NOON, sign)
    inside = replace(held(LAN), admitted_at=NOON)
    with pytest.raises(AlreadyAdmitted):
        decide(Desk(places(2, 1), inside, None), Cancel(SESSION, LAN), NOON, sign)


PEOPLE = [UUID(int=n) for n in range(1, 9)]
step = st.tuples(st.booleans(), st.sampled_from(PEOPLE))


@given_any(capacity=st.integers(0, 4), steps=st.lists(step, max_size=40))
@effort(max_examples=300, deadline=None)
def test_any_history_agrees_with_a_simple_model(
    capacity: int, steps: list[tuple[bool, UUID]]
) -> None:
    """The model: a list of those inside, a list of those in line. Also what `Working` must keep."""
    inside: list[UUID] = []
    line: list[UUID] = []
    working = Working({SESSION: places(capacity)}, {}, {SESSION: []})
    number = 0
    for registering, person in steps:
        number += 1
        command: Command = (
            Register(UUID(int=1000 + number), SESSION, person)
            if registering
            else Cancel(SESSION, person)
        )
        allowed = registering == (person not in inside + line)
        try:
            outcome = decide(working.desk(command), command, NOON, sign)
        except DomainError:
            assert not allowed
            continue
        assert allowed
        working.apply(outcome, Cause("test"))
        if registering:
            (inside if len(inside) < capacity else line).append(person)
        elif person in line:
            line.remove(person)
        else:
            inside.remove(person)
            if line:
                inside.append(line.pop(0))
        state = working.desk(Cancel(SESSION, person)).places
        assert (state.taken, state.waiting) == (len(inside), len(line))
        assert state.taken <= capacity
        assert not line or state.taken == capacity, "no free place while somebody waits"
        live = {p: working.desk(Cancel(SESSION, p)).mine for p in PEOPLE}
        assert {p for p, r in live.items() if r and r.status is Status.CONFIRMED} == set(inside)
        waiting = sorted(
            (r for r in live.values() if r and r.status is Status.WAITING),
            key=lambda r: r.number or 0,
        )
        assert [r.person_id for r in waiting] == line
