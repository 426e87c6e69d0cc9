"""Payments: fees, bank statements and refunds."""

from services.events.booking.unit_of_work.service import BookingStores
from services.events.payments.fees import api as fees_api
from services.events.payments.fees import store as fees_store
from services.events.payments.fees.service import PaymentService
from services.events.payments.fees.store import Payments
from services.events.payments.refunds import api as refunds_api
from services.events.payments.refunds import store as refunds_store
from services.events.payments.refunds.service import RefundService
from services.events.payments.refunds.store import Refunds
from services.events.payments.statements import api as statements_api
from services.events.programme.sessions.queries import BookableQueries
from services.events.settings import Settings
from shared.service import Area, Platform


def build(platform: Platform[Settings], programme: Area, booking: Area) -> Area:
    mongo, outbox = platform.mongo, platform.outbox
    stores, payments, refunds = booking[BookingStores], Payments(mongo), Refunds(mongo, outbox)
    return Area(
        routers=[fees_api.router, statements_api.router, refunds_api.router],
        provides=[
            payments,
            PaymentService(mongo, platform.clock, stores, programme[BookableQueries], payments),
            refunds,
            RefundService(refunds, stores),
        ],
        indexes=[*fees_store.INDEXES, *refunds_store.INDEXES],
    )
