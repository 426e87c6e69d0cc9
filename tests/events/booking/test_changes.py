"""A smaller or larger group, another kind of ticket, another session; over HTTP and as rules."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from services.events.booking.changes.errors import Blocked, CostsMore, NoSeatsLeft, StaffOnly
from services.events.booking.changes.rules import ChangeRegistration, MoveRegistration
from services.events.booking.quotas.rules import AccessCode, BookableTerms, Quota, TicketKindTerms
from services.events.booking.registrations import errors
from services.events.booking.registrations.commands import Register
from services.events.booking.registrations.rules import RegistrationContext
from services.events.booking.registrations.state import (
    Ending,
    Registration,
    RegistrationDecision,
    Status,
)
from services.events.programme.ticket_kinds.rules import TicketKind
from shared.testing.scenarios import NOON
from tests.events.booking.test_registration_rules import HOUR, sign

SOON = HOUR / 12
HERE, THERE, BUS, RAMP, PRESS, LAN, MINE, NEW = (UUID(int=n) for n in range(1, 9))


def having(status: Status = Status.CONFIRMED, **more: Any) -> Registration:
    mine = Registration(
        MINE, HERE, "session", LAN, status, NOON, size=2, quotas=(HERE, BUS), version=1
    )
    return replace(mine, **more)


def at(mine: Registration | None = None, session: UUID = HERE, **free: int) -> RegistrationContext:
    """A session of 10 and a bus of 10 with so many free places; ramps and a code have their own."""
    left = {"here": 0, "there": 0, "bus": 0, "ramp": 0, "press": 0} | free
    keys = dict(zip(left, (HERE, THERE, BUS, RAMP, PRESS), strict=True))
    quotas = {key: Quota(key, 10, taken=10 - left[name]) for name, key in keys.items()}
    kinds = {
        TicketKind.GENERAL: TicketKindTerms((session, BUS)),
        TicketKind.WHEELCHAIR: TicketKindTerms((session, BUS, RAMP)),
        TicketKind.INVITED: TicketKindTerms((session,), approval=True),
        TicketKind.PRESS: TicketKindTerms((session,), code_only=True),
    }
    terms = BookableTerms(
        session, "session", NOON - HOUR, NOON + HOUR, kinds, last_number=7, last_asked_at=NOON
    )
    return RegistrationContext(terms, quotas, mine, sign)


def changed(
    context: RegistrationContext, command: ChangeRegistration, now: datetime
) -> Registration:
    return command.decide_one(context, now).state


def moved(
    here: RegistrationContext, there: RegistrationContext, command: MoveRegistration
) -> Sequence[RegistrationDecision]:
    return command.decide((here, there), NOON)


@pytest.mark.parametrize(
    ("mine", "free", "change", "becomes"),
    [
        (having(), {}, {"size": 1}, (1, TicketKind.GENERAL)),
        (having(), {}, {"size": 2}, (2, TicketKind.GENERAL)),
        (having(), {"here": 1, "bus": 1}, {"size": 3}, (3, TicketKind.GENERAL)),
        (having(), {"here": 1}, {"size": 3}, NoSeatsLeft),
        (having(), {"here": 1, "bus": 1}, {"size": 4}, NoSeatsLeft),
        (having(), {"here": 9, "bus": 9}, {"size": 11}, errors.GroupTooLarge),
        (having(Status.HELD), {"here": 1, "bus": 1}, {"size": 3}, (3, TicketKind.GENERAL)),
        (having(Status.WAITING), {}, {"size": 3}, (3, TicketKind.GENERAL)),
        (having(Status.WAITING), {}, {"size": 11}, errors.GroupTooLarge),
        (having(), {"ramp": 2}, {"kind": TicketKind.WHEELCHAIR}, (2, TicketKind.WHEELCHAIR)),
        (having(), {"ramp": 1}, {"kind": TicketKind.WHEELCHAIR}, NoSeatsLeft),
        (
            having(),
            {"ramp": 1},
            {"kind": TicketKind.WHEELCHAIR, "size": 1},
            (1, TicketKind.WHEELCHAIR),
        ),
        (having(Status.WAITING), {}, {"kind": TicketKind.WHEELCHAIR}, (2, TicketKind.WHEELCHAIR)),
        (having(), {}, {"kind": TicketKind.INVITED}, StaffOnly),
        (having(), {}, {"kind": TicketKind.INVITED, "by_staff": True}, (2, TicketKind.INVITED)),
        (having(), {}, {"kind": TicketKind.CHILD}, errors.KindUnknown),
        (having(), {}, {"kind": TicketKind.PRESS}, errors.CodeWrong),
        (having(admitted_at=NOON), {}, {"size": 1}, errors.AlreadyAdmitted),
        (having(blocked_at=NOON), {}, {"size": 1}, Blocked),
        (None, {}, {"size": 1}, errors.RegistrationUnknown),
    ],
)
def test_what_a_change_makes(
    mine: Registration | None, free: dict[str, int], change: dict[str, Any], becomes: Any
) -> None:
    context, command = at(mine, **free), ChangeRegistration(HERE, LAN, **change)
    if isinstance(becomes, type):
        with pytest.raises(becomes):
            changed(context, command, NOON)
        return
    after = changed(context, command, NOON)
    assert (after.size, after.kind) == becomes
    assert after.quotas == context.terms.kinds[after.kind].quotas
    assert mine is not None
    assert (after.status, after.turn) == (mine.status, mine.turn)


def test_after_closing_one_may_only_ask_for_less() -> None:
    late, context = NOON + HOUR, at(having(), here=5, bus=5, ramp=5)
    assert changed(context, ChangeRegistration(HERE, LAN, 1), late).size == 1
    for more in (
        ChangeRegistration(HERE, LAN, 3),
        ChangeRegistration(HERE, LAN, kind=TicketKind.WHEELCHAIR),
    ):
        with pytest.raises(errors.Closed):
            changed(context, more, late)
        assert changed(context, replace(more, by_staff=True), late)


def test_a_pool_with_more_taken_than_it_has_gives_nobody_more() -> None:
    cut = at(having())._replace(quotas={HERE: Quota(HERE, 4, taken=6), BUS: Quota(BUS, 9)})
    with pytest.raises(NoSeatsLeft):
        changed(cut, ChangeRegistration(HERE, LAN, 3), NOON)
    assert changed(cut, ChangeRegistration(HERE, LAN, 1), NOON).seats == 1


@pytest.mark.parametrize(
    ("mine", "free", "kind", "becomes"),
    [
        # The seats that they give up on the bus are those that they take on it.
        (having(), {"there": 2}, TicketKind.GENERAL, Status.CONFIRMED),
        (having(), {"there": 1, "bus": 9}, TicketKind.GENERAL, NoSeatsLeft),
        (having(Status.WAITING), {"there": 2}, TicketKind.GENERAL, NoSeatsLeft),
        (having(Status.WAITING), {"there": 2, "bus": 2}, TicketKind.GENERAL, Status.CONFIRMED),
        (having(Status.OFFERED), {"there": 2}, TicketKind.GENERAL, Status.CONFIRMED),
        (
            having(Status.HELD, expires_at=NOON + SOON),
            {"there": 2},
            TicketKind.GENERAL,
            Status.HELD,
        ),
        (having(), {"there": 2}, TicketKind.INVITED, Status.ASKED),
        (having(), {"there": 2}, TicketKind.CHILD, errors.KindUnknown),
        (having(), {"there": 2}, TicketKind.PRESS, errors.CodeWrong),
        (having(admitted_at=NOON), {"there": 2}, TicketKind.GENERAL, errors.AlreadyAdmitted),
        (having(blocked_at=NOON), {"there": 2}, TicketKind.GENERAL, Blocked),
        (None, {"there": 2}, TicketKind.GENERAL, errors.RegistrationUnknown),
    ],
)
def test_what_a_move_makes(
    mine: Registration | None, free: dict[str, int], kind: TicketKind, becomes: Any
) -> None:
    command = MoveRegistration(HERE, LAN, Register(NEW, THERE, LAN, kind))
    here, there = at(mine, **free), at(None, THERE, **free)
    if not isinstance(becomes, Status):
        with pytest.raises(becomes):
            moved(here, there, command)
        return
    (before, gone, _), (nothing, got, _) = moved(here, there, command)
    assert (before, nothing) == (mine, None)
    assert (gone.seats, gone.ended_by) == (0, Ending.MOVE)
    assert (got.id, got.bookable_id, got.status, got.size) == (NEW, THERE, becomes, 2)
    if becomes is Status.HELD:
        assert got.expires_at == NOON + SOON, "not for longer than before"


def test_a_code_opens_its_kind_elsewhere_too() -> None:
    press = Register(NEW, THERE, LAN, TicketKind.PRESS, code="BAO-CHI")
    there = at(None, THERE, there=5, press=5)._replace(code=AccessCode(TicketKind.PRESS, PRESS))
    _, (_, got, _) = moved(at(having()), there, MoveRegistration(HERE, LAN, press))
    assert got.quotas == (THERE, PRESS)


PAID = having(amount=40_000, paid=40_000, reference="HN2")
UNPAID = having(Status.UNPAID, amount=40_000, paid=10_000, reference="HN2", expires_at=NOON + SOON)


def dear(context: RegistrationContext, fee: int) -> RegistrationContext:
    """General places cost so much, the others nothing."""
    kinds = dict(context.terms.kinds)
    kinds[TicketKind.GENERAL] = replace(kinds[TicketKind.GENERAL], fee=fee)
    return context._replace(terms=replace(context.terms, kinds=kinds))


@pytest.mark.parametrize(
    ("mine", "change", "becomes"),
    [
        (PAID, {"size": 1}, (Status.CONFIRMED, 20_000, 20_000)),
        (PAID, {"size": 3}, CostsMore),
        (PAID, {"kind": TicketKind.WHEELCHAIR}, (Status.CONFIRMED, 0, 40_000)),
        (having(), {"size": 3}, (Status.CONFIRMED, 0, 0)),
        (UNPAID, {"size": 1}, (Status.UNPAID, 20_000, 0)),
        (UNPAID, {"size": 3}, (Status.UNPAID, 60_000, 0)),
        (UNPAID, {"kind": TicketKind.WHEELCHAIR}, (Status.CONFIRMED, 0, 10_000)),
        (having(Status.WAITING, amount=40_000), {"size": 3}, (Status.WAITING, 60_000, 0)),
    ],
)
def test_what_a_change_costs(mine: Registration, change: dict[str, Any], becomes: Any) -> None:
    """What was told stays, a place; what is too much is due back; a ticket never becomes a bill."""
    context, command = (
        dear(at(mine, here=5, bus=5, ramp=5), 90_000),
        ChangeRegistration(HERE, LAN, **change),
    )
    if isinstance(becomes, type):
        with pytest.raises(becomes):
            changed(context, command, NOON)
        return
    after = changed(context, command, NOON)
    assert (after.status, after.amount, after.due_back) == becomes


@pytest.mark.parametrize(
    ("mine", "fee", "becomes"),
    [
        (PAID, 20_000, (Status.CONFIRMED, 40_000, 0)),
        (PAID, 15_000, (Status.CONFIRMED, 30_000, 10_000)),
        (PAID, 0, (Status.CONFIRMED, 0, 40_000)),
        (PAID, 21_000, CostsMore),
        (having(), 20_000, CostsMore),
        (UNPAID, 20_000, (Status.UNPAID, 40_000, 0)),
        (UNPAID, 5_000, (Status.CONFIRMED, 10_000, 0)),
    ],
)
def test_money_moves_with_the_place(mine: Registration, fee: int, becomes: Any) -> None:
    here, there = at(mine, there=5, bus=5), dear(at(None, THERE, there=5, bus=5), fee)
    command = MoveRegistration(HERE, LAN, Register(NEW, THERE, LAN))
    if isinstance(becomes, type):
        with pytest.raises(becomes):
            moved(here, there, command)
        return
    (_, gone, _), (_, got, _) = moved(here, there, command)
    assert (got.status, got.amount, got.due_back) == becomes
    assert (gone.paid, gone.due_back, gone.carried + got.carried) == (0, 0, 0)
    if got.status is Status.UNPAID:
        assert got.expires_at == mine.expires_at, "not for longer than before"
        assert got.reference != mine.reference
