"""What the commands on a registration have in common: its statuses, and the events of each change.

    [seats left]  ─▶ held ──confirm──▶ (asked ──approve──▶) (unpaid ──▶) confirmed
    [no seats]    ─▶ waiting ──seats are free──▶ offered ──confirm──▶ (unpaid) confirmed
                                          └──────────▶ (asked) (unpaid) confirmed

Each of them can end as cancelled: by the holder, by staff, or because a time limit has passed for
what was held, offered or unpaid. All but the waiting and the cancelled ones take seats of their
quotas. What each command does stands with the command (commands.py); who is next on the waiting
list: waiting_list/rules.py.

`entered` and `ended` make the event of a status that a registration has just reached.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from services.events.booking.billing.reference import reference_of
from services.events.booking.billing.vietqr import payload
from services.events.booking.quotas.rules import AccessCode, BookableTerms, Quota, TicketKindTerms
from services.events.booking.registrations.errors import (
    CodeWrong,
    KindUnknown,
    RegistrationUnknown,
)
from services.events.booking.registrations.state import (
    Ending,
    Registration,
    RegistrationDecision,
    Status,
)
from services.events.programme.sessions.rules import SessionIsCancelled
from services.events.programme.ticket_kinds.rules import PAY_FOR, TicketKind
from services.events.settings import BankAccount
from shared.contracts.base import Event
from shared.contracts.events import (
    RegistrationAdmitted,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationInvoiced,
    RegistrationOffered,
    RegistrationResized,
    RegistrationWaitlisted,
)

SignTicket = Callable[[UUID, UUID], str]
"""(registration, session or course) → the signed token on the ticket; always the same one."""

_ENDED_BY: Mapping[Ending, Literal["holder", "staff", "expiry"]] = {
    Ending.HOLDER: "holder",
    Ending.STAFF: "staff",
    Ending.EXPIRY: "expiry",
    Ending.SESSION: "staff",
    Ending.MOVE: "holder",
    Ending.TRANSFER: "holder",
    Ending.WISH: "holder",
}
_PASSED_ON: Mapping[Ending, Literal["move", "transfer"]] = {
    Ending.MOVE: "move",
    Ending.TRANSFER: "transfer",
}
_FOR_SEATS = (Ending.MOVE, Ending.TRANSFER, Ending.WISH)  # the person got seats instead


class RegistrationContext(NamedTuple):
    """What one decision looks at."""

    terms: BookableTerms
    quotas: Mapping[UUID, Quota]  # all that may be needed
    mine: Registration | None  # what the person has there now
    sign: SignTicket
    account: BankAccount | None = None  # where fees are paid to
    code: AccessCode | None = None  # what their access code is good for

    @property
    def kind(self) -> TicketKindTerms | None:
        """The terms of the kind of ticket that the person has; None if there are none any more."""
        return None if self.mine is None else self.terms.kinds.get(self.mine.kind)

    def largest(self, quotas: Iterable[UUID]) -> int:
        """The most people that one registration with these quotas may be for."""
        sizes = [self.quotas[key].capacity for key in quotas]
        largest = self.terms.largest
        return min(sizes if largest is None else [*sizes, largest])


def held(context: RegistrationContext, *, if_cancelled: bool = False) -> Registration:
    """What the person has there. Raises `SessionIsCancelled` (unless `if_cancelled` says that this
    is no hindrance), `RegistrationUnknown`."""
    if context.terms.cancelled is not None and not if_cancelled:
        raise SessionIsCancelled
    if context.mine is None:
        raise RegistrationUnknown
    return context.mine


def kind_and_quotas(
    context: RegistrationContext, kind: TicketKind, given: str | None, *, invited: bool = False
) -> tuple[TicketKindTerms, tuple[UUID, ...]]:
    """The terms of a kind of ticket, and its quotas for a person who gives this access code."""
    terms, code = context.terms.kinds.get(kind), context.code
    if terms is None:
        raise KindUnknown
    needs_code = terms.code_only and not invited
    if (given or needs_code) and (code is None or code.kind is not kind):
        raise CodeWrong
    return terms, (*terms.quotas, code.quota) if code else terms.quotas


def queued(one: Registration, terms: BookableTerms, now: datetime) -> Registration:
    """At the end of the waiting list."""
    return replace(
        one,
        status=Status.WAITING,
        asked_at=max(now, terms.last_asked_at or now),
        number=terms.last_number + 1,
        expires_at=None,
    )


def granted(one: Registration, kind: TicketKindTerms | None, now: datetime) -> Registration:
    """With seats; where the kind of ticket needs it, staff have to approve first."""
    if kind is not None and kind.approval:
        return replace(one, status=Status.ASKED, expires_at=None)
    return placed(one, kind, now)


def placed(one: Registration, kind: TicketKindTerms | None, now: datetime) -> Registration:
    """Confirmed; or, while something is owed for it, kept until it is paid."""
    if not one.owing:
        return replace(one, status=Status.CONFIRMED, confirmed_at=now, expires_at=None)
    until = now + (kind.pay_for if kind else PAY_FOR)
    if kind and kind.pay_by and now < kind.pay_by:
        until = min(until, kind.pay_by)
    elif kind and kind.over_at:
        until = min(until, kind.over_at)
    reference = one.reference or reference_of(one.id)
    return replace(one, status=Status.UNPAID, reference=reference, expires_at=until)


def entered(
    context: RegistrationContext, before: Registration | None, state: Registration
) -> RegistrationDecision:
    """It has just reached its status. Nobody is told of what is held, or asked of staff."""
    match state.status:
        case Status.CONFIRMED:
            event: Event = RegistrationConfirmed(
                **_names(state),
                ticket=context.sign(state.id, state.bookable_id),
                promoted=state.number is not None,
                size=state.size,
            )
        case Status.WAITING:
            event = RegistrationWaitlisted(**_names(state), number=state.number or 0)
        case Status.OFFERED:
            event = RegistrationOffered(**_names(state), expires_at=_limit(state))
        case Status.UNPAID:
            event = invoice(context, state)
        case Status.HELD | Status.ASKED | Status.CANCELLED:
            return RegistrationDecision(before, state)
    return RegistrationDecision(before, state, (event,))


def invoice(context: RegistrationContext, unpaid: Registration) -> RegistrationInvoiced:
    """What is still to be paid, where to, and until when."""
    account, reference = context.account, unpaid.reference or ""
    return RegistrationInvoiced(
        **_names(unpaid),
        amount=unpaid.owing,
        reference=reference,
        expires_at=_limit(unpaid),
        **(account._asdict() if account else {}),
        vietqr=payload(account, unpaid.owing, reference) if account else None,
    )


def resized(mine: Registration, state: Registration) -> RegistrationResized:
    return RegistrationResized(**_names(state), size=state.size, size_before=mine.size)


def ended(
    context: RegistrationContext, mine: Registration, by: Ending, now: datetime
) -> RegistrationDecision:
    """It takes no seats and waits for nothing any more. What was only needed until then is erased.

    Nobody is told where nobody had heard of it, or where the person hears of other seats instead;
    but always where money is due back.
    """
    state = replace(
        mine,
        status=Status.CANCELLED,
        ended_at=now,
        ended_by=by,
        expires_at=None,
        company=(),
        transfer=None,
        # A late payment may bring back what has expired.
        answers=mine.answers if by is Ending.EXPIRY else None,
        follow_up=None,
    )
    unheard = mine.status is Status.HELD or (mine.waits and by in _FOR_SEATS)
    if unheard and not state.due_back:
        return RegistrationDecision(mine, state)
    event = RegistrationCancelled(
        **_names(state),
        held_place=mine.status is Status.CONFIRMED,
        size=state.size,
        ended_by=_ENDED_BY[by],
        called_off=context.terms.cancelled if by is Ending.SESSION else None,
        passed_on=_PASSED_ON.get(by),
        unpaid=mine.status is Status.UNPAID,
        due_back=state.due_back,
    )
    return RegistrationDecision(mine, state, (event,))


def admitted(one: Registration, at: datetime) -> RegistrationDecision:
    """A gate has let the holder in, `at` the first time that is known by now.

    An earlier time may become known later, when a gate was offline: others are told once.
    """
    if at == one.admitted_at:
        return RegistrationDecision(one, one)
    state = replace(one, admitted_at=at)
    if one.admitted_at is not None:
        return RegistrationDecision(one, state)
    return RegistrationDecision(one, state, (RegistrationAdmitted(**_names(one), admitted_at=at),))


def _names(one: Registration) -> dict[str, Any]:
    return {
        "registration_id": one.id,
        "bookable_id": one.bookable_id,
        "bookable_kind": one.bookable_kind,
        "person_id": one.person_id,
    }


def _limit(one: Registration) -> datetime:
    assert one.expires_at is not None  # noqa: S101 - what is offered or unpaid has a time limit
    return one.expires_at
