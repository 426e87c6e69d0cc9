"""Sessions: when and where activities are held, and who can register."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import ConfigDict
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
from shared.schema import Schema, example
from shared.text import Localized

router = APIRouter(prefix="/v1", tags=["sessions"])


class SessionView(Schema):
    """A session: an activity at one time in one place."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": "0199f3a2-3b42-7c33-8d5e-6f708192a3b4",
                "edition_id": "0199f3a2-1f20-7a11-8b3c-4d5e6f708192",
                "activity_id": "0199f3a2-2a31-7b22-9c4d-5e6f708192a3",
                "title": {"vi": "Nặn gốm Bát Tràng", "en": "Bát Tràng pottery"},
                "place": {
                    "name": {"vi": "Nhà máy xe lửa Gia Lâm", "en": "Gia Lâm railway works"},
                    "address": "551 Nguyễn Văn Cừ",
                    "capacity": 400,
                    "room": {"vi": "Xưởng 2"},
                },
                "facts": {
                    "venue_id": "0199f3a2-4c53-7d44-8f70-8192a3b4c5d6",
                    "room_id": "0199f3a2-5d64-7e55-9081-92a3b4c5d6e7",
                    "mode": "on_site",
                    "starts_at": "2026-11-06T02:00:00Z",
                    "ends_at": "2026-11-06T04:30:00Z",
                    "setup_minutes": 30,
                    "strike_minutes": 30,
                    "hosts": ["0199f3a2-6e75-7f66-8192-a3b4c5d6e7f8"],
                    "capacity": 30,
                    "opens_at": "2026-10-01T02:00:00Z",
                    "closes_at": "2026-11-05T10:00:00Z",
                    "kinds": [{"kind": "general"}],
                },
                "series_id": None,
                "published": True,
                "cancelled": None,
                "draft": None,
            }
        )
    )

    id: UUID
    edition_id: UUID
    activity_id: UUID
    title: Localized
    """The name of its activity."""
    place: Place
    """Where it is held, in words."""
    facts: SessionFacts
    """What holds for the public: time, place, seats, registration."""
    series_id: UUID | None
    """The series that it was planned in; null if it was planned alone."""
    published: bool
    """Whether everybody can see it."""
    cancelled: Cancellation | None = None
    """When and why it was cancelled; null if it was not."""
    draft: SessionFacts | None = None
    """What the next release changes; for organisers only."""

    @classmethod
    def of(cls, session: Session) -> "SessionView":
        return cls.model_validate(session.changed(draft=None), from_attributes=True)

    @classmethod
    def for_staff(cls, session: Session) -> "SessionView":
        return cls.model_validate(session, from_attributes=True)


@router.get("/sessions", dependencies=[anyone])
async def list_sessions(
    edition_id: UUID,
    sessions: AllSessions,
    activities: AllActivities,
    page: Paging,
    wanted: Annotated[ActivityFilter, Depends(activity_filter)],
    held: Annotated[SessionFilter, Depends(session_filter)],
    q: Annotated[str, Query(max_length=100)] = "",
) -> Page[SessionView]:
    """An edition's public sessions in order of time.

    Search takes no account of case and diacritics.
    """
    query = held.query()
    if wanted.query():
        query["activity_id"] = {"$in": await activities.ids(edition_id, wanted)}
    found, following = await sessions.published(edition_id, q, page, **query)
    return Page(items=[SessionView.of(session) for session in found], next=following)


@router.get(
    "/sessions/{session_id}", response_model=SessionView, responses=problems(SessionUnknown)
)
async def read_session(session_id: UUID, who: MaybeSignedIn, sessions: AllSessions) -> Response:
    """A published session; for organisers also one that is planned, and its draft."""
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
async def create_session(
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
async def update_session(
    session_id: UUID,
    body: SessionFacts,
    who: Organiser,
    activities: AllActivities,
    venue_resolver: TheVenueResolver,
    sessions: AllSessions,
    service: TheSessionService,
    execute: Execute,
) -> Response:
    """Replace what is said of a session.

    If it is published, this is a draft until the next release.
    """
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
