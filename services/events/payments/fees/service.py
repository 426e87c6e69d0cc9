"""Records payments. A payment, its registration and the quotas change in one transaction.

If a payment arrives at the moment at which its registration expires, both write the registration.
One of the two transactions runs again and sees what the other has written. If a statement is
uploaded twice at the same time, both write the same bank lines, and one finds them known.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import NamedTuple, TypeVar
from uuid import UUID

from services.events.booking.billing.reference import references_in
from services.events.booking.registrations.rules import RegistrationContext
from services.events.booking.registrations.state import Registration, RegistrationDecision
from services.events.booking.unit_of_work.service import BookingStores, BookingUnitOfWork
from services.events.payments.fees.errors import BankLineMatched, NothingToPay
from services.events.payments.fees.rules import BankTransfer, credited
from services.events.payments.fees.state import BankLine, Payment
from services.events.payments.fees.store import Payments
from services.events.programme.sessions.queries import BookableQueries
from shared.cause import current_cause
from shared.clock import Clock
from shared.ids import new_id
from shared.mongo import Mongo, MongoError, Tx, duplicated_key

BATCH_SIZE = 100  # lines of a statement in one transaction
RETRIES = 5
T = TypeVar("T")


class TransferOutcome(StrEnum):
    MATCHED = "matched"
    AMOUNT_DIFFERS = "amount_differs"  # recorded all the same; see `owing` and `due_back`
    ALREADY_KNOWN = "already_known"
    UNKNOWN_REFERENCE = "unknown_reference"  # no reference, or several: staff decide
    NOT_INCOMING = "not_incoming"
    UNREADABLE = "unreadable"


class TransferResult(NamedTuple):
    outcome: TransferOutcome
    registration: Registration | None = None  # as it is afterwards


class PaymentService:
    def __init__(
        self,
        mongo: Mongo,
        clock: Clock,
        stores: BookingStores,
        bookables: BookableQueries,
        payments: Payments,
    ) -> None:
        self._mongo = mongo
        self._clock = clock
        self._stores = stores
        self.account = stores.account  # for fees; None: nothing may have a fee
        self._bookables = bookables
        self._payments = payments

    async def record_transfers(
        self, transfers: Sequence[BankTransfer], by: UUID
    ) -> list[TransferResult]:
        """Record the payments of a statement. Returns the result of each transfer.

        After a crash half-way, upload the same statement again.
        """
        results: list[TransferResult] = []
        for start in range(0, len(transfers), BATCH_SIZE):
            some = transfers[start : start + BATCH_SIZE]
            results += await self._retry(partial(self._match, transfers=some, by=by))
        return results

    async def record_by_hand(
        self, tx: Tx, registration_id: UUID, amount: int, paid_at: datetime, note: str, by: UUID
    ) -> Payment:
        """Record money that staff have received. Raises `NothingToPay`."""
        uow = BookingUnitOfWork(tx, self._stores)
        await uow.find([registration_id])
        transfer = BankTransfer("", paid_at, amount, note)
        payment, _ = await self._credit(tx, uow, registration_id, transfer, by, note)
        uow.close()
        return payment

    async def assign(self, tx: Tx, key: str, registration_id: UUID, note: str, by: UUID) -> Payment:
        """Record a transfer without a reference, for the registration that staff name.

        Raises `BankLineUnknown`, `BankLineMatched`, `NothingToPay`.
        """
        line = await self._payments.line(tx, key)
        if line.registration_id is not None:
            raise BankLineMatched
        uow = BookingUnitOfWork(tx, self._stores)
        await uow.find([registration_id])
        transfer = BankTransfer(key, line.paid_at, line.amount, line.text)
        payment, _ = await self._credit(tx, uow, registration_id, transfer, by, note)
        self._payments.match(tx, line, payment.registration_id)
        uow.close()
        return payment

    async def _match(
        self, tx: Tx, transfers: Sequence[BankTransfer], by: UUID
    ) -> list[TransferResult]:
        known = await self._payments.lines(tx, [one.key for one in transfers])
        uow = BookingUnitOfWork(tx, self._stores)
        references = {one.key: references_in(one.text) for one in transfers}
        owners = await self._stores.registrations.by_reference(
            tx, {reference for found in references.values() for reference in found}
        )
        earlier = [line.registration_id for line in known.values() if line.registration_id]
        await uow.find([*owners.values(), *earlier])
        results = []
        for one in transfers:
            if one.key in known:
                paid_for = known[one.key].registration_id
                results.append(
                    TransferResult(
                        TransferOutcome.ALREADY_KNOWN, uow.known(paid_for) if paid_for else None
                    )
                )
                continue
            named = [owners[key] for key in references[one.key] if key in owners]
            line = BankLine(one.key, one.paid_at, one.amount, one.text, by, self._clock())
            if len(named) != 1:
                self._payments.write_line(tx, line)
                known[one.key] = line
                results.append(TransferResult(TransferOutcome.UNKNOWN_REFERENCE))
                continue
            _, result = await self._credit(tx, uow, named[0], one, by, None)
            results.append(result)
            assert result.registration is not None  # noqa: S101 - it was credited
            known[one.key] = line = replace(line, registration_id=result.registration.id)
            self._payments.write_line(tx, line)
        uow.close()
        return results

    async def _credit(
        self,
        tx: Tx,
        uow: BookingUnitOfWork,
        key: UUID,
        transfer: BankTransfer,
        by: UUID,
        note: str | None,
    ) -> tuple[Payment, TransferResult]:
        now = self._clock()
        one = uow.known(key)
        if not one.amount and one.reference is None:  # a reference: it had a fee before
            raise NothingToPay
        bookable = await self._bookables.find(one.bookable_id, tx)
        ends_at = bookable and bookable.ends_at

        def credit(context: RegistrationContext, found: Registration) -> RegistrationDecision:
            return credited(context, found, transfer.amount, now, ends_at=ends_at)

        after = await uow.revise(key, credit, now, current_cause())
        payment = Payment(
            id=new_id(),
            registration_id=after.id,
            bookable_id=after.bookable_id,
            bookable_kind=after.bookable_kind,
            edition_id=bookable and bookable.edition_id,
            person_id=after.person_id,
            amount=transfer.amount,
            paid_at=transfer.paid_at,
            line=transfer.key or None,
            note=note,
            by=by,
            at=now,
        )
        self._payments.write(tx, payment)
        self._stores.audit.record(
            tx, "registration.pay", "registration", after.id, now, version=after.version,
            changed=["paid"], reason=note,
        )  # fmt: skip
        exact = after.paid == after.amount
        return payment, TransferResult(
            TransferOutcome.MATCHED if exact else TransferOutcome.AMOUNT_DIFFERS, after
        )

    async def _retry(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run the transaction again if another upload has written one of these lines."""
        for _ in range(RETRIES):
            try:
                return await self._mongo.transaction(work)
            except MongoError as error:
                if duplicated_key(error) is None:
                    raise
        return await self._mongo.transaction(work)
