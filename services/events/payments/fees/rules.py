"""What a payment does to a registration, whenever it comes.

    unpaid, held, asked, offered   enough ─▶ what comes after payment; too little ─▶ as it was
    waiting                        kept until the session is over, then due back
    confirmed                      the surplus is due back
    expired                        enough ─▶ a place, if one is left; else the line, as paid
    cancelled by somebody          all of it is due back

Nobody gets a place in what is over: what is kept until then is due back when it ends.

What is due back follows from the registration itself (`Registration.due_back`).
"""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from services.events.booking.registrations.rules import RegistrationContext, granted, placed, queued
from services.events.booking.registrations.state import Ending, Registration, Status


class BankTransfer(NamedTuple):
    """An incoming transfer, as a statement has it."""

    key: str
    paid_at: datetime
    amount: int  # đồng
    text: str


def credited(
    desk: RegistrationContext,
    one: Registration,
    amount: int,
    now: datetime,
    *,
    ends_at: datetime | None = None,
) -> Registration:
    """With so many đồng more. `ends_at`: the session, if that is known.

    Whoever let a place expire and then took another pays for that one: so it may be `desk.mine`,
    what the holder has in the session now, that is given back.
    """
    mine = desk.mine
    expired = one.status is Status.CANCELLED and one.ended_by is Ending.EXPIRY
    if expired and mine is not None and mine.owing:
        one = mine
    paid = replace(one, paid=one.paid + amount)
    if one.waits:
        return replace(paid, expires_at=ends_at)
    over = ends_at is not None and now >= ends_at
    if paid.owing or over or desk.places.cancelled is not None:
        return paid
    match one.status:
        # Also when its time is up, as long as nobody has ended it: the place is still theirs.
        case Status.UNPAID:
            return placed(paid, desk.places.kinds.get(one.kind), now)
        case Status.OFFERED if one.answers is not None or not desk.places.asks:
            return granted(paid, desk.places.kinds.get(one.kind), now)
        # Who was never asked to pay has not been approved, or has left questions open.
        case Status.CANCELLED if expired and one.reference and mine is None:
            return _late(desk, paid, now, ends_at)
        case _:
            return paid


def _late(
    desk: RegistrationContext, paid: Registration, now: datetime, ends_at: datetime | None
) -> Registration:
    """The place was given back before the money came."""
    again = replace(paid, ended_at=None, ended_by=None)
    kind = desk.places.kinds.get(paid.kind)
    if all(desk.pools[pool].free >= paid.size for pool in paid.pools):
        return placed(again, kind, now)
    if kind is None:
        return paid
    # Nobody who has paid stands in line for ever: when it is over, the money is due back.
    return replace(queued(again, desk.places, now), expires_at=ends_at)
