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
from services.events.payments.fees.service import Outcome, TransferResult
from services.events.payments.fees.store import BankLine
from services.events.payments.statements.rules import StatementRow, rows
from services.events.programme.ticket_kinds.errors import NoAccount
from shared.http.execute import Execute, reply
from shared.http.idempotency import KeyReused, Reply
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.mongo import Tx
from shared.text import Line

router = APIRouter(prefix="/v1", tags=["payments"])


class LineView(BaseModel):
    """What became of one line of a statement."""

    line: int  # in the file, from 1
    outcome: Outcome
    amount: int | None = None  # that came in, in đồng
    registration_id: UUID | None = None  # that it was taken for
    status: Status | None = None  # of that registration, afterwards
    owing: int | None = None  # what is still to be paid for it
    due_back: int | None = None  # what we hold beyond that

    @classmethod
    def of(cls, row: StatementRow, taken: TransferResult | None) -> "LineView":
        if row.transfer is None:
            outcome = Outcome.NOT_INCOMING if row.readable else Outcome.UNREADABLE
            return cls(line=row.number, outcome=outcome)
        assert taken is not None  # noqa: S101 - every transfer has its answer
        view = cls(line=row.number, outcome=taken.outcome, amount=row.transfer.amount)
        one = taken.registration
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
    counts: dict[Outcome, int]
    lines: Sequence[LineView]


class BankLineView(BaseModel):
    """An incoming transfer that no reference leads from."""

    key: str
    paid_at: datetime
    amount: int
    text: str


class Assignment(BaseModel):
    registration_id: UUID
    reason: Line


@router.post("/statements", responses=problems(StatementUnreadable, NoAccount))
async def upload(
    body: Annotated[bytes, Body(media_type="text/csv")],
    who: Treasurer,
    office: ThePaymentService,
) -> StatementView:
    """Take the payments of a bank statement: CSV in UTF-8, its columns named as banks name them.

    One account serves all editions, so statements belong to none. A line that was taken before is
    answered `already_known`, so the same statement, or one that overlaps, can be uploaded again.
    """
    if office.account is None:
        raise NoAccount
    found = rows(body, office.account.account_number)
    transfers = [row.transfer for row in found if row.transfer is not None]
    answers = iter(await office.take(transfers, who.person_id))
    lines = [LineView.of(row, next(answers) if row.transfer else None) for row in found]
    return StatementView(counts=Counter(line.outcome for line in lines), lines=lines)


@router.get("/bank-lines")
async def unmatched(who: Treasurer, payments: AllPayments, page: Paging) -> Page[BankLineView]:
    """Incoming transfers that nobody knows the registration of, the oldest first."""
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
    key: str, body: Assignment, who: Treasurer, office: ThePaymentService, execute: Execute
) -> Response:
    """Say whose a transfer is. The reason is kept with the payment."""

    async def work(tx: Tx) -> Reply:
        payment = await office.assign(tx, key, body.registration_id, body.reason, who.person_id)
        return reply(PaymentView.of(payment), status=201)

    return await execute.idempotent(work)


def _view(one: BankLine) -> BankLineView:
    return BankLineView(key=one.key, paid_at=one.paid_at, amount=one.amount, text=one.text)
