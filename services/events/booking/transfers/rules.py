"""A registration passes from one person to another, without a moment in which its seats are free.

The holder gets a code, of which only a hash is kept, and gives it to somebody. The person who uses
it in time has the seats: the old registration ends, with its ticket, and a new one takes the same
seats of the same quotas, in one decision. If two use the code, the second finds nothing to take.
What was paid stays with the seats; a surplus is due back to the person who paid it.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.events.booking.changes.errors import Blocked, StaffOnly
from services.events.booking.registrations.commands import (
    Claim,
    RegistrationCommand,
    RequestedKind,
)
from services.events.booking.registrations.errors import (
    AlreadyAdmitted,
    AlreadyRegistered,
    AnswersNeeded,
    RegistrationUnknown,
)
from services.events.booking.registrations.rules import RegistrationContext, ended, entered
from services.events.booking.registrations.state import (
    Answers,
    Ending,
    Registration,
    RegistrationDecision,
    Status,
    TransferCode,
)
from services.events.booking.transfers.errors import (
    NothingToTransfer,
    TransferToSelf,
    TransferUnknown,
)
from services.events.programme.sessions.rules import SessionIsCancelled


@dataclass(frozen=True, slots=True)
class OfferTransfer(RegistrationCommand):
    """The holder lets the person who has this code take the seats; with None, nobody any more."""

    bookable_id: UUID
    person_id: UUID
    transfer: TransferCode | None

    def decide_one(
        self,
        context: RegistrationContext,
        now: datetime,  # noqa: ARG002 - no time limit
    ) -> RegistrationDecision:
        mine = context.mine
        if mine is None:
            raise RegistrationUnknown
        if self.transfer is not None:
            _check_transferable(context, mine, by_staff=self.transfer.by_staff)
        return RegistrationDecision(mine, replace(mine, transfer=self.transfer))


@dataclass(frozen=True, slots=True)
class AcceptTransfer:
    """Somebody uses the code of a transfer and takes the holder's seats."""

    registration_id: UUID  # of what they get
    bookable_id: UUID
    person_id: UUID  # who takes the seats
    holder_id: UUID
    secret: bytes  # the code's hash
    answers: Answers | None = None  # theirs, to what the session asks

    def claims(self) -> Sequence[Claim]:
        return (self.bookable_id, self.person_id), (self.bookable_id, self.holder_id)

    def requested_kinds(self) -> Sequence[RequestedKind]:
        return ()

    def decide(
        self, contexts: Sequence[RegistrationContext], now: datetime
    ) -> Sequence[RegistrationDecision]:
        """What ends, then what takes its seats. Somebody on the waiting list leaves it."""
        takers, holders = contexts
        old, own = self._offered(holders, now), takers.mine
        if self.person_id == old.person_id:
            raise TransferToSelf
        if own is not None and not own.waits:
            raise AlreadyRegistered
        assert old.transfer is not None  # noqa: S101 - or there is no offer
        _check_transferable(holders, old, by_staff=old.transfer.by_staff)
        if holders.terms.asks and self.answers is None:
            raise AnswersNeeded
        paid = min(old.paid, old.amount)
        new = replace(
            old,
            id=self.registration_id,
            person_id=self.person_id,
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
            answers=self.answers,
            follow_up=None,
            transfer=None,
            wish_id=own.wish_id if own else None,
            version=0,
        )
        left = [ended(takers, own, Ending.TRANSFER, now)] if own else []
        surplus = replace(old, paid=old.paid - paid, carried=old.carried - paid)
        passed_on = ended(holders, surplus, Ending.TRANSFER, now)._replace(before=old)
        return *left, passed_on, entered(takers, None, new)

    def _offered(self, holders: RegistrationContext, now: datetime) -> Registration:
        old = holders.mine
        if old is None or old.transfer is None or now >= old.transfer.expires_at:
            raise TransferUnknown
        if not hmac.compare_digest(old.transfer.secret, self.secret):
            raise TransferUnknown
        return old


def _check_transferable(
    context: RegistrationContext, mine: Registration, *, by_staff: bool
) -> None:
    if context.terms.cancelled is not None:
        raise SessionIsCancelled
    if mine.status is not Status.CONFIRMED:
        raise NothingToTransfer
    if mine.admitted_at is not None:
        raise AlreadyAdmitted
    if mine.blocked_at is not None:
        raise Blocked
    kind = context.terms.kinds.get(mine.kind)
    if kind is not None and (kind.approval or kind.code_only) and not by_staff:
        raise StaffOnly
