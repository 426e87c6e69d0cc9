"""Self-service: a smaller or larger group, another kind of ticket, another session.

Smaller is always possible. Larger, another kind and another session only if there is room now in
every pool: whoever stands in line for it could not have used it, or they would be seated already.
Otherwise everything stays as it was.

Money stays with the place. What costs less leaves a surplus, which is due back; what would cost
more than was agreed on is refused once it is confirmed: a ticket never becomes a bill. Once the
session has begun no money leaves it this way: then staff decide on refunds, and on changes.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.events.booking.changes.commands import ChangeRegistration, MoveRegistration
from services.events.booking.changes.errors import Blocked, CostsMore, NoSeatsLeft, StaffOnly
from services.events.booking.quotas.rules import Quota
from services.events.booking.registrations.errors import (
    AlreadyAdmitted,
    Closed,
    GroupTooLarge,
    RegistrationUnknown,
    SessionBegun,
)
from services.events.booking.registrations.rules import (
    RegistrationContext,
    decide,
    drawn_on,
    ended,
    placed,
)
from services.events.booking.registrations.state import Ending, Registration, Status
from services.events.programme.sessions.rules import SessionIsCancelled


def changed(desk: RegistrationContext, command: ChangeRegistration, now: datetime) -> Registration:
    """The same with another size or kind. In line it keeps its turn."""
    mine = _changeable(desk.mine)
    if desk.places.cancelled is not None:
        raise SessionIsCancelled
    size = command.size or mine.size
    kind = command.kind or mine.kind
    pools, fee = mine.pools, mine.amount // mine.size
    if kind is not mine.kind:
        terms, pools = drawn_on(desk, kind, command.code)
        fee = terms.fee
        if terms.approval and not command.by_staff:
            raise StaffOnly
    asks_for_more = size > mine.size or pools != mine.pools
    if asks_for_more and now >= desk.places.closes_at and not command.by_staff:
        raise Closed
    most = desk.most(pools)
    if size > max(most, mine.size):
        raise GroupTooLarge(capacity=most)
    if mine.places:
        _have_room([desk.pools[pool] for pool in pools], mine, size)
    after = replace(
        mine,
        size=size,
        kind=kind,
        pools=pools,
        amount=size * fee,
        company=mine.company[: size - 1],
    )
    _cost_no_more(mine, after)
    if after.amount < mine.amount and not command.by_staff:
        _keep_paid(desk, mine, now)
    if after.status is Status.UNPAID and not after.owing:
        return placed(after, desk.places.kinds.get(kind), now)
    return after


def moved(
    here: RegistrationContext, there: RegistrationContext, command: MoveRegistration, now: datetime
) -> Sequence[tuple[Registration | None, Registration]]:
    """What is given up, then what is got for it, with the same company."""
    mine = _changeable(here.mine)
    if not command.by_staff:
        _keep_paid(here, mine, now)
    # What they give up counts as free for them: both sessions may draw on the same bus.
    freed = {
        key: replace(pool, taken=pool.taken - mine.places) if key in mine.pools else pool
        for key, pool in there.pools.items()
    }
    wanted = replace(command.to, size=mine.size, hold=mine.status is Status.HELD)
    got = decide(there._replace(pools=freed), wanted, now)
    if got.waits:
        raise NoSeatsLeft
    got = replace(
        got, company=mine.company, paid=mine.paid, carried=mine.paid, wish_id=mine.wish_id
    )
    _cost_no_more(mine, got)
    if got.status is Status.UNPAID and not got.owing:
        got = placed(got, there.places.kinds.get(got.kind), now)
    if got.expires_at and mine.expires_at:  # not for longer than what they had was kept
        got = replace(got, expires_at=min(got.expires_at, mine.expires_at))
    left = replace(mine, paid=0, carried=mine.carried - mine.paid)
    return (mine, ended(left, Ending.MOVE, now)), (None, got)


def _changeable(mine: Registration | None) -> Registration:
    if mine is None:
        raise RegistrationUnknown
    if mine.admitted_at is not None:
        raise AlreadyAdmitted
    if mine.blocked_at is not None:
        raise Blocked
    return mine


def _cost_no_more(mine: Registration, after: Registration) -> None:
    if mine.status is Status.CONFIRMED and after.owing > mine.owing:
        raise CostsMore(more=after.owing - mine.owing)


def _keep_paid(desk: RegistrationContext, mine: Registration, now: datetime) -> None:
    kind = desk.places.kinds.get(mine.kind)
    if mine.paid and kind is not None and kind.pay_by and now >= kind.pay_by:
        raise SessionBegun


def _have_room(pools: Sequence[Quota], mine: Registration, size: int) -> None:
    had: set[UUID] = set(mine.pools)
    for pool in pools:
        more = size - (mine.size if pool.id in had else 0)
        if more > pool.free:
            raise NoSeatsLeft
