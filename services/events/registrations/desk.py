"""The registration desk: whoever waits is served together, in one transaction.

Each flush opens a book (book.py) and decides request by request, in the order they came; what one
decision changes, the next one sees. A request the rules refuse is refused alone. All that was
decided is written together, and the pools make flushes of several replicas take turns: the one that
comes second runs again on what the first has written.
"""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import NamedTuple

from services.events.clashes.store import Clashes, Clashing
from services.events.registrations.book import Book, Stores
from services.events.registrations.commands import Cancel, Command, Expire
from services.events.registrations.view import view
from services.events.settings import Settings
from shared.cause import Cause, current_cause
from shared.clock import Clock
from shared.errors import DomainError
from shared.gather import Gather
from shared.http import idempotency
from shared.http.act import reply
from shared.http.idempotency import Once, Reply
from shared.mongo import Mongo, Tx


class Request(NamedTuple):
    command: Command
    status: int  # of the HTTP answer, if the rules allow it
    once: Once | None
    cause: Cause


class RegistrationDesk:
    def __init__(
        self, mongo: Mongo, clock: Clock, settings: Settings, stores: Stores, clashes: Clashes
    ) -> None:
        self._mongo = mongo
        self._clock = clock
        self._stores = stores
        self._clashes = clashes
        self._answers = mongo.collection(idempotency.ROWS)
        self._gather: Gather[Request, Reply] = Gather(
            self._flush, most=settings.registration_batch, room=settings.registration_room
        )

    async def __call__(self, command: Command, *, status: int, once: Once | None) -> Reply:
        """Do this, together with whatever else waits. Raises what the rules refuse it with."""
        request = Request(command, status, once, current_cause())
        return await self._gather(request)

    async def _flush(self, requests: Sequence[Request]) -> Sequence[Reply | Exception]:
        # Clashes are a warning, so they are no part of the transaction: they are looked up beside
        # it, once for all who wait, while it reads. Nobody waits for a round trip more.
        asked = {
            (request.command.session_id, request.command.person_id)
            for request in requests
            if not isinstance(request.command, Cancel | Expire)
        }
        clashes = asyncio.create_task(self._clashes.of(asked))
        try:
            return await self._mongo.transaction(lambda tx: self._serve(tx, requests, clashes))
        finally:
            clashes.cancel()

    async def _serve(
        self, tx: Tx, requests: Sequence[Request], clashes: Awaitable[Clashing]
    ) -> list[Reply | Exception]:
        now = self._clock()
        book = Book(tx, self._stores)
        await book.read(request.command for request in requests)
        given = await idempotency.recall(
            self._answers, [request.once for request in requests if request.once], tx
        )
        found = await clashes
        answers: list[Reply | Exception] = []
        for request in requests:
            before = given.get(request.once) if request.once else None
            if before is not None:
                answers.append(before)
                continue
            try:
                mine = await book.do(request.command, now, request.cause)
            except DomainError as error:
                answers.append(error)
                continue
            answer = reply(
                view(mine, book.ahead(mine), found.get((mine.session_id, mine.person_id), ())),
                status=request.status,
                version=mine.version,
            )
            if request.once:
                given[request.once] = answer
                idempotency.remember(self._answers, tx, request.once, answer, now)
            answers.append(answer)
        book.close()
        return answers
