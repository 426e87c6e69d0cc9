"""Reads all that a decision about scans needs.

People queue at a gate, so everything is read in one round trip: the gates, what the tickets are
for, and their earlier scans.
"""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from services.events.admission.gates.rules import GateFacts
from services.events.admission.gates.store import Gates
from services.events.admission.recordings.consent import ConsentFormVersion
from services.events.admission.recordings.store import Recordings
from services.events.admission.scans.store import KnownScans, TicketScans
from services.events.booking.registrations.state import Registration
from services.events.booking.registrations.store import as_registration
from services.events.programme.sessions.queries import BookableQueries
from services.events.programme.sessions.rules import Session
from shared.mongo import Document, Mongo, Tx

Ticket = tuple[UUID, UUID]
"""What a ticket says: the registration, and the session or course that it is for."""


class ScanContext(NamedTuple):
    gates: dict[UUID, GateFacts]
    registrations: dict[UUID, Registration]
    sessions: dict[UUID, tuple[Session, ...]]
    """What a ticket opens, by what was registered in: a session, or all of a course's in order of
    time, those cancelled since too."""
    scans: dict[UUID, KnownScans]
    forms: dict[UUID, list[ConsentFormVersion]]
    """Of sessions that are recorded for television: the versions of the consent form."""


class ScanQueries:
    def __init__(
        self,
        mongo: Mongo,
        gates: Gates,
        bookables: BookableQueries,
        scans: TicketScans,
        recordings: Recordings,
    ) -> None:
        self._mongo = mongo
        self._gates = gates
        self._bookables = bookables
        self._scans = scans
        self._recordings = recordings
        self._described: dict[UUID, tuple[int, GateFacts]] = {}

    async def read(
        self, tx: Tx, gates: Collection[UUID], tickets: Collection[Ticket]
    ) -> ScanContext:
        registrations, owners = [one for one, _ in tickets], list({owner for _, owner in tickets})
        found = await self._mongo.find_together(
            tx,
            {
                "gates": {"_id": {"$in": list(gates)}},
                "registrations": {"_id": {"$in": registrations}},
                "sessions": self._bookables.query(owners),
                "ticket_scans": self._scans.of_tickets(registrations),
            },
            only={"gates": {"version": 1}},
        )
        bookables = self._bookables.group(found["sessions"])
        sessions = {key: bookables[key].sessions for key in owners if key in bookables}
        recorded = [one.id for some in sessions.values() for one in some if one.consent_required]
        return ScanContext(
            gates={row["_id"]: await self._facts(tx, row) for row in found["gates"]},
            registrations={row["_id"]: as_registration(row) for row in found["registrations"]},
            sessions=sessions,
            scans=self._scans.known(found["ticket_scans"]),
            forms=await self._recordings.forms(recorded, tx) if recorded else {},
        )

    async def _facts(self, tx: Tx, row: Document) -> GateFacts:
        """A gate may name hundreds of sessions: it is read whole only when it has changed."""
        key, version = row["_id"], row["version"]
        if self._described.get(key, (0,))[0] != version:
            gate = await self._gates.get(key, tx)
            self._described[key] = gate.version, gate.facts
        return self._described[key][1]
