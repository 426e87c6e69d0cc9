"""One wish for any of several sessions: one place in the end, whatever comes in between.

With room somewhere it is the first session on the list that has room. Otherwise the wish stands in
the line of each of them, as registrations that share its id. Once one of them is seated (confirmed,
offered, before staff, to be paid …) the others leave their lines in the same transaction, without a
message of their own. If that one then ends, by its holder, by staff or because an offer expired,
the wish has ended with it, as a single registration would: the lines that were left are not
entered again behind anybody's back.

Staff who cancel one of the waiting ones, or a session that is called off, end just that one; the
holder who cancels one of them cancels the wish.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.events.booking.preferences.commands import RegisterByPreference, WithdrawPreferences
from services.events.booking.registrations.commands import Register
from services.events.booking.registrations.errors import AlreadyAdmitted, RegistrationUnknown
from services.events.booking.registrations.rules import RegistrationContext, decide, ended
from services.events.booking.registrations.state import Ending, Registration


def wished(
    desks: Mapping[UUID, RegistrationContext], command: RegisterByPreference, now: datetime
) -> Sequence[Registration]:
    """What comes of it, by its sessions' desks. Refused as a whole if one of them refuses."""
    found = [
        replace(decide(desk, _asking(desk, one), now), wish_id=command.wish_id)
        for one in command.sessions
        for desk in (desks[one.session_id],)
    ]
    placed = next((one for one in found if not one.waits), None)
    return found if placed is None else [placed]


def _asking(desk: RegistrationContext, one: Register) -> Register:
    """Questions are answered once there is a place: it is held, or offered, meanwhile."""
    return replace(one, hold=True) if desk.places.asks else one


def withdrawn(
    desks: Mapping[UUID, RegistrationContext], command: WithdrawPreferences, now: datetime
) -> tuple[Registration, Registration]:
    """What is left of it, before and after. The rest of the wish goes with it."""
    mine = [one for desk in desks.values() if (one := desk.mine)]
    left = next((one for one in mine if one.wish_id == command.wish_id), None)
    if left is None:
        raise RegistrationUnknown
    if left.admitted_at is not None:
        raise AlreadyAdmitted
    return left, ended(left, Ending.HOLDER, now)


def settles(before: Registration | None, after: Registration) -> bool:
    """Whether the others of its wish leave their lines with this change."""
    if after.wish_id is None or after.waits or (before is not None and not before.waits):
        return False
    return after.live or after.ended_by is Ending.HOLDER
