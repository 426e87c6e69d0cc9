"""The rows of the exported tables, read one by one.

Memory holds only the rows that are being written.
"""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from services.events.admission.scans.rules import judge
from services.events.admission.scans.store import TicketScans
from services.events.booking.quotas.store import QuotaStore
from services.events.booking.registrations.queries import RegistrationQueries
from services.events.programme.sessions.rules import Session
from services.events.programme.sessions.store import Sessions
from services.events.reporting.exports.rules import Row, Sheet
from shared.mongo import Document
from shared.text import Language


class ExportQueries:
    def __init__(
        self,
        sessions: Sessions,
        registrations: RegistrationQueries,
        quotas: QuotaStore,
        scans: TicketScans,
    ) -> None:
        self._sessions = sessions
        self._registrations = registrations
        self._quotas = quotas
        self._scans = scans

    async def sessions(self, edition_id: UUID, session_id: UUID | None) -> dict[UUID, Session]:
        """An edition's sessions in order of time; or only `session_id`, if it is one of them."""
        wanted: Document = {"edition_id": edition_id}
        if session_id is not None:
            wanted["_id"] = session_id
        return {one.id: one for one in await self._sessions.planned(**wanted)}

    def rows(
        self, sheet: Sheet, sessions: dict[UUID, Session], language: Language
    ) -> AsyncIterator[Row]:
        match sheet:
            case Sheet.REGISTRATIONS:
                return self._registration_rows(sessions, language)
            case Sheet.SCANS:
                return self._scan_rows(sessions, language)
            case Sheet.SCHEDULE:
                return self._schedule_rows(sessions, language)

    async def _registration_rows(
        self, sessions: dict[UUID, Session], language: Language
    ) -> AsyncIterator[Row]:
        """An enrolment in a course has the course's id, with the title and time of its first
        session."""
        first: dict[UUID, Session] = {}
        for session in sessions.values():
            first.setdefault(session.bookable_id, session)
        async for one in self._registrations.rows(first):
            _, *title_and_time = _session(first[one.bookable_id], language)
            yield (
                one.id,
                one.person_id,
                one.bookable_id,
                *title_and_time,
                one.kind.value,
                one.size,
                one.status.value,
                one.number,
                one.asked_at,
                one.confirmed_at,
                one.admitted_at,
                one.ended_at,
                one.ended_by,
                one.override_reason,
            )

    async def _scan_rows(
        self, sessions: dict[UUID, Session], language: Language
    ) -> AsyncIterator[Row]:
        async for registration_id, session_id, scans in self._scans.each(sessions):
            for one in judge(scans)[0]:
                scan = one.scan
                yield (
                    registration_id,
                    *_session(sessions[session_id], language),
                    scan.gate_id,
                    scan.device,
                    scan.at,
                    scan.direction.value,
                    one.answer.value,
                )

    async def _schedule_rows(
        self, sessions: dict[UUID, Session], language: Language
    ) -> AsyncIterator[Row]:
        """For a session of a course, the figures are those of the course."""
        owners = {one.bookable_id for one in sessions.values()}
        quotas = {quota.id: quota for quota in await self._quotas.quotas(owners)}
        for one in sessions.values():
            quota = quotas.get(one.bookable_id)
            yield (
                *_session(one, language),
                one.facts.ends_at,
                one.activity_id,
                one.place.in_(language),
                one.place.address,
                one.facts.capacity,
                quota.taken if quota else 0,
                quota.waiting if quota else 0,
                int(one.published),
                int(one.cancelled is not None),
            )


def _session(one: Session, language: Language) -> tuple[Any, ...]:
    return one.id, one.title.in_(language), one.facts.starts_at
