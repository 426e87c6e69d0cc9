"""The rows of the sheets, read one by one: nothing is held but what is being written."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from services.events.admission.scans.rules import judge
from services.events.admission.scans.store import TicketScans
from services.events.booking.quotas.store import QuotaStore
from services.events.programme.sessions.rules import Session
from services.events.programme.sessions.store import Sessions
from services.events.reporting.exports.rules import Row, Sheet
from shared.mongo import Document, Mongo
from shared.text import Language


class ExportQueries:
    def __init__(
        self, mongo: Mongo, sessions: Sessions, places: QuotaStore, entries: TicketScans
    ) -> None:
        self._registrations = mongo.collection("registrations")
        self._sessions = sessions
        self._places = places
        self._entries = entries

    async def sessions(self, edition_id: UUID, session_id: UUID | None) -> dict[UUID, Session]:
        """An edition's, in order of time; or one of them, if it is one of them."""
        wanted: Document = {"edition_id": edition_id}
        if session_id is not None:
            wanted["_id"] = session_id
        return {one.id: one for one in await self._sessions.planned(**wanted)}

    def rows(
        self, sheet: Sheet, sessions: dict[UUID, Session], language: Language
    ) -> AsyncIterator[Row]:
        match sheet:
            case Sheet.REGISTRATIONS:
                return self._registered(sessions, language)
            case Sheet.SCANS:
                return self._scanned(sessions, language)
            case Sheet.SCHEDULE:
                return self._scheduled(sessions, language)

    async def _registered(
        self, sessions: dict[UUID, Session], language: Language
    ) -> AsyncIterator[Row]:
        """Whoever is enrolled in a course stands under its id, with the first of its sessions."""
        owners: dict[UUID, Session] = {}
        for one in sessions.values():
            owners.setdefault(one.owner_id, one)
        found = self._registrations.find({"session_id": {"$in": list(owners)}})
        async for row in found.sort([("session_id", 1), ("_id", 1)]).batch_size(500):
            _, *what = _session(owners[row["session_id"]], language)
            yield (
                row["_id"],
                row["person_id"],
                row["session_id"],
                *what,
                row["kind"],
                row["size"],
                row["status"],
                row["number"],
                row["asked_at"],
                row["confirmed_at"],
                row["admitted_at"],
                row["ended_at"],
                row["ended_by"],
                (row["override"] or {}).get("reason"),
            )

    async def _scanned(
        self, sessions: dict[UUID, Session], language: Language
    ) -> AsyncIterator[Row]:
        async for registration_id, session_id, scans in self._entries.each(sessions):
            for one in judge(scans)[0]:
                scan = one.scan
                yield (
                    registration_id,
                    *_session(sessions[session_id], language),
                    scan.gate_id,
                    scan.device,
                    scan.at,
                    scan.way.value,
                    one.answer.value,
                )

    async def _scheduled(
        self, sessions: dict[UUID, Session], language: Language
    ) -> AsyncIterator[Row]:
        """A course's session is as full as the course."""
        owners = {one.owner_id for one in sessions.values()}
        pools = {pool.id: pool for pool in await self._places.pools(owners)}
        for one in sessions.values():
            pool = pools.get(one.owner_id)
            yield (
                *_session(one, language),
                one.facts.ends_at,
                one.activity_id,
                one.place.in_(language),
                one.place.address,
                one.facts.capacity,
                pool.taken if pool else 0,
                pool.waiting if pool else 0,
                int(one.published),
                int(one.cancelled is not None),
            )


def _session(one: Session, language: Language) -> tuple[Any, ...]:
    return one.id, one.title.in_(language), one.facts.starts_at
