"""The gate: a shown ticket becomes an admission, once."""

from uuid import UUID

from services.events.registrations.rules import Registration
from services.events.registrations.store import Registrations
from services.events.sessions.store import Sessions
from services.events.tickets.rules import TicketInvalid, admit, claims, read_claims
from shared.clock import Clock
from shared.mongo import Mongo, Tx
from shared.outbox.store import Outbox
from shared.signing import KeyRing, SignatureWrong


class Tickets:
    """Makes tickets and reads them."""

    def __init__(self, keys: KeyRing) -> None:
        self.keys = keys

    def sign(self, registration_id: UUID, session_id: UUID) -> str:
        return self.keys.sign(claims(registration_id, session_id))

    def read(self, ticket: str) -> tuple[UUID, UUID]:
        """(registration, session). Raises `TicketInvalid`."""
        try:
            return read_claims(self.keys.verify(ticket))
        except SignatureWrong as error:
            raise TicketInvalid from error


class Gate:
    def __init__(
        self,
        mongo: Mongo,
        outbox: Outbox,
        clock: Clock,
        tickets: Tickets,
        sessions: Sessions,
        registrations: Registrations,
    ) -> None:
        self._tickets = tickets
        self._mongo = mongo
        self._outbox = outbox
        self._clock = clock
        self._sessions = sessions
        self._registrations = registrations

    async def admit(self, at: UUID, ticket: str) -> Registration:
        """Let the holder in to session `at`. Raises `TicketInvalid` and what the rules raise.

        Two gates that scan one ticket at the same instant write the same document: one of the
        transactions runs again and finds the holder in.
        """
        registration_id, session_id = self._tickets.read(ticket)
        session = await self._sessions.get(session_id)
        now = self._clock()

        async def work(tx: Tx) -> Registration:
            found = await self._registrations.find(registration_id, tx)
            after, event = admit(session, at, found, now)
            self._registrations.write(tx, found, after)
            self._outbox.tell(tx, event, sequence=after.version)
            return after

        return await self._mongo.transaction(work)
