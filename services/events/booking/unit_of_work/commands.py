"""Whatever may be asked of the desk, also what spans several registrations; and what becomes of
each of them.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.events.booking.changes.commands import Change, Move
from services.events.booking.changes.rules import changed, moved
from services.events.booking.preferences.commands import Wish, Withdraw
from services.events.booking.preferences.rules import wished, withdrawn
from services.events.booking.quotas.rules import Kind
from services.events.booking.registrations.commands import Command, Register
from services.events.booking.registrations.rules import Desk, decide
from services.events.booking.registrations.state import Registration
from services.events.booking.transfers.commands import HandOver, TakeOver
from services.events.booking.transfers.rules import handed_over, taken_over

Deed = Command | Change | Move | HandOver | TakeOver | Wish | Withdraw
Claim = tuple[UUID, UUID]
"""(session, person)"""
Step = tuple[Registration | None, Registration]
"""A registration before and after; None: it was not there."""


class Wanted(NamedTuple):
    """A kind of ticket that is asked for, maybe with a code."""

    session_id: UUID
    kind: Kind
    code: str | None


def claims(deed: Deed) -> Iterator[Claim]:
    """Whose registrations, in which sessions, it looks at."""
    match deed:
        case Wish():
            for one in deed.sessions:
                yield one.session_id, one.person_id
        case Withdraw():
            for session_id in deed.sessions:
                yield session_id, deed.person_id
        case Move():
            yield deed.session_id, deed.person_id
            yield deed.to.session_id, deed.to.person_id
        case TakeOver():
            yield deed.session_id, deed.person_id
            yield deed.session_id, deed.holder_id
        case _:
            yield deed.session_id, deed.person_id


def wanted(deed: Deed) -> Iterator[Wanted]:
    """Which kinds of ticket it asks for: their pools are read."""
    match deed:
        case Register():
            yield Wanted(deed.session_id, deed.kind, deed.code)
        case Move():
            yield from wanted(deed.to)
        case Wish():
            for one in deed.sessions:
                yield from wanted(one)
        case Change(kind=Kind() as kind):
            yield Wanted(deed.session_id, kind, deed.code)
        case _:
            pass


def steps(desk: Callable[[Deed, Claim], Desk], deed: Deed, now: datetime) -> Sequence[Step]:
    """What becomes of which registrations, in this order. `desk` finds what each looks at.

    The last step is what whoever asked has in the end. Raises what the rules refuse it with.
    """
    at = [desk(deed, claim) for claim in claims(deed)]
    match deed:
        case Wish():
            desks = dict(zip((one.session_id for one in deed.sessions), at, strict=True))
            return [(None, one) for one in wished(desks, deed, now)]
        case Withdraw():
            return [withdrawn(dict(zip(deed.sessions, at, strict=True)), deed, now)]
        case Move():
            return moved(at[0], at[1], deed, now)
        case TakeOver():
            return taken_over(at[1], at[0], deed, now)
        case HandOver():
            return [(at[0].mine, handed_over(at[0], deed))]
        case Change():
            return [(at[0].mine, changed(at[0], deed, now))]
        case _:
            return [(at[0].mine, decide(at[0], deed, now))]
