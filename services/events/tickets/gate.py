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


class Gate:
    def __init__(
        self,
        mongo: Mongo,
        outbox: Outbox,
        clock: Clock,
        keys: KeyRing,
        sessions: Sessions,
        registrations: Registrations,
    ) -> None:
        self.keys = keys
        self._mongo = mongo
        self._outbox = outbox
        self._clock = clock
        self._sessions = sessions
        self._registrations = registrations

    def ticket(self, registration_id: UUID, session_id: UUID) -> str:
        return self.keys.sign(claims(registration_id, session_id))

    async def admit(self, at: UUID, ticket: str) -> Registration:
        """Let the holder in to session `at`. Raises `TicketInvalid` and what the rules raise.

        Two gates that scan one ticket at the same instant write the same document: one of the
        transactions runs again and finds the holder in.
        """
        try:
            registration_id, session_id = read_claims(self.keys.verify(ticket))
        except SignatureWrong as error:
            raise TicketInvalid from error
        session = await self._sessions.get(session_id)
        now = self._clock()

        async def work(tx: Tx) -> Registration:
            found = await self._registrations.find(registration_id, tx)
            change = admit(session, at, found, now)
            self._registrations.write(tx, [change.registration])
            self._outbox.tell(tx, change.event, sequence=change.registration.version)
            return change.registration

        return await self._mongo.transaction(work)
