"""Calendars: sessions as iCalendar files, to subscribe to."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict
from starlette.responses import JSONResponse, Response

from services.events.booking.dependencies import AllQuotas, AllRegistrations
from services.events.courses.dependencies import AllCourses
from services.events.programme.activities.queries import ActivityFilter
from services.events.programme.dependencies import (
    AllActivities,
    AllEditions,
    AllSessions,
    AllStrands,
    AllVenues,
)
from services.events.programme.editions.rules import EditionUnknown
from services.events.programme.sessions.rules import Session, SessionUnknown
from services.events.programme.sessions.store import Sessions
from services.events.programme.strands.rules import StrandUnknown
from services.events.programme.venues.state import VenueUnknown
from services.events.scheduling.calendar.rules import icalendar, json_ld
from services.events.scheduling.calendar.store import CalendarFeedUnknown
from services.events.scheduling.dependencies import AllCalendarFeeds, AllFavourites
from shared.http.access import SignedIn, anyone
from shared.http.language import current_language
from shared.http.problems import problems
from shared.schema import Schema, example

router = APIRouter(prefix="/v1", tags=["calendars"])

CALENDAR: dict[int | str, dict[str, Any]] = {200: {"content": {"text/calendar": {}}}}
OWN_CALENDAR = {"vi": "Lịch của tôi – Hà Nội Sáng tạo", "en": "My calendar – Creative Hanoi"}


class FeedAddress(Schema):
    """Where one's own calendar can be subscribed to."""

    model_config = ConfigDict(
        json_schema_extra=example({"path": "/v1/calendars/Zk1vQ3J0c1hWb2xHYnR5d2F4.ics"})
    )

    path: str
    """The path at this service. It is shown only this once."""


@router.get(
    "/editions/{edition_id}/calendar.ics",
    dependencies=[anyone],
    response_class=Response,
    responses=CALENDAR | problems(EditionUnknown),
)
async def read_calendar_of_edition(
    edition_id: UUID, editions: AllEditions, sessions: AllSessions
) -> Response:
    """All public sessions of an announced edition, to subscribe to."""
    edition = await editions.get(edition_id)
    if not edition.announced:
        raise EditionUnknown
    found = await sessions.public(edition_id=edition_id)
    return _calendar(edition.facts.name.in_(current_language()), found)


@router.get(
    "/venues/{venue_id}/calendar.ics",
    dependencies=[anyone],
    response_class=Response,
    responses=CALENDAR | problems(VenueUnknown),
)
async def read_calendar_of_venue(
    venue_id: UUID, venues: AllVenues, sessions: AllSessions
) -> Response:
    """All public sessions at one venue, to subscribe to."""
    venue = await venues.get(venue_id)
    found = await sessions.public(**{"facts.venue_id": venue_id})
    return _calendar(venue.name.in_(current_language()), found)


@router.get(
    "/strands/{strand_id}/calendar.ics",
    dependencies=[anyone],
    response_class=Response,
    responses=CALENDAR | problems(StrandUnknown),
)
async def read_calendar_of_strand(
    strand_id: UUID,
    strands: AllStrands,
    editions: AllEditions,
    activities: AllActivities,
    sessions: AllSessions,
) -> Response:
    """All public sessions of one strand of an announced edition, to subscribe to."""
    strand = await strands.get(strand_id)
    if not (await editions.get(strand.edition_id)).announced:
        raise StrandUnknown
    activity_ids = await activities.ids(strand.edition_id, ActivityFilter(strand_id=strand_id))
    found = await sessions.public(edition_id=strand.edition_id, activity_id={"$in": activity_ids})
    return _calendar(strand.facts.name.in_(current_language()), found)


@router.get(
    "/sessions/{session_id}/calendar.ics",
    dependencies=[anyone],
    response_class=Response,
    responses=CALENDAR | problems(SessionUnknown),
)
async def read_calendar_of_session(session_id: UUID, sessions: AllSessions) -> Response:
    """One public session, to put into one's calendar."""
    session = await _public(session_id, sessions)
    return _calendar(session.title.in_(current_language()), [session])


@router.get(
    "/sessions/{session_id}/event.jsonld",
    dependencies=[anyone],
    response_class=Response,
    responses=problems(SessionUnknown) | {200: {"content": {"application/ld+json": {}}}},
)
async def read_session_as_json_ld(
    session_id: UUID, sessions: AllSessions, courses: AllCourses, quotas: AllQuotas
) -> Response:
    """One public session as schema.org/Event, to put into a web page.

    What a course costs and how many seats it has is said of each of its sessions.
    """
    session = await _public(session_id, sessions)
    course = await courses.find(session.activity_id) if session.of_course else None
    terms = course.facts if course and course.published else session.facts
    quota = await quotas.quota(session.bookable_id)
    body = json_ld(session, terms, quota.free if quota else 0, current_language())
    return JSONResponse(body, media_type="application/ld+json")


@router.post("/me/calendar", status_code=201)
async def create_my_calendar(who: SignedIn, feeds: AllCalendarFeeds) -> FeedAddress:
    """Get a secret address for one's own calendar.

    An address that was given before no longer works.
    """
    return FeedAddress(path=f"/v1/calendars/{await feeds.renew(who.person_id)}.ics")


@router.delete("/me/calendar", status_code=204)
async def delete_my_calendar(who: SignedIn, feeds: AllCalendarFeeds) -> None:
    """End the secret address of one's own calendar."""
    await feeds.close(who.person_id)


@router.get(
    "/calendars/{secret}.ics",
    dependencies=[anyone],
    response_class=Response,
    responses=CALENDAR | problems(CalendarFeedUnknown),
)
async def read_my_calendar(
    secret: str,
    feeds: AllCalendarFeeds,
    registrations: AllRegistrations,
    favourites: AllFavourites,
    sessions: AllSessions,
) -> Response:
    """The sessions in which somebody has a seat, those of courses included.

    Tentative: those that they marked. For those who know the secret. What was cancelled stays
    in it and says so.
    """
    person_id = await feeds.owner(secret)
    held = {*await registrations.held_by(person_id), *await registrations.lost_by(person_id)}
    marked = await favourites.of(person_id)
    by_id = {"_id": {"$in": [*held, *marked]}}
    of_courses = {"of_course": True, "activity_id": {"$in": list(held)}}
    found = await sessions.public(**{"$or": [by_id, of_courses]})
    held |= {one.id for one in found if one.of_course and one.activity_id in held}
    response = _calendar(OWN_CALENDAR[current_language()], found, tentative=set(marked) - held)
    response.headers["Cache-Control"] = "private"
    return response


async def _public(session_id: UUID, sessions: Sessions) -> Session:
    session = await sessions.get(session_id)
    if not session.published:
        raise SessionUnknown
    return session


def _calendar(name: str, sessions: list[Session], tentative: Collection[UUID] = ()) -> Response:
    body = icalendar(name, sessions, current_language(), tentative)
    return Response(body, media_type="text/calendar; charset=utf-8")
