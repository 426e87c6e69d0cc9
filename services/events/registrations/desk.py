"""The registration desk: whoever waits is served together, in one transaction.

Each flush reads the places of the sessions asked for and decides request by request, in the order
they came; what one decision changes, the next one sees. A request the rules refuse is refused
alone. All that was decided is written together, and the places document makes flushes of several
replicas take turns: the one that comes second runs again on what the first has written.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from services.events.places.rules import Places
from services.events.places.store import PlacesStore
from services.events.registrations.rules import (
    Cancel,
    Change,
    Command,
    Desk,
    Outcome,
    Registration,
    RegistrationUnknown,
    SignTicket,
    Status,
    decide,
)
from services.events.registrations.store import Registrations
from services.events.registrations.view import view
from services.events.sessions.rules import SessionUnknown
from services.events.settings import Settings
from shared.cause import Cause, current_cause
from shared.clock import Clock
from shared.errors import DomainError
from shared.gather import Gather
from shared.http import idempotency
from shared.http.act import reply
from shared.http.idempotency import Once, Reply
from shared.mongo import Mongo, Tx
from shared.outbox.store import Outbox


class Request(NamedTuple):
    command: Command
    status: int  # of the HTTP answer, if the rules allow it
    once: Once | None
    cause: Cause


class Working:
    """One flush's view of the sessions it serves; each decision moves it on."""

    def __init__(
        self,
        places: dict[UUID, Places],
        live: dict[tuple[UUID, UUID], Registration],
        lines: dict[UUID, list[Registration]],
    ) -> None:
        self._places = places
        self._live = live
        self._lines = lines
        self.changes: list[tuple[Change, Cause]] = []
        self.touched: set[UUID] = set()

    def desk(self, command: Command) -> Desk:
        places = self._places.get(command.session_id)
        if places is None:
            raise SessionUnknown if not isinstance(command, Cancel) else RegistrationUnknown
        line = self._lines.get(command.session_id)
        mine = self._live.get((command.session_id, command.person_id))
        return Desk(places, mine, line[0] if line else None)

    def apply(self, outcome: Outcome, cause: Cause) -> None:
        session_id = outcome.places.session_id
        self._places[session_id] = outcome.places
        self.touched.add(session_id)
        for change in outcome.changes:
            one = change.registration
            key = (session_id, one.person_id)
            line = self._lines.setdefault(session_id, [])
            line[:] = [other for other in line if other.id != one.id]
            if one.status is Status.CANCELLED:
                del self._live[key]
            else:
                self._live[key] = one
            if one.status is Status.WAITING:
                line.append(one)
            self.changes.append((change, cause))

    def places(self) -> list[Places]:
        return [self._places[session_id] for session_id in self.touched]


class RegistrationDesk:
    def __init__(
        self,
        mongo: Mongo,
        outbox: Outbox,
        clock: Clock,
        sign: SignTicket,
        settings: Settings,
        places: PlacesStore,
        registrations: Registrations,
    ) -> None:
        self._mongo = mongo
        self._outbox = outbox
        self._clock = clock
        self._sign = sign
        self._places = places
        self._registrations = registrations
        self._answers = mongo.collection(idempotency.ROWS)
        self._gather: Gather[Request, Reply] = Gather(
            self._flush,
            most=settings.registration_batch,
            room=settings.registration_room,
        )

    async def __call__(self, command: Command, *, status: int, once: Once | None) -> Reply:
        """Do this, together with whatever else waits. Raises what the rules refuse it with."""
        request = Request(command, status, once, current_cause())
        return await self._gather(request)

    async def _flush(self, requests: Sequence[Request]) -> Sequence[Reply | Exception]:
        return await self._mongo.transaction(lambda tx: self._serve(tx, requests))

    async def _serve(self, tx: Tx, requests: Sequence[Request]) -> list[Reply | Exception]:
        now = self._clock()
        working = await self._working(tx, requests)
        given = await idempotency.recall(
            self._answers, [request.once for request in requests if request.once], tx
        )
        answers: list[Reply | Exception] = []
        for request in requests:
            before = given.get(request.once) if request.once else None
            if before is not None:
                answers.append(before)
                continue
            try:
                outcome = decide(working.desk(request.command), request.command, now, self._sign)
            except DomainError as error:
                answers.append(error)
                continue
            working.apply(outcome, request.cause)
            mine = outcome.changes[0].registration
            ahead = outcome.places.waiting - 1 if mine.status is Status.WAITING else None
            answer = reply(view(mine, ahead), status=request.status, version=mine.version)
            if request.once:
                given[request.once] = answer
                idempotency.remember(self._answers, tx, request.once, answer, now)
            answers.append(answer)
        self._write(tx, working)
        return answers

    async def _working(self, tx: Tx, requests: Sequence[Request]) -> Working:
        commands = [request.command for request in requests]
        places = await self._places.read(tx, {command.session_id for command in commands})
        pairs = {(command.session_id, command.person_id) for command in commands}
        live = await self._registrations.live(tx, pairs)
        leaving = Counter(c.session_id for c in commands if isinstance(c, Cancel))
        lines = {
            # Those who leave may be in the line themselves: read past them.
            session_id: await self._registrations.line(tx, session_id, 2 * count)
            for session_id, count in leaving.items()
        }
        return Working(places, live, lines)

    def _write(self, tx: Tx, working: Working) -> None:
        for places in working.places():
            self._places.write(tx, places)
        self._registrations.write(tx, [change.registration for change, _ in working.changes])
        for change, cause in working.changes:
            sequence = change.registration.version
            self._outbox.tell(tx, change.event, sequence=sequence, cause=cause)
