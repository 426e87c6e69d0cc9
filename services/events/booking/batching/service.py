"""Carries out booking commands: all that wait go into one transaction.

A batch decides command by command, in the order they came; what one decision changes, the next one
sees. A command that the rules refuse is refused alone. All that was decided is written together,
and the quotas make the batches of several replicas take turns: the second one runs again on what
the first has written.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from operator import itemgetter
from typing import NamedTuple

import structlog
from pydantic import BaseModel

from services.events.booking.clashes.queries import Clashes, ClashQueries
from services.events.booking.registrations.commands import Cancel, Claim, Expire
from services.events.booking.registrations.views import RegistrationView, view
from services.events.booking.unit_of_work.commands import BookingCommand
from services.events.booking.unit_of_work.service import BookingStores, BookingUnitOfWork
from services.events.settings import Settings
from shared.batcher import Batcher
from shared.cause import Cause, current_cause
from shared.clock import Clock
from shared.errors import DomainError
from shared.http import idempotency
from shared.http.execute import reply
from shared.http.idempotency import IdempotencyKey, Reply
from shared.mongo import Mongo, Tx

CLASHES_WITHIN = 2.0  # seconds that a batch waits for clashes; then it goes on without

Show = Callable[[Sequence[RegistrationView]], BaseModel]
"""Makes the answer from all registrations that were changed; the last one is what the person who
asked has now."""

log = structlog.get_logger(__name__)


class Request(NamedTuple):
    command: BookingCommand
    show: Show
    status: int  # of the HTTP answer, if the rules allow it
    idempotency_key: IdempotencyKey | None
    cause: Cause


class RegistrationService:
    def __init__(
        self,
        mongo: Mongo,
        clock: Clock,
        settings: Settings,
        stores: BookingStores,
        clashes: ClashQueries,
    ) -> None:
        self._mongo = mongo
        self._clock = clock
        self._stores = stores
        self._clashes = clashes
        self._answers = mongo.collection(idempotency.ROWS)
        self._batcher: Batcher[Request, Reply] = Batcher(
            self._flush,
            max_batch=settings.registration_batch,
            max_waiting=settings.registration_room,
        )

    async def __call__(
        self,
        command: BookingCommand,
        *,
        status: int,
        idempotency_key: IdempotencyKey | None,
        show: Show = itemgetter(-1),
    ) -> Reply:
        """Carry this out with all else that waits. Raises what the rules refuse it with."""
        request = Request(command, show, status, idempotency_key, current_cause())
        return await self._batcher(request)

    async def _flush(self, requests: Sequence[Request]) -> Sequence[Reply | Exception]:
        # Clashes are not part of the transaction: they are looked up once for the whole batch while
        # it reads, so they cost no round trip more.
        claims = {
            claim
            for request in requests
            if not isinstance(request.command, Cancel | Expire)
            for claim in request.command.claims()
        }
        clashes = asyncio.create_task(self._look_up(claims))
        try:
            return await self._mongo.transaction(lambda tx: self._serve(tx, requests, clashes))
        finally:
            clashes.cancel()

    async def _look_up(self, claims: Collection[Claim]) -> Clashes:
        """A clash is only a warning: if the look-up fails or takes too long, there is none."""
        try:
            async with asyncio.timeout(CLASHES_WITHIN):
                return await self._clashes.of(claims)
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody's registration fails
            log.warning("clashes.unknown", registrations=len(claims), error=repr(error))
            return {}

    async def _serve(
        self, tx: Tx, requests: Sequence[Request], clashes: Awaitable[Clashes]
    ) -> list[Reply | Exception]:
        now = self._clock()
        uow = BookingUnitOfWork(tx, self._stores)
        await uow.read(request.command for request in requests)
        answered = await idempotency.recall(
            self._answers,
            [request.idempotency_key for request in requests if request.idempotency_key],
            tx,
        )
        found = await clashes
        answers: list[Reply | Exception] = []
        for request in requests:
            before = answered.get(request.idempotency_key) if request.idempotency_key else None
            if before is not None:
                answers.append(before)
                continue
            try:
                changed = await uow.execute(request.command, now, request.cause)
            except DomainError as error:
                answers.append(error)
                continue
            views = [
                view(one, uow.waiting_before(one), found.get((one.bookable_id, one.person_id), ()))
                for one in changed
            ]
            answer = reply(request.show(views), status=request.status, version=changed[-1].version)
            if request.idempotency_key:
                answered[request.idempotency_key] = answer
                idempotency.remember(self._answers, tx, request.idempotency_key, answer, now)
            answers.append(answer)
        uow.close()
        return answers
