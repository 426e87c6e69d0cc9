"""Takes payments: each in one transaction with what it does to the registration and its pools.

A payment and a place that expires at the same instant write the same registration, so one of them
runs again on what the other has left. Two uploads of one statement write the same bank line, so
one of them finds it known.
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
from services.events.booking.registrations.state import Registration
from services.events.booking.unit_of_work.service import BookingStores, BookingUnitOfWork
from services.events.payments.fees.errors import BankLineMatched, NothingToPay
from services.events.payments.fees.queries import BookableQueries
from services.events.payments.fees.rules import BankTransfer, credited
from services.events.payments.fees.store import BankLine, Payment, Payments
from shared.cause import current_cause
from shared.clock import Clock
from shared.ids import new_id
from shared.mongo import Mongo, MongoError, Tx, duplicated_key

AT_ONCE = 100  # lines of a statement in one transaction
RETRIES = 5
T = TypeVar("T")


class Outcome(StrEnum):
    MATCHED = "matched"
    AMOUNT_DIFFERS = "amount_differs"  # taken all the same; see what is owing, and due back
    ALREADY_KNOWN = "already_known"
    UNKNOWN_REFERENCE = "unknown_reference"  # none, or more than one: for staff to look at
    NOT_INCOMING = "not_incoming"
    UNREADABLE = "unreadable"


class TransferResult(NamedTuple):
    outcome: Outcome
    registration: Registration | None = None  # as it is afterwards


class PaymentService:
    def __init__(
        self,
        mongo: Mongo,
        clock: Clock,
        stores: BookingStores,
        occasions: BookableQueries,
        payments: Payments,
    ) -> None:
        self._mongo = mongo
        self._clock = clock
        self._stores = stores
        self.account = stores.account  # where fees go, if anything may cost something
        self._occasions = occasions
        self._payments = payments

    async def take(self, transfers: Sequence[BankTransfer], by: UUID) -> list[TransferResult]:
        """What becomes of each. A crash half-way does no harm: upload the statement again."""
        taken: list[TransferResult] = []
        for start in range(0, len(transfers), AT_ONCE):
            some = transfers[start : start + AT_ONCE]
            taken += await self._again(partial(self._match, transfers=some, by=by))
        return taken

    async def by_hand(
        self, tx: Tx, registration_id: UUID, amount: int, paid_at: datetime, note: str, by: UUID
    ) -> Payment:
        """Money that staff have seen themselves. Raises `NothingToPay`."""
        book = BookingUnitOfWork(tx, self._stores)
        await book.find([registration_id])
        transfer = BankTransfer("", paid_at, amount, note)
        payment, _ = await self._credit(tx, book, registration_id, transfer, by, note)
        book.close()
        return payment

    async def assign(self, tx: Tx, key: str, registration_id: UUID, note: str, by: UUID) -> Payment:
        """A transfer that no reference led from; staff say whose it is.

        Raises `BankLineUnknown`, `BankLineMatched`, `NothingToPay`.
        """
        line = await self._payments.line(tx, key)
        if line.registration_id is not None:
            raise BankLineMatched
        book = BookingUnitOfWork(tx, self._stores)
        await book.find([registration_id])
        transfer = BankTransfer(key, line.paid_at, line.amount, line.text)
        payment, _ = await self._credit(tx, book, registration_id, transfer, by, note)
        self._payments.match(tx, line, payment.registration_id)
        book.close()
        return payment

    async def _match(
        self, tx: Tx, transfers: Sequence[BankTransfer], by: UUID
    ) -> list[TransferResult]:
        known = await self._payments.lines(tx, [one.key for one in transfers])
        book = BookingUnitOfWork(tx, self._stores)
        named = {one.key: references_in(one.text) for one in transfers}
        owners = await self._stores.registrations.referred(
            tx, {reference for found in named.values() for reference in found}
        )
        earlier = [line.registration_id for line in known.values() if line.registration_id]
        await book.find([*owners.values(), *earlier])
        taken = []
        for one in transfers:
            if one.key in known:
                whose = known[one.key].registration_id
                taken.append(
                    TransferResult(Outcome.ALREADY_KNOWN, book.known(whose) if whose else None)
                )
                continue
            mine = [owners[reference] for reference in named[one.key] if reference in owners]
            line = BankLine(one.key, one.paid_at, one.amount, one.text, by, self._clock())
            if len(mine) != 1:
                self._payments.write_line(tx, line)
                known[one.key] = line
                taken.append(TransferResult(Outcome.UNKNOWN_REFERENCE))
                continue
            _, result = await self._credit(tx, book, mine[0], one, by, None)
            taken.append(result)
            assert result.registration is not None  # noqa: S101 - it was credited
            known[one.key] = line = replace(line, registration_id=result.registration.id)
            self._payments.write_line(tx, line)
        book.close()
        return taken

    async def _credit(
        self,
        tx: Tx,
        book: BookingUnitOfWork,
        key: UUID,
        transfer: BankTransfer,
        by: UUID,
        note: str | None,
    ) -> tuple[Payment, TransferResult]:
        now = self._clock()
        one = book.known(key)
        if not one.amount and one.reference is None:  # what became free may still be paid for
            raise NothingToPay
        occasion = await self._occasions.find(one.session_id, tx)
        ends_at = occasion and occasion.ends_at

        def rule(desk: RegistrationContext, found: Registration) -> Registration:
            return credited(desk, found, transfer.amount, now, ends_at=ends_at)

        after = await book.revise(key, rule, now, current_cause())
        payment = Payment(
            id=new_id(),
            registration_id=after.id,
            session_id=after.session_id,
            edition_id=occasion and occasion.edition_id,
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
        return payment, TransferResult(Outcome.MATCHED if exact else Outcome.AMOUNT_DIFFERS, after)

    async def _again(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Again where another upload has written one of these lines in between."""
        for _ in range(RETRIES):
            try:
                return await self._mongo.transaction(work)
            except MongoError as error:
                if duplicated_key(error) is None:
                    raise
        return await self._mongo.transaction(work)
