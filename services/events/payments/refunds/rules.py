"""Refunds: one treasurer proposes, another one approves, then the money is paid out.

    due ──propose──▶ proposed ──approve──▶ approved ──pay out──▶ paid_out
                        └──decline──▶ declined (and due again)

The registration says what is due back (`Registration.due_back`): while it is live, what was paid
too much; after it was cancelled, all that was paid. A proposal sets this money aside, so that it
cannot be proposed twice. The rules give all of it back, unless the holder cancelled after the
start. Staff may decide otherwise and must then give a reason.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from pydantic import ConfigDict

from services.events.booking.registrations.rules import RegistrationContext, invoice
from services.events.booking.registrations.state import (
    Ending,
    Registration,
    RegistrationDecision,
    Status,
)
from shared.aggregates import Aggregate, Decision
from shared.contracts.events import BookableKind
from shared.errors import Conflict, DomainError, Forbidden, NotFound
from shared.schema import Schema, example


class RefundUnknown(NotFound):
    code = "refund.unknown"
    vi = "Không có khoản hoàn tiền này."
    en = "There is no such refund."


class MoreThanDue(Conflict):
    code = "refund.more_than_due"
    vi = "Chỉ có thể hoàn lại tối đa {due} đồng."
    en = "At most {due} đồng can be refunded."


class ReasonMissing(DomainError):
    status = 422
    code = "refund.reason_missing"
    vi = "Quyết định này khác quy định hoàn tiền; hãy nêu lý do."
    en = "This decision differs from the refund rules; please give a reason."


class OwnProposal(Forbidden):
    code = "refund.own_proposal"
    vi = "Người đề nghị hoàn tiền không được tự duyệt."
    en = "The person who proposes a refund cannot approve it."


class WrongRefundStep(Conflict):
    code = "refund.not_now"
    vi = "Khoản hoàn tiền này không ở bước đó."
    en = "This refund is not at that step."


class RefundState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    PAID_OUT = "paid_out"


class RefundStep(Schema):
    """One step of a refund, and who took it."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "step": "proposed",
                "by": "0199f3a2-6e75-7f67-92a3-b4c5d6e7f809",
                "at": "2026-11-05T04:00:00Z",
                "note": None,
            }
        ),
    )

    step: RefundState
    """The step that was taken."""
    by: UUID
    """Who took it: a person's id in the registry."""
    at: datetime
    """When: RFC 3339, in UTC."""
    note: str | None = None
    """Why, where they said so."""


class Refund(Aggregate):
    registration_id: UUID
    bookable_id: UUID
    bookable_kind: BookableKind
    person_id: UUID  # who gets the money
    amount: int  # what goes back, in đồng
    kept: int  # what does not go back, and is no longer due
    state: RefundState
    bank_reference: str | None = None  # of the transfer with which it was paid out
    record: tuple[RefundStep, ...]

    @property
    def set_aside(self) -> int:
        return 0 if self.state is RefundState.DECLINED else self.amount + self.kept


@dataclass(frozen=True, slots=True)
class Propose:
    refund_id: UUID
    registration: Registration
    starts_at: datetime | None  # of the session
    amount: int
    kept: int
    reason: str | None
    by: UUID


@dataclass(frozen=True, slots=True)
class Approve:
    by: UUID


@dataclass(frozen=True, slots=True)
class Decline:
    by: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class PayOut:
    by: UUID
    bank_reference: str


Command = Propose | Approve | Decline | PayOut


def full_refund_due(one: Registration, starts_at: datetime | None) -> bool:
    """True if the rules give all back. They do not if the holder cancelled after the start."""
    too_late = starts_at is not None and one.ended_at is not None and one.ended_at >= starts_at
    return not (one.ended_by is Ending.HOLDER and too_late)


def decide(refund: Refund | None, command: Command, now: datetime) -> Decision[Refund]:
    if isinstance(command, Propose):
        return Decision(_proposed(command, now))
    if refund is None:
        raise RefundUnknown
    match command:
        case Approve():
            _check_approver(refund, command.by)
            return _step(refund, RefundState.APPROVED, command.by, now)
        case Decline():
            _check_approver(refund, command.by)
            return _step(refund, RefundState.DECLINED, command.by, now, command.reason)
        case PayOut():
            if refund.state is not RefundState.APPROVED or not refund.amount:
                raise WrongRefundStep
            paid = refund.changed(bank_reference=command.bank_reference)
            return _step(paid, RefundState.PAID_OUT, command.by, now)
        case _:
            assert_never(command)


def set_aside(context: RegistrationContext, one: Registration, amount: int) -> RegistrationDecision:
    """With so many đồng less that are due back; or, if negative, more. Raises `MoreThanDue`."""
    if amount > one.due_back:
        raise MoreThanDue(due=one.due_back)
    after = replace(one, paid=one.paid - amount)
    owes_less = after.status is Status.UNPAID and 0 < after.owing < one.owing
    return RegistrationDecision(one, after, (invoice(context, after),) if owes_less else ())


def _proposed(command: Propose, now: datetime) -> Refund:
    one = command.registration
    otherwise = command.kept if full_refund_due(one, command.starts_at) else command.amount
    if otherwise and not command.reason:
        raise ReasonMissing
    return Refund(
        id=command.refund_id,
        registration_id=one.id,
        bookable_id=one.bookable_id,
        bookable_kind=one.bookable_kind,
        person_id=one.person_id,
        amount=command.amount,
        kept=command.kept,
        state=RefundState.PROPOSED,
        record=(RefundStep(step=RefundState.PROPOSED, by=command.by, at=now, note=command.reason),),
    )


def _check_approver(refund: Refund, by: UUID) -> None:
    if refund.state is not RefundState.PROPOSED:
        raise WrongRefundStep
    if by == refund.record[0].by:
        raise OwnProposal


def _step(
    refund: Refund, state: RefundState, by: UUID, now: datetime, note: str | None = None
) -> Decision[Refund]:
    step = RefundStep(step=state, by=by, at=now, note=note)
    return Decision(refund.changed(state=state, record=(*refund.record, step)))
