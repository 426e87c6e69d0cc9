"""Payments: what to pay for a registration and how, and what was paid."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.responses import Response

from services.events.booking.billing.vietqr import payload
from services.events.booking.dependencies import OwnRegistration
from services.events.booking.registrations.errors import RegistrationUnknown
from services.events.booking.registrations.state import Status
from services.events.dependencies import Treasurer
from services.events.payments.dependencies import AllPayments, ThePaymentService
from services.events.payments.fees.errors import NothingToPay
from services.events.payments.fees.state import Payment
from shared import qr_code
from shared.clock import Moment
from shared.contracts.events import BookableKind
from shared.http.access import SignedIn
from shared.http.execute import Execute, reply
from shared.http.idempotency import KeyReused, Reply
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.mongo import Tx
from shared.text import Line

router = APIRouter(prefix="/v1", tags=["payments"])
Dong = Annotated[int, Field(ge=1, le=1_000_000_000)]


class InvoiceView(BaseModel):
    """What to transfer, where, and until when. `payload` is the content of the VietQR code."""

    amount: int  # still to be paid, in đồng
    reference: str  # must be in the text of the transfer
    expires_at: datetime
    bank_bin: str
    bank_name: str
    account_number: str
    account_holder: str
    payload: str


class PaymentView(BaseModel):
    id: UUID
    registration_id: UUID
    bookable_id: UUID
    bookable_kind: BookableKind
    person_id: UUID
    amount: int
    paid_at: datetime
    by_hand: bool
    note: str | None  # what staff wrote when they recorded it

    @classmethod
    def of(cls, one: Payment) -> "PaymentView":
        return cls(
            id=one.id,
            registration_id=one.registration_id,
            bookable_id=one.bookable_id,
            bookable_kind=one.bookable_kind,
            person_id=one.person_id,
            amount=one.amount,
            paid_at=one.paid_at,
            by_hand=one.line is None,
            note=one.note,
        )


class OwnPaymentView(BaseModel):
    registration_id: UUID
    bookable_id: UUID
    bookable_kind: BookableKind
    amount: int
    paid_at: datetime


class ManualPayment(BaseModel):
    """Money that staff have received: cash, or a transfer that no statement shows."""

    amount: Dong
    paid_at: Moment
    note: Line  # why it is recorded by hand


async def invoice(own: OwnRegistration, payments: ThePaymentService) -> InvoiceView:
    """Raises `NothingToPay`."""
    account, until = payments.account, own.expires_at
    unpaid = own.status is Status.UNPAID and own.owing
    if not unpaid or own.reference is None or account is None or not until:
        raise NothingToPay
    return InvoiceView(
        amount=own.owing,
        reference=own.reference,
        expires_at=until,
        payload=payload(account, own.owing, own.reference),
        **account._asdict(),
    )


Invoice = Annotated[InvoiceView, Depends(invoice)]
REFUSALS = problems(RegistrationUnknown, NothingToPay)


@router.get("/registrations/{registration_id}/payment", responses=REFUSALS)
async def read_invoice(found: Invoice) -> InvoiceView:
    """How to pay for a registration that is `unpaid`."""
    return found


@router.get(
    "/registrations/{registration_id}/payment.png",
    response_class=Response,
    responses=REFUSALS | {200: {"content": {"image/png": {}}}},
)
async def read_invoice_png(found: Invoice) -> Response:
    """The VietQR code, as a PNG. A banking app reads amount, account and reference from it."""
    return Response(qr_code.png(found.payload), media_type="image/png")


@router.get(
    "/registrations/{registration_id}/payment.svg",
    response_class=Response,
    responses=REFUSALS | {200: {"content": {"image/svg+xml": {}}}},
)
async def read_invoice_svg(found: Invoice) -> Response:
    """The VietQR code, as an SVG for web pages and print."""
    return Response(qr_code.svg(found.payload), media_type="image/svg+xml")


@router.post(
    "/registrations/{registration_id}/payments",
    status_code=201,
    response_model=PaymentView,
    responses=problems(RegistrationUnknown, NothingToPay, KeyReused),
)
async def receive(
    registration_id: UUID,
    body: ManualPayment,
    who: Treasurer,
    payments: ThePaymentService,
    execute: Execute,
) -> Response:
    """Record a payment by hand, for example cash."""

    async def work(tx: Tx) -> Reply:
        payment = await payments.record_by_hand(
            tx, registration_id, body.amount, body.paid_at, body.note, who.person_id
        )
        return reply(PaymentView.of(payment), status=201)

    return await execute.idempotent(work)


@router.get("/editions/{edition_id}/payments")
async def of_edition(
    edition_id: UUID, who: Treasurer, payments: AllPayments, page: Paging
) -> Page[PaymentView]:
    """The payments for an edition's sessions and courses, the latest first."""
    found, following = await payments.of_edition(edition_id, page)
    return Page(items=[PaymentView.of(one) for one in found], next=following)


@router.get("/me/payments")
async def mine(who: SignedIn, payments: AllPayments, page: Paging) -> Page[OwnPaymentView]:
    """Your own payments, the latest first."""
    found, following = await payments.of_person(who.person_id, page)
    items = [OwnPaymentView.model_validate(one, from_attributes=True) for one in found]
    return Page(items=items, next=following)
