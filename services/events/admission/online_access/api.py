"""Online access: where people join a session that is held online."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict
from starlette.responses import Response

from services.events.admission.dependencies import AllOnlineAccesses
from services.events.admission.online_access.rules import (
    Describe,
    NotOnline,
    OnlineAccess,
    OnlineAccessFacts,
)
from services.events.admission.scans.errors import TicketBlocked
from services.events.admission.tickets.rules import TicketCancelled
from services.events.booking.dependencies import OwnRegistration
from services.events.booking.registrations.errors import RegistrationUnknown
from services.events.booking.registrations.state import Status
from services.events.dependencies import Organiser
from services.events.programme.dependencies import AllSessions, TheBookableQueries
from services.events.programme.sessions.rules import Mode, SessionUnknown
from shared.errors import PreconditionFailed, PreconditionRequired
from shared.http.execute import Execute, reply
from shared.http.problems import problems
from shared.schema import Schema, example
from shared.text import Localized, LocalizedProse

router = APIRouter(prefix="/v1", tags=["online access"])


class OnlineAccessView(Schema):
    """Where people join a session online, as organisers know it."""

    session_id: UUID
    facts: OnlineAccessFacts
    """What organisers say of it."""

    @classmethod
    def of(cls, access: OnlineAccess) -> "OnlineAccessView":
        return cls(session_id=access.id, facts=access.facts)


class Joining(Schema):
    """Where the holder of a seat joins a session online."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "session_id": "0199f3a2-3b42-7c33-8d5e-6f708192a3b4",
                "title": {"vi": "Tọa đàm Đường gốm"},
                "starts_at": "2026-11-06T02:00:00Z",
                "ends_at": "2026-11-06T04:30:00Z",
                "url": "https://hop.example/duong-gom",
                "note": {"vi": "Mã phòng: 483 201", "en": ""},
            }
        )
    )

    session_id: UUID
    title: Localized
    """The name of its activity."""
    starts_at: datetime
    ends_at: datetime
    url: str
    """The address to join at."""
    note: LocalizedProse | None
    """What else one has to know, such as a meeting's code."""


@router.get(
    "/sessions/{session_id}/stream",
    response_model=OnlineAccessView,
    responses=problems(SessionUnknown),
)
async def read_online_access(
    session_id: UUID, who: Organiser, sessions: AllSessions, accesses: AllOnlineAccesses
) -> Response:
    """Where people join a session online, as organisers know it.

    If nothing has been said, the answer is blank and its ETag is "0".
    """
    await sessions.get(session_id)
    found = await accesses.find(session_id)
    view = OnlineAccessView(
        session_id=session_id, facts=found.facts if found else OnlineAccessFacts()
    )
    return reply(view, version=found.version if found else 0).response()


@router.put(
    "/sessions/{session_id}/stream",
    response_model=OnlineAccessView,
    responses=problems(SessionUnknown, NotOnline, PreconditionFailed, PreconditionRequired),
)
async def update_online_access(
    session_id: UUID,
    body: OnlineAccessFacts,
    who: Organiser,
    sessions: AllSessions,
    accesses: AllOnlineAccesses,
    execute: Execute,
) -> Response:
    """Say where people join. Those who have a seat can read it from then on; nobody else."""
    if (await sessions.get(session_id)).working.mode is Mode.ON_SITE:
        raise NotOnline
    command = Describe(session_id, body)
    return await execute(accesses, session_id, command, OnlineAccessView.of, must_match=True)


@router.get(
    "/registrations/{registration_id}/streams",
    responses=problems(RegistrationUnknown, TicketCancelled, TicketBlocked),
)
async def list_my_online_access(
    own: OwnRegistration, bookables: TheBookableQueries, accesses: AllOnlineAccesses
) -> list[Joining]:
    """Where the holder joins online: the session, or each session of a course.

    Empty while none is known.
    """
    if own.status is not Status.CONFIRMED:
        raise TicketCancelled
    if own.blocked_at is not None:
        raise TicketBlocked
    online = [
        one
        for one in (await bookables.get(own.bookable_id)).held
        if one.cancelled is None and one.facts.mode is not Mode.ON_SITE
    ]
    known = await accesses.of_sessions(one.id for one in online)
    return [
        Joining(
            session_id=one.id,
            title=one.title,
            starts_at=one.facts.starts_at,
            ends_at=one.facts.ends_at,
            url=url,
            note=facts.note,
        )
        for one in online
        if (facts := known.get(one.id)) is not None and (url := facts.url) is not None
    ]
