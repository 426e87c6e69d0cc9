"""What holders change themselves: a smaller or larger group, another kind of ticket, another
session.

Smaller is always possible. Larger, another kind and another session only if every quota has enough
seats now. Otherwise everything stays as it was. Nobody on the waiting list loses by that: they
could not have used these seats, or they would have been seated already.

Money stays with the registration. What costs less leaves a surplus, which is due back. What costs
more is refused once it is confirmed: a ticket never becomes a bill. Once the session has begun
staff decide on refunds, so holders cannot change what they have paid for any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.events.booking.changes.errors import Blocked, CostsMore, NoSeatsLeft, StaffOnly
from services.events.booking.quotas.rules import Quota
from services.events.booking.registrations.commands import (
    Claim,
    Register,
    RegistrationCommand,
    RequestedKind,
)
from services.events.booking.registrations.errors import (
    AlreadyAdmitted,
    Closed,
    GroupTooLarge,
    RegistrationUnknown,
    SessionBegun,
)
from services.events.booking.registrations.rules import (
    RegistrationContext,
    ended,
    entered,
    invoice,
    kind_and_quotas,
    placed,
    resized,
)
from services.events.booking.registrations.state import (
    Ending,
    Registration,
    RegistrationDecision,
    Status,
)
from services.events.programme.sessions.rules import SessionIsCancelled
from services.events.programme.ticket_kinds.rules import TicketKind


@dataclass(frozen=True, slots=True)
class ChangeRegistration(RegistrationCommand):
    """Another size or kind of what somebody has, or waits for. What is None stays.

    Somebody on the waiting list keeps their turn.
    """

    bookable_id: UUID
    person_id: UUID
    size: int | None = None
    kind: TicketKind | None = None
    code: str | None = None
    by_staff: bool = False

    def requested_kinds(self) -> Sequence[RequestedKind]:
        if self.kind is None:
            return ()
        return (RequestedKind(self.bookable_id, self.kind, self.code),)

    def decide_one(self, context: RegistrationContext, now: datetime) -> RegistrationDecision:
        mine = _changeable(context.mine)
        after = self._changed(context, mine, now)
        _check_costs(mine, after)
        if after.amount < mine.amount and not self.by_staff:
            _check_paid_back(context, mine, now)
        if after.status is Status.UNPAID:
            if not after.owing:
                paid = placed(after, context.terms.kinds.get(after.kind), now)
                return entered(context, mine, paid)
            if after.owing != mine.owing:
                return RegistrationDecision(mine, after, (invoice(context, after),))
        if after.status is Status.CONFIRMED and after.size != mine.size:
            return RegistrationDecision(mine, after, (resized(mine, after),))
        return RegistrationDecision(mine, after)

    def _changed(
        self, context: RegistrationContext, mine: Registration, now: datetime
    ) -> Registration:
        if context.terms.cancelled is not None:
            raise SessionIsCancelled
        size = self.size or mine.size
        kind = self.kind or mine.kind
        keys, fee = mine.quotas, mine.amount // mine.size
        if kind is not mine.kind:
            terms, keys = kind_and_quotas(context, kind, self.code)
            fee = terms.fee
            if terms.approval and not self.by_staff:
                raise StaffOnly
        asks_for_more = size > mine.size or keys != mine.quotas
        if asks_for_more and now >= context.terms.closes_at and not self.by_staff:
            raise Closed
        largest = context.largest(keys)
        if size > max(largest, mine.size):
            raise GroupTooLarge(capacity=largest)
        if mine.seats:
            _check_seats([context.quotas[key] for key in keys], mine, size)
        return replace(
            mine,
            size=size,
            kind=kind,
            quotas=keys,
            amount=size * fee,
            company=mine.company[: size - 1],
        )


@dataclass(frozen=True, slots=True)
class MoveRegistration:
    """Another session in place of what somebody has: both change, or nothing does."""

    bookable_id: UUID
    person_id: UUID
    to: Register  # its size is that of what they have
    by_staff: bool = False

    def claims(self) -> Sequence[Claim]:
        return (self.bookable_id, self.person_id), *self.to.claims()

    def requested_kinds(self) -> Sequence[RequestedKind]:
        return self.to.requested_kinds()

    def decide(
        self, contexts: Sequence[RegistrationContext], now: datetime
    ) -> Sequence[RegistrationDecision]:
        """What is given up, then what the person gets for it, with the same companions."""
        here, there = contexts
        mine = _changeable(here.mine)
        if not self.by_staff:
            _check_paid_back(here, mine, now)
        # The seats that they give up are free for them: both sessions may share a quota.
        freed = {
            key: replace(quota, taken=quota.taken - mine.seats) if key in mine.quotas else quota
            for key, quota in there.quotas.items()
        }
        wanted = replace(self.to, size=mine.size, hold=mine.status is Status.HELD)
        got = wanted.registration(there._replace(quotas=freed), now)
        if got.waits:
            raise NoSeatsLeft
        got = replace(
            got, company=mine.company, paid=mine.paid, carried=mine.paid, wish_id=mine.wish_id
        )
        _check_costs(mine, got)
        if got.status is Status.UNPAID and not got.owing:
            got = placed(got, there.terms.kinds.get(got.kind), now)
        if got.expires_at and mine.expires_at:  # not kept longer than what they had
            got = replace(got, expires_at=min(got.expires_at, mine.expires_at))
        left = replace(mine, paid=0, carried=mine.carried - mine.paid)
        given_up = ended(here, left, Ending.MOVE, now)._replace(before=mine)
        return given_up, entered(there, None, got)


def _changeable(mine: Registration | None) -> Registration:
    if mine is None:
        raise RegistrationUnknown
    if mine.admitted_at is not None:
        raise AlreadyAdmitted
    if mine.blocked_at is not None:
        raise Blocked
    return mine


def _check_costs(mine: Registration, after: Registration) -> None:
    """A ticket never becomes a bill."""
    if mine.status is Status.CONFIRMED and after.owing > mine.owing:
        raise CostsMore(more=after.owing - mine.owing)


def _check_paid_back(context: RegistrationContext, mine: Registration, now: datetime) -> None:
    """Once the session has begun, holders get no money back by a change."""
    kind = context.terms.kinds.get(mine.kind)
    if mine.paid and kind is not None and kind.pay_by and now >= kind.pay_by:
        raise SessionBegun


def _check_seats(quotas: Sequence[Quota], mine: Registration, size: int) -> None:
    had: set[UUID] = set(mine.quotas)
    for quota in quotas:
        more = size - (mine.size if quota.id in had else 0)
        if more > quota.free:
            raise NoSeatsLeft
