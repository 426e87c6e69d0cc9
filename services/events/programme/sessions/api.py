"""Sessions: when and where activities are held, and who can register."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel
from starlette.responses import Response

from services.events.dependencies import Organiser
from services.events.programme.activities.queries import (
    ActivityFilter,
    SessionFilter,
    activity_filter,
    session_filter,
)
from services.events.programme.activities.rules import Activity, ActivityKind, ActivityUnknown
from services.events.programme.dependencies import (
    AllActivities,
    AllSessions,
    TheSessionService,
    TheVenueResolver,
)
from services.events.programme.editions.rules import Cancellation
from services.events.programme.sessions.rules import (
    Plan,
    Session,
    SessionFacts,
    SessionIsCancelled,
    SessionUnknown,
    TooManyForVenue,
)
from services.events.programme.ticket_kinds.errors import NoAccount, QuotaUnknown
from services.events.programme.venue_settings.rules import RoomUnknown
from services.events.programme.venues.state import Place, VenueUnknown
from shared.errors import PreconditionFailed, PreconditionRequired
from shared.http.access import MaybeSignedIn, anyone
from shared.http.execute import Execute, reply
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.ids import new_id
from shared.roles import Role
from shared.text import Localized

router = APIRouter(prefix="/v1", tags=["sessions"])


class SessionView(BaseModel):
    id: UUID
    edition_id: UUID
    activity_id: UUID
    title: Localized
    place: Place
    facts: SessionFacts
    series_id: UUID | None
    published: bool
    cancelled: Cancellation | None = None
    draft: SessionFacts | None = None  # for organisers: what the next release puts in force

    @classmethod
    def of(cls, session: Session) -> "SessionView":
        return cls.model_validate(session.changed(draft=None), from_attributes=True)

    @classmethod
    def for_staff(cls, session: Session) -> "SessionView":
        return cls.model_validate(session, from_attributes=True)


@router.get("/sessions", dependencies=[anyone])
async def browse(
    edition_id: UUID,
    sessions: AllSessions,
    activities: AllActivities,
    page: Paging,
    wanted: Annotated[ActivityFilter, Depends(activity_filter)],
    held: Annotated[SessionFilter, Depends(session_filter)],
    q: Annotated[str, Query(max_length=100)] = "",
) -> Page[SessionView]:
    """An edition's public sessions in order of time. Search ignores case and diacritics."""
    query = held.query()
    if wanted.query():
        query["activity_id"] = {"$in": await activities.ids(edition_id, wanted)}
    found, following = await sessions.published(edition_id, q, page, **query)
    return Page(items=[SessionView.of(session) for session in found], next=following)


@router.get(
    "/sessions/{session_id}", response_model=SessionView, responses=problems(SessionUnknown)
)
async def read(session_id: UUID, who: MaybeSignedIn, sessions: AllSessions) -> Response:
    """A published session. Organisers also see planned sessions, and drafts."""
    session = await sessions.get(session_id)
    staff = who is not None and who.may(Role.ORGANISER)
    if not (session.published or staff):
        raise SessionUnknown
    show = SessionView.for_staff if staff else SessionView.of
    return reply(show(session), version=session.version).response()


@router.post(
    "/activities/{activity_id}/sessions",
    status_code=201,
    response_model=SessionView,
    responses=problems(
        ActivityUnknown, VenueUnknown, RoomUnknown, QuotaUnknown, TooManyForVenue, NoAccount
    ),
)
async def plan(
    activity_id: UUID,
    body: SessionFacts,
    who: Organiser,
    activities: AllActivities,
    venue_resolver: TheVenueResolver,
    service: TheSessionService,
    execute: Execute,
) -> Response:
    """Plan a session. People can register once it is released."""
    activity = await activities.get(activity_id)
    key = new_id()
    command = _plan(key, activity, body, await venue_resolver.resolve(body.venue_room))
    return await execute(service, key, command, SessionView.of, status=201)


@router.put(
    "/sessions/{session_id}",
    response_model=SessionView,
    responses=problems(
        SessionUnknown,
        SessionIsCancelled,
        VenueUnknown,
        RoomUnknown,
        QuotaUnknown,
        TooManyForVenue,
        NoAccount,
        PreconditionFailed,
        PreconditionRequired,
    ),
)
async def correct(
    session_id: UUID,
    body: SessionFacts,
    who: Organiser,
    activities: AllActivities,
    venue_resolver: TheVenueResolver,
    sessions: AllSessions,
    service: TheSessionService,
    execute: Execute,
) -> Response:
    """Replace a session's facts. For a published session this is a draft until the next release."""
    activity = await activities.get((await sessions.get(session_id)).activity_id)
    command = _plan(session_id, activity, body, await venue_resolver.resolve(body.venue_room))
    return await execute(service, session_id, command, SessionView.for_staff, must_match=True)


def _plan(session_id: UUID, activity: Activity, facts: SessionFacts, place: Place) -> Plan:
    return Plan(
        session_id=session_id,
        edition_id=activity.edition_id,
        activity_id=activity.id,
        title=activity.facts.title,
        place=place,
        facts=facts,
        of_course=activity.facts.kind is ActivityKind.COURSE,
    )
