"""Payments: what to pay for a registration and how, and what was paid."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import ConfigDict, Field
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
from shared.schema import Schema, example
from shared.text import Line

router = APIRouter(prefix="/v1", tags=["fees"])
Dong = Annotated[int, Field(ge=1, le=1_000_000_000)]


class InvoiceView(Schema):
    """What to transfer, where, and until when."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "amount": 300000,
                "reference": "HN7K2M9Q4T",
                "expires_at": "2026-10-01T03:00:04Z",
                "bank_bin": "970436",
                "bank_name": "Vietcombank",
                "account_number": "0123456789",
                "account_holder": "SO VAN HOA VA THE THAO HA NOI",
                "payload": "00020101021238540010A00000072701240006970436",
            }
        )
    )

    amount: int
    """What is still to be paid, in đồng."""
    reference: str
    """What the text of the transfer has to contain."""
    expires_at: datetime
    """Until when the seat is kept: RFC 3339, in UTC."""
    bank_bin: str
    """The bank's number in the card network (BIN), as VietQR uses it."""
    bank_name: str
    """The bank's name."""
    account_number: str
    """The account to transfer to."""
    account_holder: str
    """Whose account it is, as banks write it."""
    payload: str
    """What a VietQR code holds (EMVCo)."""


class PaymentView(Schema):
    """A payment, as treasurers see it."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                "registration_id": "0199f3a2-8d10-7c35-a2b4-91f6d0c7e583",
                "bookable_id": "0199f3a2-3b42-7c33-8d5e-6f708192a3b4",
                "person_id": "0199f3a2-6e75-7f66-8192-a3b4c5d6e7f8",
                "amount": 300000,
                "paid_at": "2026-10-01T02:31:00Z",
                "by_hand": True,
                "note": "Tiền mặt tại quầy",
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
    """The holder of the registration."""
    amount: int
    """How much was paid, in đồng."""
    paid_at: datetime
    """When it was paid: RFC 3339, in UTC."""
    by_hand: bool
    """Whether staff recorded it; else it comes from a bank statement."""
    note: str | None
    """What staff said when they recorded it."""

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


class OwnPaymentView(Schema):
    """A payment, as the person who paid sees it."""

    registration_id: UUID
    bookable_id: UUID
    """What it was paid for: the id of a session or, for a course, of its activity."""
    bookable_kind: BookableKind
    amount: int
    """How much was paid, in đồng."""
    paid_at: datetime
    """When it was paid: RFC 3339, in UTC."""


class ManualPayment(Schema):
    """Money that staff have seen themselves: cash, or a transfer that no statement shows."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"amount": 300000, "paid_at": "2026-10-01T02:31:00Z", "note": "Tiền mặt tại quầy"}
        )
    )

    amount: Dong
    """How much, in whole đồng."""
    paid_at: Moment
    """When it was paid: RFC 3339."""
    note: Line
    """Why it is recorded by hand."""


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
    """How to pay for a seat that is kept until it is paid."""
    return found


@router.get(
    "/registrations/{registration_id}/payment.png",
    response_class=Response,
    responses=REFUSALS | {200: {"content": {"image/png": {}}}},
)
async def read_invoice_png(found: Invoice) -> Response:
    """The VietQR code that a banking app reads amount, account and reference from, in pixels."""
    return Response(qr_code.png(found.payload), media_type="image/png")


@router.get(
    "/registrations/{registration_id}/payment.svg",
    response_class=Response,
    responses=REFUSALS | {200: {"content": {"image/svg+xml": {}}}},
)
async def read_invoice_svg(found: Invoice) -> Response:
    """The VietQR code that a banking app reads, for pages and print."""
    return Response(qr_code.svg(found.payload), media_type="image/svg+xml")


@router.post(
    "/registrations/{registration_id}/payments",
    status_code=201,
    response_model=PaymentView,
    responses=problems(RegistrationUnknown, NothingToPay, KeyReused),
)
async def record_payment(
    registration_id: UUID,
    body: ManualPayment,
    who: Treasurer,
    payments: ThePaymentService,
    execute: Execute,
) -> Response:
    """Record a payment by hand."""

    async def work(tx: Tx) -> Reply:
        payment = await payments.record_by_hand(
            tx, registration_id, body.amount, body.paid_at, body.note, who.person_id
        )
        return reply(PaymentView.of(payment), status=201)

    return await execute.idempotent(work)


@router.get("/editions/{edition_id}/payments")
async def list_payments(
    edition_id: UUID, who: Treasurer, payments: AllPayments, page: Paging
) -> Page[PaymentView]:
    """What was paid for an edition's sessions, the latest first."""
    found, following = await payments.of_edition(edition_id, page)
    return Page(items=[PaymentView.of(one) for one in found], next=following)


@router.get("/me/payments")
async def list_my_payments(
    who: SignedIn, payments: AllPayments, page: Paging
) -> Page[OwnPaymentView]:
    """One's own payments, the latest first."""
    found, following = await payments.of_person(who.person_id, page)
    items = [OwnPaymentView.model_validate(one, from_attributes=True) for one in found]
    return Page(items=items, next=following)
