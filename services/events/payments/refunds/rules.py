"""Giving money back: one proposes, another approves, then it is paid out.

    due ──propose──▶ proposed ──approve──▶ approved ──pay out──▶ paid_out
                        └──decline──▶ declined (and due again)

What is due is told by the registration: all that was paid, once it is cancelled; the surplus, while
it is live (`Registration.due_back`). From the proposal on it is set aside, so that it cannot be
proposed twice. Until the session starts all is given back; staff may decide otherwise, either way,
and say why.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.events.booking.registrations.state import Ending, Registration
from shared.aggregates import Aggregate, Decision
from shared.errors import Conflict, DomainError, Forbidden, NotFound


class RefundUnknown(NotFound):
    code = "refund.unknown"
    vi = "Không có khoản hoàn tiền này."
    en = "There is no such refund."


class MoreThanDue(Conflict):
    code = "refund.more_than_due"
    vi = "Chỉ còn {due} đồng có thể hoàn lại."
    en = "No more than {due} đồng can be given back."


class ReasonMissing(DomainError):
    status = 422
    code = "refund.reason_missing"
    vi = "Quyết định này khác quy định hoàn tiền; hãy nêu lý do."
    en = "This is not what the rules on refunds say; give a reason."


class OwnProposal(Forbidden):
    code = "refund.own_proposal"
    vi = "Người đề nghị hoàn tiền không được tự duyệt."
    en = "Who proposes a refund cannot decide on it."


class NotNow(Conflict):
    code = "refund.not_now"
    vi = "Khoản hoàn tiền này không ở bước đó."
    en = "This refund is not at that step."


class RefundState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    PAID_OUT = "paid_out"


class RefundStep(BaseModel):
    """One step, and who took it. A record of them only grows."""

    model_config = ConfigDict(frozen=True)

    step: RefundState
    by: UUID
    at: datetime
    note: str | None = None


class Refund(Aggregate):
    registration_id: UUID
    session_id: UUID
    person_id: UUID  # who gets it
    amount: int  # that goes back, in đồng
    kept: int  # that does not, and is settled by this
    state: RefundState
    bank_reference: str | None = None  # of the transfer that paid it out
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


def in_full(one: Registration, starts_at: datetime | None) -> bool:
    """Whether the rules give all back: unless the holder gave up a place after it had begun."""
    too_late = starts_at is not None and one.ended_at is not None and one.ended_at >= starts_at
    return not (one.ended_by is Ending.HOLDER and too_late)


def decide(refund: Refund | None, command: Command, now: datetime) -> Decision[Refund]:
    if isinstance(command, Propose):
        return Decision(_proposed(command, now))
    if refund is None:
        raise RefundUnknown
    match command:
        case Approve():
            _judge(refund, command.by)
            return _step(refund, RefundState.APPROVED, command.by, now)
        case Decline():
            _judge(refund, command.by)
            return _step(refund, RefundState.DECLINED, command.by, now, command.reason)
        case PayOut():
            if refund.state is not RefundState.APPROVED or not refund.amount:
                raise NotNow
            paid = refund.changed(bank_reference=command.bank_reference)
            return _step(paid, RefundState.PAID_OUT, command.by, now)
        case _:
            assert_never(command)


def set_aside(one: Registration, amount: int) -> Registration:
    """With so much less that is due back; or, if negative, more. Raises `MoreThanDue`."""
    if amount > one.due_back:
        raise MoreThanDue(due=one.due_back)
    return replace(one, paid=one.paid - amount)


def _proposed(command: Propose, now: datetime) -> Refund:
    one = command.registration
    otherwise = command.kept if in_full(one, command.starts_at) else command.amount
    if otherwise and not command.reason:
        raise ReasonMissing
    return Refund(
        id=command.refund_id,
        registration_id=one.id,
        session_id=one.session_id,
        person_id=one.person_id,
        amount=command.amount,
        kept=command.kept,
        state=RefundState.PROPOSED,
        record=(RefundStep(step=RefundState.PROPOSED, by=command.by, at=now, note=command.reason),),
    )


def _judge(refund: Refund, by: UUID) -> None:
    if refund.state is not RefundState.PROPOSED:
        raise NotNow
    if by == refund.record[0].by:
        raise OwnProposal


def _step(
    refund: Refund, state: RefundState, by: UUID, now: datetime, note: str | None = None
) -> Decision[Refund]:
    deed = RefundStep(step=state, by=by, at=now, note=note)
    return Decision(refund.changed(state=state, record=(*refund.record, deed)))
