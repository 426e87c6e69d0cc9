"""Refunds: money that is due back, from the proposal to the payout."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field, model_validator
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
from shared.schema import Schema, example
from shared.text import Line

router = APIRouter(prefix="/v1", tags=["refunds"])
Dong = Annotated[int, Field(ge=0, le=1_000_000_000)]


class DueBackView(Schema):
    """Money that we hold for no seat, or for none any longer."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "registration_id": "0199f3a2-8d10-7c35-a2b4-91f6d0c7e583",
                "bookable_id": "0199f3a2-3b42-7c33-8d5e-6f708192a3b4",
                "person_id": "0199f3a2-6e75-7f66-8192-a3b4c5d6e7f8",
                "status": "cancelled",
                "due_back": 300000,
                "in_full": True,
                "bookable_kind": "session",
            }
        )
    )

    registration_id: UUID
    bookable_id: UUID
    """What it was paid for: the id of a session or, for a course, of its activity."""
    bookable_kind: BookableKind
    person_id: UUID
    """Whom it goes back to."""
    status: Status
    """The status of the registration."""
    due_back: int
    """How much, in đồng."""
    in_full: bool
    """What the rules say: true, all of it goes back; false, nothing."""


class RefundView(Schema):
    """Money that goes back to somebody."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                "registration_id": "0199f3a2-8d10-7c35-a2b4-91f6d0c7e583",
                "bookable_id": "0199f3a2-3b42-7c33-8d5e-6f708192a3b4",
                "person_id": "0199f3a2-6e75-7f66-8192-a3b4c5d6e7f8",
                "amount": 300000,
                "kept": 0,
                "state": "proposed",
                "bank_reference": None,
                "record": [
                    {
                        "step": "proposed",
                        "by": "0199f3a2-6e75-7f67-92a3-b4c5d6e7f809",
                        "at": "2026-11-05T04:00:00Z",
                        "note": None,
                    }
                ],
                "bookable_kind": "session",
            }
        )
    )

    id: UUID
    registration_id: UUID
    bookable_id: UUID
    """What it was paid for: the id of a session or, for a course, of its activity."""
    bookable_kind: BookableKind
    person_id: UUID
    """Who gets it."""
    amount: int
    """How much goes back, in đồng."""
    kept: int
    """How much of what is due does not go back, in đồng; this settles it."""
    state: RefundState
    """`proposed`, `approved` by somebody else or `declined`, then `paid_out`."""
    bank_reference: str | None
    """The transfer that paid it out."""
    record: Sequence[RefundStep]
    """Who took which step when, in order of time."""

    @classmethod
    def of(cls, refund: Refund) -> "RefundView":
        return cls.model_validate(refund, from_attributes=True)


class RefundProposal(Schema):
    """How much of what is due goes back, and how much does not."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"amount": 250000, "kept": 50000, "reason": "Trừ phí nguyên liệu đã chuẩn bị"}
        )
    )

    amount: Dong
    """How much goes back, in whole đồng."""
    kept: Dong = 0
    """How much of what is due does not go back, in whole đồng."""
    reason: Line | None = None
    """Why; needed where it is not what the rules say."""

    @model_validator(mode="after")
    def _something(self) -> "RefundProposal":
        if not self.amount + self.kept:
            raise ValueError("neither given back nor kept")
        return self


class RefundRefusal(Schema):
    """Why a refund is refused."""

    model_config = ConfigDict(json_schema_extra=example({"reason": "Chưa đủ chứng từ"}))

    reason: Line
    """Why; the staff read it."""


class RefundPayout(Schema):
    """That the money has gone back."""

    model_config = ConfigDict(json_schema_extra=example({"bank_reference": "FT26310482917"}))

    bank_reference: Line
    """The bank's reference of the transfer that paid it out."""


@router.get("/refunds/due")
async def list_due_refunds(
    who: Treasurer, registrations: AllRegistrations, bookables: TheBookableQueries, page: Paging
) -> Page[DueBackView]:
    """Whom we owe money.

    It was cancelled after it was paid, or it was paid twice, too much or too late.
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
async def list_refunds(
    who: Treasurer,
    refunds: AllRefunds,
    page: Paging,
    state: Annotated[RefundState, Query(description="The step that they are at.")],
) -> Page[RefundView]:
    """All refunds at one step, the oldest first."""
    found, following = await refunds.in_state(state, page)
    return Page(items=[RefundView.of(one) for one in found], next=following)


@router.get("/refunds/{refund_id}", response_model=RefundView, responses=problems(RefundUnknown))
async def read_refund(refund_id: UUID, who: Treasurer, refunds: AllRefunds) -> Response:
    """A refund, and who took which step."""
    found = await refunds.get(refund_id)
    return reply(RefundView.of(found), version=found.version).response()


@router.post(
    "/registrations/{registration_id}/refunds",
    status_code=201,
    response_model=RefundView,
    responses=problems(RegistrationUnknown, MoreThanDue, ReasonMissing, KeyReused),
)
async def propose_refund(
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
async def approve_refund(
    refund_id: UUID, who: Treasurer, service: TheRefundService, execute: Execute
) -> Response:
    """Approve what somebody else has proposed, as it was read (If-Match)."""
    return await execute(service, refund_id, Approve(who.person_id), RefundView.of, must_match=True)


@router.post("/refunds/{refund_id}/refusal", response_model=RefundView, responses=STEP)
async def decline_refund(
    refund_id: UUID,
    body: RefundRefusal,
    who: Treasurer,
    service: TheRefundService,
    execute: Execute,
) -> Response:
    """Refuse what somebody else has proposed. The money is due again."""
    command = Decline(who.person_id, body.reason)
    return await execute(service, refund_id, command, RefundView.of, must_match=True)


@router.post("/refunds/{refund_id}/payout", response_model=RefundView, responses=STEP)
async def pay_out_refund(
    refund_id: UUID, body: RefundPayout, who: Treasurer, service: TheRefundService, execute: Execute
) -> Response:
    """Say that the money has gone back, and by which transfer."""
    command = PayOut(who.person_id, body.bank_reference)
    return await execute(service, refund_id, command, RefundView.of, must_match=True)
