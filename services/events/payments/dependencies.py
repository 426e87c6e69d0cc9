"""What routes ask for from the payments area, by type."""

from typing import Annotated

from fastapi import Depends

from services.events.payments.fees.service import PaymentService
from services.events.payments.fees.store import Payments
from services.events.payments.refunds.service import RefundService
from services.events.payments.refunds.store import Refunds
from shared.http.provided import provided

AllPayments = Annotated[Payments, Depends(provided(Payments))]
AllRefunds = Annotated[Refunds, Depends(provided(Refunds))]
ThePaymentService = Annotated[PaymentService, Depends(provided(PaymentService))]
TheRefundService = Annotated[RefundService, Depends(provided(RefundService))]
