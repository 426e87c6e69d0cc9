"""Refunds: money that is due back, from the proposal to the payout."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, model_validator
from starlette.responses import Response

from services.events.booking.dependencies import AllRegistrations
from services.events.booking.registrations.errors import RegistrationUnknown
from services.events.booking.registrations.state import Status
from services.events.dependencies import Treasurer
from services.events.payments.dependencies import AllRefunds, TheRefundService
from services.events.payments.refunds.rules import (
    Approve,
    Decline,
    MoreThanDue,
    OwnProposal,
    PayOut,
    Propose,
    ReasonMissing,
    Refund,
    RefundState,
    RefundStep,
    RefundUnknown,
    WrongRefundStep,
    full_refund_due,
)
from services.events.programme.dependencies import TheBookableQueries
from shared.contracts.events import BookableKind
from shared.errors import PreconditionFailed, PreconditionRequired
from shared.http.execute import Execute, reply
from shared.http.idempotency import KeyReused
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.ids import new_id
from shared.text import Line

router = APIRouter(prefix="/v1", tags=["refunds"])
Dong = Annotated[int, Field(ge=0, le=1_000_000_000)]


class DueBackView(BaseModel):
    """Money that was paid and that no seat costs any more."""

    registration_id: UUID
    bookable_id: UUID
    bookable_kind: BookableKind
    person_id: UUID
    status: Status
    due_back: int  # đồng
    in_full: bool  # by the rules: true, all goes back; false, nothing


class RefundView(BaseModel):
    id: UUID
    registration_id: UUID
    bookable_id: UUID
    bookable_kind: BookableKind
    person_id: UUID
    amount: int
    kept: int
    state: RefundState
    bank_reference: str | None
    record: Sequence[RefundStep]

    @classmethod
    def of(cls, refund: Refund) -> "RefundView":
        return cls.model_validate(refund, from_attributes=True)


class RefundProposal(BaseModel):
    """How much of what is due goes back, and how much is kept."""

    amount: Dong
    kept: Dong = 0
    reason: Line | None = None  # needed if this is not what the rules say

    @model_validator(mode="after")
    def _something(self) -> "RefundProposal":
        if not self.amount + self.kept:
            raise ValueError("neither given back nor kept")
        return self


class RefundRefusal(BaseModel):
    reason: Line


class RefundPayout(BaseModel):
    bank_reference: Line  # of the transfer with which it was paid out


@router.get("/refunds/due")
async def due(
    who: Treasurer, registrations: AllRegistrations, bookables: TheBookableQueries, page: Paging
) -> Page[DueBackView]:
    """Registrations with money due back.

    They were cancelled after payment, or paid twice, too much or too late.
    """
    found, following = await registrations.due_back(page)
    items = []
    for one in found:
        bookable = await bookables.find(one.bookable_id)
        items.append(
            DueBackView(
                registration_id=one.id,
                bookable_id=one.bookable_id,
                bookable_kind=one.bookable_kind,
                person_id=one.person_id,
                status=one.status,
                due_back=one.due_back,
                in_full=full_refund_due(one, bookable and bookable.starts_at),
            )
        )
    return Page(items=items, next=following)


@router.get("/refunds")
async def browse(
    who: Treasurer, refunds: AllRefunds, page: Paging, state: Annotated[RefundState, Query()]
) -> Page[RefundView]:
    """All refunds at one step, the oldest first."""
    found, following = await refunds.in_state(state, page)
    return Page(items=[RefundView.of(one) for one in found], next=following)


@router.get("/refunds/{refund_id}", response_model=RefundView, responses=problems(RefundUnknown))
async def read(refund_id: UUID, who: Treasurer, refunds: AllRefunds) -> Response:
    found = await refunds.get(refund_id)
    return reply(RefundView.of(found), version=found.version).response()


@router.post(
    "/registrations/{registration_id}/refunds",
    status_code=201,
    response_model=RefundView,
    responses=problems(RegistrationUnknown, MoreThanDue, ReasonMissing, KeyReused),
)
async def propose(
    registration_id: UUID,
    body: RefundProposal,
    who: Treasurer,
    registrations: AllRegistrations,
    bookables: TheBookableQueries,
    service: TheRefundService,
    execute: Execute,
) -> Response:
    """Propose what to do with money that is due back. Somebody else has to approve it."""
    one = await registrations.get(registration_id)
    bookable = await bookables.find(one.bookable_id)
    starts_at = bookable and bookable.starts_at
    key = new_id()
    command = Propose(key, one, starts_at, body.amount, body.kept, body.reason, who.person_id)
    return await execute(service, key, command, RefundView.of, status=201)


STEP = problems(
    RefundUnknown, OwnProposal, WrongRefundStep, PreconditionFailed, PreconditionRequired, KeyReused
)


@router.post("/refunds/{refund_id}/approval", response_model=RefundView, responses=STEP)
async def approve(
    refund_id: UUID, who: Treasurer, service: TheRefundService, execute: Execute
) -> Response:
    """Approve a refund that somebody else proposed. If-Match names the version that you read."""
    return await execute(service, refund_id, Approve(who.person_id), RefundView.of, must_match=True)


@router.post("/refunds/{refund_id}/refusal", response_model=RefundView, responses=STEP)
async def decline(
    refund_id: UUID,
    body: RefundRefusal,
    who: Treasurer,
    service: TheRefundService,
    execute: Execute,
) -> Response:
    """Decline a refund that somebody else proposed. The money is due again."""
    command = Decline(who.person_id, body.reason)
    return await execute(service, refund_id, command, RefundView.of, must_match=True)


@router.post("/refunds/{refund_id}/payout", response_model=RefundView, responses=STEP)
async def pay_out(
    refund_id: UUID, body: RefundPayout, who: Treasurer, service: TheRefundService, execute: Execute
) -> Response:
    """Record that the money was paid out, and by which transfer."""
    command = PayOut(who.person_id, body.bank_reference)
    return await execute(service, refund_id, command, RefundView.of, must_match=True)
