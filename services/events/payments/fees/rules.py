"""What a payment does to a registration, whenever it comes.

    unpaid, held, asked, offered   enough ─▶ the next status; too little ─▶ the same status
    waiting                        kept until the session is over, then due back
    confirmed                      the surplus is due back
    expired                        enough ─▶ seats, if there are any; else the waiting list, as paid
    cancelled by somebody          all of it is due back

Nobody gets seats in a session that is over: what is kept until then is due back when it ends.

What is due back follows from the registration itself (`Registration.due_back`).
"""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from services.events.booking.registrations.rules import (
    RegistrationContext,
    entered,
    granted,
    invoice,
    placed,
    queued,
)
from services.events.booking.registrations.state import (
    Ending,
    Registration,
    RegistrationDecision,
    Status,
)


class BankTransfer(NamedTuple):
    """An incoming transfer, as a statement has it."""

    key: str
    paid_at: datetime
    amount: int  # đồng
    text: str


def credited(
    context: RegistrationContext,
    one: Registration,
    amount: int,
    now: datetime,
    *,
    ends_at: datetime | None = None,
) -> RegistrationDecision:
    """With so many đồng more. `ends_at`: of the session or course, if that is known.

    A person whose registration has expired and who then registered again pays for the new one: the
    decision may be about `context.mine`.
    """
    mine = context.mine
    expired = one.status is Status.CANCELLED and one.ended_by is Ending.EXPIRY
    if expired and mine is not None and mine.owing:
        one = mine
    paid = replace(one, paid=one.paid + amount)
    if one.waits:
        return RegistrationDecision(one, replace(paid, expires_at=ends_at))
    if paid.owing and one.status is Status.UNPAID:
        return RegistrationDecision(one, paid, (invoice(context, paid),))
    over = ends_at is not None and now >= ends_at
    if paid.owing or over or context.terms.cancelled is not None:
        return RegistrationDecision(one, paid)
    kind = context.terms.kinds.get(one.kind)
    match one.status:
        # Also after the time limit, as long as nobody has ended it: it still has its seats.
        case Status.UNPAID:
            return entered(context, one, placed(paid, kind, now))
        case Status.OFFERED if one.answers is not None or not context.terms.asks:
            return entered(context, one, granted(paid, kind, now))
        # Without a reference nobody asked for the money: staff have not approved it, or questions
        # were open.
        case Status.CANCELLED if expired and one.reference and mine is None:
            return _late(context, one, paid, now, ends_at)
        case _:
            return RegistrationDecision(one, paid)


def _late(
    context: RegistrationContext,
    expired: Registration,
    paid: Registration,
    now: datetime,
    ends_at: datetime | None,
) -> RegistrationDecision:
    """The seats were given back before the money came."""
    again = replace(paid, ended_at=None, ended_by=None)
    kind = context.terms.kinds.get(paid.kind)
    if all(context.quotas[key].free >= paid.size for key in paid.quotas):
        return entered(context, expired, placed(again, kind, now))
    if kind is None:
        return RegistrationDecision(expired, paid)
    # Who has paid does not wait for ever: when the session is over, the money is due back.
    waiting = replace(queued(again, context.terms, now), expires_at=ends_at)
    return entered(context, expired, waiting)
