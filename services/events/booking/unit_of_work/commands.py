"""Whatever may be asked of the desk, also what spans several registrations; and what becomes of
each of them.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.events.booking.changes.commands import ChangeRegistration, MoveRegistration
from services.events.booking.changes.rules import changed, moved
from services.events.booking.preferences.commands import RegisterByPreference, WithdrawPreferences
from services.events.booking.preferences.rules import wished, withdrawn
from services.events.booking.registrations.commands import Command, Register
from services.events.booking.registrations.rules import RegistrationContext, decide
from services.events.booking.registrations.state import Registration
from services.events.booking.transfers.commands import AcceptTransfer, OfferTransfer
from services.events.booking.transfers.rules import handed_over, taken_over
from services.events.programme.ticket_kinds.rules import TicketKind

BookingCommand = (
    Command
    | ChangeRegistration
    | MoveRegistration
    | OfferTransfer
    | AcceptTransfer
    | RegisterByPreference
    | WithdrawPreferences
)
Claim = tuple[UUID, UUID]
"""(session, person)"""
Step = tuple[Registration | None, Registration]
"""A registration before and after; None: it was not there."""


class RequestedKind(NamedTuple):
    """A kind of ticket that is asked for, maybe with a code."""

    session_id: UUID
    kind: TicketKind
    code: str | None


def claims(deed: BookingCommand) -> Iterator[Claim]:
    """Whose registrations, in which sessions, it looks at."""
    match deed:
        case RegisterByPreference():
            for one in deed.sessions:
                yield one.session_id, one.person_id
        case WithdrawPreferences():
            for session_id in deed.sessions:
                yield session_id, deed.person_id
        case MoveRegistration():
            yield deed.session_id, deed.person_id
            yield deed.to.session_id, deed.to.person_id
        case AcceptTransfer():
            yield deed.session_id, deed.person_id
            yield deed.session_id, deed.holder_id
        case _:
            yield deed.session_id, deed.person_id


def requested_kinds(deed: BookingCommand) -> Iterator[RequestedKind]:
    """Which kinds of ticket it asks for: their pools are read."""
    match deed:
        case Register():
            yield RequestedKind(deed.session_id, deed.kind, deed.code)
        case MoveRegistration():
            yield from requested_kinds(deed.to)
        case RegisterByPreference():
            for one in deed.sessions:
                yield from requested_kinds(one)
        case ChangeRegistration(kind=TicketKind() as kind):
            yield RequestedKind(deed.session_id, kind, deed.code)
        case _:
            pass


def steps(
    desk: Callable[[BookingCommand, Claim], RegistrationContext],
    deed: BookingCommand,
    now: datetime,
) -> Sequence[Step]:
    """What becomes of which registrations, in this order. `desk` finds what each looks at.

    The last step is what whoever asked has in the end. Raises what the rules refuse it with.
    """
    at = [desk(deed, claim) for claim in claims(deed)]
    match deed:
        case RegisterByPreference():
            desks = dict(zip((one.session_id for one in deed.sessions), at, strict=True))
            return [(None, one) for one in wished(desks, deed, now)]
        case WithdrawPreferences():
            return [withdrawn(dict(zip(deed.sessions, at, strict=True)), deed, now)]
        case MoveRegistration():
            return moved(at[0], at[1], deed, now)
        case AcceptTransfer():
            return taken_over(at[1], at[0], deed, now)
        case OfferTransfer():
            return [(at[0].mine, handed_over(at[0], deed))]
        case ChangeRegistration():
            return [(at[0].mine, changed(at[0], deed, now))]
        case _:
            return [(at[0].mine, decide(at[0], deed, now))]
