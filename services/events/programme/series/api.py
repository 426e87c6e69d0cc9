"""Series: sessions that recur by a rule, planned and changed together."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict
from starlette.responses import Response

from services.events.dependencies import Organiser
from services.events.programme.activities.rules import ActivityUnknown
from services.events.programme.dependencies import AllActivities, AllSessions, TheSeriesService
from services.events.programme.series.rules import (
    ChangeDoesNotFit,
    NotInSeries,
    Recurrence,
    SeriesEmpty,
    SeriesTooLong,
    SeriesUnknown,
    occurrences,
)
from services.events.programme.sessions.api import SessionView
from services.events.programme.sessions.rules import (
    Session,
    SessionFacts,
    SessionIsCancelled,
    SessionUnknown,
    TooManyForVenue,
)
from services.events.programme.ticket_kinds.errors import QuotaUnknown
from services.events.programme.venue_settings.rules import RoomUnknown
from services.events.programme.venues.state import VenueUnknown
from shared.errors import PreconditionFailed, PreconditionRequired
from shared.http.access import MaybeSignedIn
from shared.http.execute import Execute, reply
from shared.http.idempotency import Reply
from shared.http.problems import problems
from shared.mongo import Tx
from shared.roles import Role
from shared.schema import Schema, example

router = APIRouter(prefix="/v1", tags=["series"])


class SeriesFacts(Schema):
    """The facts of the first session, and the rule by which it recurs."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
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
                "rule": {"frequency": "weekly", "weekdays": ["fr"], "until": "2026-12-18"},
                "open_together": True,
            }
        )
    )

    facts: SessionFacts
    """What organisers say of the first session."""
    rule: Recurrence
    """How it recurs."""
    open_together: bool = False
    """Registration opens for all sessions when it does for the first one; else for each as long
    before it."""


class SeriesView(Schema):
    """A series, as it was planned."""

    series_id: UUID
    """The id of the series, which all its sessions bear."""
    sessions: list[SessionView]
    """Its sessions, in order of time."""

    @classmethod
    def of(cls, series_id: UUID, sessions: list[Session], *, staff: bool = True) -> "SeriesView":
        show = SessionView.for_staff if staff else SessionView.of
        return cls(series_id=series_id, sessions=[show(one) for one in sessions])


@router.post(
    "/activities/{activity_id}/series",
    status_code=201,
    response_model=SeriesView,
    responses=problems(
        ActivityUnknown,
        VenueUnknown,
        RoomUnknown,
        QuotaUnknown,
        TooManyForVenue,
        SeriesEmpty,
        SeriesTooLong,
    ),
)
async def create_series(
    activity_id: UUID,
    body: SeriesFacts,
    who: Organiser,
    activities: AllActivities,
    series: TheSeriesService,
    execute: Execute,
) -> Response:
    """Plan a session that recurs: all of them, or none.

    Each is then a session like any other.
    """
    activity = await activities.get(activity_id)
    each = occurrences(body.facts, body.rule, open_together=body.open_together)

    async def work(tx: Tx) -> Reply:
        planned = await series.plan(tx, activity, each, execute.now)
        assert planned[0].series_id is not None  # noqa: S101 - just given
        return reply(SeriesView.of(planned[0].series_id, planned), status=201)

    return await execute.idempotent(work)


@router.get("/series/{series_id}/sessions", responses=problems(SeriesUnknown))
async def list_sessions_of_series(
    series_id: UUID, who: MaybeSignedIn, series: TheSeriesService
) -> SeriesView:
    """A series' public sessions; for organisers also those that are planned."""
    staff = who is not None and who.may(Role.ORGANISER)
    found = [one for one in await series.sessions(series_id) if staff or one.published]
    if not found:
        raise SeriesUnknown
    return SeriesView.of(series_id, found, staff=staff)


@router.put(
    "/sessions/{session_id}/following",
    response_model=SeriesView,
    responses=problems(
        SessionUnknown,
        SessionIsCancelled,
        VenueUnknown,
        RoomUnknown,
        QuotaUnknown,
        TooManyForVenue,
        NotInSeries,
        ChangeDoesNotFit,
        PreconditionFailed,
        PreconditionRequired,
    ),
)
async def update_following_sessions(
    session_id: UUID,
    body: SessionFacts,
    who: Organiser,
    activities: AllActivities,
    sessions: AllSessions,
    series: TheSeriesService,
    execute: Execute,
) -> Response:
    """Change a session and those after it in its series: all, or none.

    In the others only that changes which changes in this one, and times move by as much. What
    was particular to one of them stays.
    """
    activity = await activities.get((await sessions.get(session_id)).activity_id)
    seen = execute.version_seen()

    async def work(tx: Tx) -> Reply:
        done = await series.change_following(tx, session_id, activity, body, execute.now, seen)
        assert done[0].series_id is not None  # noqa: S101 - or NotInSeries had been raised
        return reply(SeriesView.of(done[0].series_id, done))

    return await execute.idempotent(work)
