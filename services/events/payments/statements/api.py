"""Bank statements: uploaded by treasurers, matched with registrations by their reference."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body
from pydantic import BaseModel
from starlette.responses import Response

from services.events.booking.registrations.errors import RegistrationUnknown
from services.events.booking.registrations.state import Status
from services.events.dependencies import Treasurer
from services.events.payments.dependencies import AllPayments, ThePaymentService
from services.events.payments.fees.api import PaymentView
from services.events.payments.fees.errors import (
    BankLineMatched,
    BankLineUnknown,
    NothingToPay,
    StatementUnreadable,
)
from services.events.payments.fees.service import TransferOutcome, TransferResult
from services.events.payments.fees.state import BankLine
from services.events.payments.statements.rules import StatementRow, parse_statement
from services.events.programme.ticket_kinds.errors import NoAccount
from shared.http.execute import Execute, reply
from shared.http.idempotency import KeyReused, Reply
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.mongo import Tx
from shared.text import Line

router = APIRouter(prefix="/v1", tags=["payments"])


class StatementLineView(BaseModel):
    """The result of one line of a statement."""

    line: int  # in the file, from 1
    outcome: TransferOutcome
    amount: int | None = None  # of the transfer, in đồng
    registration_id: UUID | None = None  # that it pays for
    status: Status | None = None  # of that registration, afterwards
    owing: int | None = None  # what is still to be paid for it
    due_back: int | None = None  # what was paid too much

    @classmethod
    def of(cls, row: StatementRow, result: TransferResult | None) -> "StatementLineView":
        if row.transfer is None:
            outcome = TransferOutcome.NOT_INCOMING if row.readable else TransferOutcome.UNREADABLE
            return cls(line=row.number, outcome=outcome)
        assert result is not None  # noqa: S101 - every transfer has a result
        view = cls(line=row.number, outcome=result.outcome, amount=row.transfer.amount)
        one = result.registration
        if one is None:
            return view
        return view.model_copy(
            update={
                "registration_id": one.id,
                "status": one.status,
                "owing": one.owing,
                "due_back": one.due_back,
            }
        )


class StatementView(BaseModel):
    counts: dict[TransferOutcome, int]
    lines: Sequence[StatementLineView]


class BankLineView(BaseModel):
    """An incoming transfer whose registration is unknown."""

    key: str
    paid_at: datetime
    amount: int
    text: str


class TransferAssignment(BaseModel):
    registration_id: UUID
    reason: Line


@router.post("/statements", responses=problems(StatementUnreadable, NoAccount))
async def upload(
    body: Annotated[bytes, Body(media_type="text/csv")],
    who: Treasurer,
    payments: ThePaymentService,
) -> StatementView:
    """Record the payments of a bank statement: CSV in UTF-8, with the bank's own column names.

    One account serves all editions, so a statement belongs to no edition. A line that was recorded
    before is answered `already_known`. So the same statement can be uploaded again, and statements
    may overlap.
    """
    if payments.account is None:
        raise NoAccount
    rows = parse_statement(body, payments.account.account_number)
    transfers = [row.transfer for row in rows if row.transfer is not None]
    results = iter(await payments.record_transfers(transfers, who.person_id))
    lines = [StatementLineView.of(row, next(results) if row.transfer else None) for row in rows]
    return StatementView(counts=Counter(line.outcome for line in lines), lines=lines)


@router.get("/bank-lines")
async def unmatched(who: Treasurer, payments: AllPayments, page: Paging) -> Page[BankLineView]:
    """Incoming transfers whose registration is unknown, the oldest first."""
    found, following = await payments.unmatched(page)
    return Page(items=[_view(one) for one in found], next=following)


@router.post(
    "/bank-lines/{key}/assignment",
    status_code=201,
    response_model=PaymentView,
    responses=problems(
        BankLineUnknown, BankLineMatched, RegistrationUnknown, NothingToPay, KeyReused
    ),
)
async def assign(
    key: str,
    body: TransferAssignment,
    who: Treasurer,
    payments: ThePaymentService,
    execute: Execute,
) -> Response:
    """Say which registration a transfer pays for. The reason is kept with the payment."""

    async def work(tx: Tx) -> Reply:
        payment = await payments.assign(tx, key, body.registration_id, body.reason, who.person_id)
        return reply(PaymentView.of(payment), status=201)

    return await execute.idempotent(work)


def _view(one: BankLine) -> BankLineView:
    return BankLineView(key=one.key, paid_at=one.paid_at, amount=one.amount, text=one.text)
