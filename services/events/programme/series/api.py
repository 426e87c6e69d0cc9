"""Series: sessions that recur by a rule, planned and changed together."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
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

router = APIRouter(prefix="/v1", tags=["sessions"])


class SeriesFacts(BaseModel):
    """The facts of the first session, and the rule by which it recurs."""

    facts: SessionFacts
    rule: Recurrence
    open_together: bool = False  # registration opens for all at the same time as for the first


class SeriesView(BaseModel):
    """In order of time."""

    series_id: UUID
    sessions: list[SessionView]

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
async def plan(
    activity_id: UUID,
    body: SeriesFacts,
    who: Organiser,
    activities: AllActivities,
    series: TheSeriesService,
    execute: Execute,
) -> Response:
    """Plan a session that recurs. Either all sessions are planned or none.

    After that each is a session like any other.
    """
    activity = await activities.get(activity_id)
    each = occurrences(body.facts, body.rule, open_together=body.open_together)

    async def work(tx: Tx) -> Reply:
        planned = await series.plan(tx, activity, each, execute.now)
        assert planned[0].series_id is not None  # noqa: S101 - just given
        return reply(SeriesView.of(planned[0].series_id, planned), status=201)

    return await execute.idempotent(work)


@router.get("/series/{series_id}/sessions", responses=problems(SeriesUnknown))
async def read(series_id: UUID, who: MaybeSignedIn, series: TheSeriesService) -> SeriesView:
    """The public sessions of a series. Organisers also see those that are planned."""
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
async def correct_following(
    session_id: UUID,
    body: SessionFacts,
    who: Organiser,
    activities: AllActivities,
    sessions: AllSessions,
    series: TheSeriesService,
    execute: Execute,
) -> Response:
    """Change a session and make the same change to all later sessions of its series.

    Only the fields that change are changed in the others. Times move by the same amount. What was
    special in one session stays. Either all sessions change or none.
    """
    activity = await activities.get((await sessions.get(session_id)).activity_id)
    seen = execute.version_seen()

    async def work(tx: Tx) -> Reply:
        done = await series.change_following(tx, session_id, activity, body, execute.now, seen)
        assert done[0].series_id is not None  # noqa: S101 - or NotInSeries had been raised
        return reply(SeriesView.of(done[0].series_id, done))

    return await execute.idempotent(work)
