"""The waiting list: what the next one gets, and who leaves it because of that."""

from dataclasses import replace
from datetime import datetime, timedelta

from services.events.booking.registrations.rules import (
    RegistrationContext,
    entered,
    granted,
    placed,
)
from services.events.booking.registrations.state import (
    Ending,
    Registration,
    RegistrationDecision,
    Status,
)

ANSWER_WITHIN = timedelta(hours=24)  # for who waited and has not answered the questions yet


def seated(
    context: RegistrationContext, waiting: Registration, now: datetime
) -> RegistrationDecision:
    """There are seats for somebody on the waiting list, and it is their turn.

    A person who has paid already has them at once. One who has questions to answer first is offered
    them. Nobody is asked to pay for a session that is over: then everything stays as it is.
    """
    kind = context.terms.kinds.get(waiting.kind)
    if waiting.reference is not None and not waiting.owing:
        return entered(context, waiting, placed(waiting, kind, now))
    if waiting.owing and kind is not None and kind.over_at and now >= kind.over_at:
        return RegistrationDecision(waiting, waiting)
    offer_for = kind.offer_for if kind else None
    if context.terms.asks and waiting.answers is None:
        offer_for = offer_for or ANSWER_WITHIN
    if offer_for is None:
        return entered(context, waiting, granted(waiting, kind, now))
    offered = replace(waiting, status=Status.OFFERED, expires_at=now + offer_for)
    return entered(context, waiting, offered)


def ends_other_waits(before: Registration | None, after: Registration) -> bool:
    """Whether the person leaves the other waiting lists of a list of preferences.

    They do as soon as one of them has brought seats, and when they give one of them up themselves.
    """
    if after.wish_id is None or after.waits or (before is not None and not before.waits):
        return False
    return after.live or after.ended_by is Ending.HOLDER
