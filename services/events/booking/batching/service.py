"""The registration desk: whoever waits is served together, in one transaction.

Each flush opens a book (book.py) and decides request by request, in the order they came; what one
decision changes, the next one sees. A request the rules refuse is refused alone. All that was
decided is written together, and the pools make flushes of several replicas take turns: the one that
comes second runs again on what the first has written.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from operator import itemgetter
from typing import NamedTuple

from pydantic import BaseModel

from services.events.booking.clashes.queries import Clashes, ClashQueries
from services.events.booking.registrations.commands import Cancel, Expire
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

Show = Callable[[Sequence[RegistrationView]], BaseModel]
"""What is answered: from all that was changed, the last of which is what the asker has now."""


class Request(NamedTuple):
    deed: BookingCommand
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
            self._flush, most=settings.registration_batch, room=settings.registration_room
        )

    async def __call__(
        self,
        deed: BookingCommand,
        *,
        status: int,
        idempotency_key: IdempotencyKey | None,
        show: Show = itemgetter(-1),
    ) -> Reply:
        """Do this, together with whatever else waits. Raises what the rules refuse it with."""
        request = Request(deed, show, status, idempotency_key, current_cause())
        return await self._batcher(request)

    async def _flush(self, requests: Sequence[Request]) -> Sequence[Reply | Exception]:
        # Clashes are a warning, so they are no part of the transaction: they are looked up beside
        # it, once for all who wait, while it reads. Nobody waits for a round trip more.
        asked = {
            claim
            for request in requests
            if not isinstance(request.deed, Cancel | Expire)
            for claim in request.deed.claims()
        }
        clashes = asyncio.create_task(self._clashes.of(asked))
        try:
            return await self._mongo.transaction(lambda tx: self._serve(tx, requests, clashes))
        finally:
            clashes.cancel()

    async def _serve(
        self, tx: Tx, requests: Sequence[Request], clashes: Awaitable[Clashes]
    ) -> list[Reply | Exception]:
        now = self._clock()
        book = BookingUnitOfWork(tx, self._stores)
        await book.read(request.deed for request in requests)
        given = await idempotency.recall(
            self._answers,
            [request.idempotency_key for request in requests if request.idempotency_key],
            tx,
        )
        found = await clashes
        answers: list[Reply | Exception] = []
        for request in requests:
            before = given.get(request.idempotency_key) if request.idempotency_key else None
            if before is not None:
                answers.append(before)
                continue
            try:
                made = await book.execute(request.deed, now, request.cause)
            except DomainError as error:
                answers.append(error)
                continue
            views = [
                view(one, book.waiting_before(one), found.get((one.bookable_id, one.person_id), ()))
                for one in made
            ]
            answer = reply(request.show(views), status=request.status, version=made[-1].version)
            if request.idempotency_key:
                given[request.idempotency_key] = answer
                idempotency.remember(self._answers, tx, request.idempotency_key, answer, now)
            answers.append(answer)
        book.close()
        return answers
