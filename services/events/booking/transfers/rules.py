"""A place passes from one person to another: there is no moment in which a line could take it.

The holder gets a code, which is kept only as a hash, and gives it to somebody. Whoever brings it
back in time has the place: the old registration ends, with its ticket, and a new one stands in the
same pools, with the same size, in one decision. Whoever of two comes second finds nothing to take.
What was paid for the place stays with the place; a surplus is due back to whoever paid it.
"""

import hmac
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.events.booking.changes.errors import Blocked, StaffOnly
from services.events.booking.registrations.errors import (
    AlreadyAdmitted,
    AlreadyRegistered,
    AnswersNeeded,
    RegistrationUnknown,
)
from services.events.booking.registrations.rules import RegistrationContext, ended
from services.events.booking.registrations.state import Ending, Registration, Status
from services.events.booking.transfers.commands import AcceptTransfer, OfferTransfer
from services.events.booking.transfers.errors import (
    NothingToTransfer,
    TransferToSelf,
    TransferUnknown,
)
from services.events.programme.sessions.rules import SessionIsCancelled


def handed_over(desk: RegistrationContext, command: OfferTransfer) -> Registration:
    """With this transfer and no other."""
    mine = desk.mine
    if mine is None:
        raise RegistrationUnknown
    if command.transfer is not None:
        _transferable(desk, mine, by_staff=command.transfer.by_staff)
    return replace(mine, transfer=command.transfer)


def taken_over(
    holders: RegistrationContext,
    takers: RegistrationContext,
    command: AcceptTransfer,
    now: datetime,
) -> Sequence[tuple[Registration | None, Registration]]:
    """What ends, then what stands in its place. Somebody in line leaves it for the place."""
    old, own = holders.mine, takers.mine
    if old is None or old.transfer is None or now >= old.transfer.expires_at:
        raise TransferUnknown
    if not hmac.compare_digest(old.transfer.secret, command.secret):
        raise TransferUnknown
    if command.person_id == old.person_id:
        raise TransferToSelf
    if own is not None and not own.waits:
        raise AlreadyRegistered
    _transferable(holders, old, by_staff=old.transfer.by_staff)
    if holders.places.asks and command.answers is None:
        raise AnswersNeeded
    paid = min(old.paid, old.amount)
    new = replace(
        old,
        id=command.registration_id,
        person_id=command.person_id,
        asked_at=now,
        priority=0,
        number=None,
        confirmed_at=now,
        override=None,
        preference=None,
        company=(),
        paid=paid,
        carried=paid,
        reference=None,
        answers=command.answers,
        follow_up=None,
        transfer=None,
        wish_id=own.wish_id if own else None,
        version=0,
    )
    left = [(own, ended(own, Ending.TRANSFER, now))] if own else []
    gone = replace(old, paid=old.paid - paid, carried=old.carried - paid)
    return *left, (old, ended(gone, Ending.TRANSFER, now)), (None, new)


def _transferable(desk: RegistrationContext, mine: Registration, *, by_staff: bool) -> None:
    if desk.places.cancelled is not None:
        raise SessionIsCancelled
    if mine.status is not Status.CONFIRMED:
        raise NothingToTransfer
    if mine.admitted_at is not None:
        raise AlreadyAdmitted
    if mine.blocked_at is not None:
        raise Blocked
    kind = desk.places.kinds.get(mine.kind)
    if kind is not None and (kind.approval or kind.code_only) and not by_staff:
        raise StaffOnly
