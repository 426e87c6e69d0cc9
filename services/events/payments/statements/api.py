"""Bank statements: uploaded by treasurers, matched with registrations by their reference."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Path
from fastapi.openapi.models import Example
from pydantic import ConfigDict
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
from shared.schema import Schema, example
from shared.text import Line

router = APIRouter(prefix="/v1", tags=["bank statements"])
STATEMENT: dict[str, Example] = {
    "statement": {
        "value": "Ngày giao dịch,Số tham chiếu,Ghi có,Nội dung\n"
        "01/10/2026 09:31,FT26274001,300000,HN7K2M9Q4T Nguyen Thi Lan ve gom\n"
    }
}


class StatementLineView(Schema):
    """The result of one line of a statement."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "line": 2,
                "outcome": "matched",
                "amount": 300000,
                "registration_id": "0199f3a2-8d10-7c35-a2b4-91f6d0c7e583",
                "status": "confirmed",
                "owing": 0,
                "due_back": 0,
            }
        )
    )

    line: int
    """The number of the line in the file, from 1."""
    outcome: TransferOutcome
    """`matched`; `amount_differs` (taken all the same); `already_known`; `unknown_reference` (none,
    or more than one: for staff to look at); `not_incoming`; `unreadable`."""
    amount: int | None = None
    """What came in, in đồng."""
    registration_id: UUID | None = None
    """The registration that it was taken for."""
    status: Status | None = None
    """The status of that registration afterwards."""
    owing: int | None = None
    """What is still to be paid for it, in đồng."""
    due_back: int | None = None
    """What we hold beyond that, in đồng."""

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


class StatementView(Schema):
    """What became of a bank statement."""

    counts: dict[TransferOutcome, int]
    """How many lines had which outcome."""
    lines: Sequence[StatementLineView]
    """Every line, in the order of the file."""


class BankLineView(Schema):
    """An incoming transfer that no reference leads from to a registration."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "key": "b7e23ec29af22b0b4e41da31e868d572",
                "paid_at": "2026-10-02T04:10:00Z",
                "amount": 150000,
                "text": "NGUYEN THI LAN chuyen tien ve gom",
            }
        )
    )

    key: str
    """Names the line of the statement."""
    paid_at: datetime
    """When it came in: RFC 3339, in UTC."""
    amount: int
    """How much, in đồng."""
    text: str
    """The text of the transfer."""


class TransferAssignment(Schema):
    """Whose a transfer is."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "registration_id": "0199f3a2-8d10-7c35-a2b4-91f6d0c7e583",
                "reason": "Người chuyển gọi điện xác nhận, ghi thiếu mã",
            }
        )
    )

    registration_id: UUID
    """The registration that it is taken for."""
    reason: Line
    """Why; it is kept with the payment."""


@router.post("/statements", responses=problems(StatementUnreadable, NoAccount))
async def upload_statement(
    body: Annotated[bytes, Body(media_type="text/csv", openapi_examples=STATEMENT)],
    who: Treasurer,
    payments: ThePaymentService,
) -> StatementView:
    """Take the payments of a bank statement: CSV in UTF-8, its columns named as banks name them.

    One account serves all editions, so a statement belongs to none. A line that was taken
    before is answered `already_known`, so the same statement, or one that overlaps with it, can
    be uploaded again.
    """
    if payments.account is None:
        raise NoAccount
    rows = parse_statement(body, payments.account.account_number)
    transfers = [row.transfer for row in rows if row.transfer is not None]
    results = iter(await payments.record_transfers(transfers, who.person_id))
    lines = [StatementLineView.of(row, next(results) if row.transfer else None) for row in rows]
    return StatementView(counts=Counter(line.outcome for line in lines), lines=lines)


@router.get("/bank-lines")
async def list_bank_lines(
    who: Treasurer, payments: AllPayments, page: Paging
) -> Page[BankLineView]:
    """Incoming transfers that belong to no known registration, the oldest first."""
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
async def assign_bank_line(
    key: Annotated[str, Path(description="The transfer's `key`.")],
    body: TransferAssignment,
    who: Treasurer,
    payments: ThePaymentService,
    execute: Execute,
) -> Response:
    """Say whose a transfer is. The reason is kept with the payment."""

    async def work(tx: Tx) -> Reply:
        payment = await payments.assign(tx, key, body.registration_id, body.reason, who.person_id)
        return reply(PaymentView.of(payment), status=201)

    return await execute.idempotent(work)


def _view(one: BankLine) -> BankLineView:
    return BankLineView(key=one.key, paid_at=one.paid_at, amount=one.amount, text=one.text)
