"""Occupancy: how many people are where, and where somebody was."""

from datetime import datetime, timedelta
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict

from services.events.admission.dependencies import TheOccupancyQueries
from services.events.admission.occupancy.rules import Left, stays
from services.events.dependencies import GateStaff, Organiser, TheAudit
from services.events.programme.dependencies import AllEditions, AllSessions, AllVenues
from services.events.programme.editions.rules import EditionUnknown
from services.events.programme.venues.state import VenueUnknown
from shared.http.now import Now
from shared.http.problems import problems
from shared.schema import Schema, example
from shared.text import Localized

router = APIRouter(prefix="/v1", tags=["occupancy"])
NEAR = timedelta(hours=12)
"""The sessions of a venue that count: those that are on, or begin or ended within this time."""


class Occupied(Schema):
    """How many people are in a session."""

    model_config = ConfigDict(json_schema_extra=example({"inside": 212, "admitted": 240}))

    inside: int
    """People inside, at this moment."""
    admitted: int
    """People who were ever let in."""


class InSession(Schema):
    """How many people are in one session of a venue."""

    session_id: UUID
    title: Localized
    """The name of its activity."""
    inside: int
    """People inside, at this moment."""


class AtVenue(Schema):
    """How many people are at a venue."""

    inside: int
    """People inside, at this moment, over all sessions."""
    sessions: list[InSession]
    """How many are in each session."""


class StayView(Schema):
    """Where somebody was, and from when to when."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "session_id": "0199f3a2-3b42-7c33-8d5e-6f708192a3b4",
                "venue_id": "0199f3a2-4c53-7d44-8f70-8192a3b4c5d6",
                "venue": {"vi": "Nhà máy xe lửa Gia Lâm"},
                "size": 2,
                "came_at": "2026-11-06T01:42:10Z",
                "left_at": "2026-11-06T04:20:00Z",
                "left": "exit",
            }
        )
    )

    session_id: UUID
    venue_id: UUID
    venue: Localized
    """The venue's name."""
    size: int
    """How many people came with this ticket, the holder included."""
    came_at: datetime
    """When they were let in: RFC 3339, in UTC."""
    left_at: datetime | None
    """When they left: RFC 3339, in UTC; null: still there, as far as any gate knows."""
    left: Left | None
    """How that is known: a gate saw them go (`exit`), or come in somewhere else (`elsewhere`)."""


@router.get("/sessions/{session_id}/occupancy")
async def read_occupancy_of_session(
    session_id: UUID, who: GateStaff, queries: TheOccupancyQueries
) -> Occupied:
    """How many people are in a session.

    Who was let in somewhere else since has left.
    """
    inside = await queries.inside([session_id])
    return Occupied(inside=inside[session_id], admitted=await queries.admitted(session_id))


@router.get("/venues/{venue_id}/occupancy", responses=problems(VenueUnknown))
async def read_occupancy_of_venue(
    venue_id: UUID,
    who: GateStaff,
    venues: AllVenues,
    sessions: AllSessions,
    queries: TheOccupancyQueries,
    now: Now,
) -> AtVenue:
    """How many people are in all that is held at a venue, within twelve hours of now."""
    await venues.get(venue_id)
    held = await sessions.public(
        **{
            "facts.venue_id": venue_id,
            "facts.starts_at": {"$lt": now + NEAR},
            "facts.ends_at": {"$gt": now - NEAR},
        }
    )
    inside = await queries.inside([one.id for one in held])
    each = [InSession(session_id=one.id, title=one.title, inside=inside[one.id]) for one in held]
    return AtVenue(inside=inside.total(), sessions=each)


@router.get("/editions/{edition_id}/people/{person_id}/trail", responses=problems(EditionUnknown))
async def read_trail_of_person(
    edition_id: UUID,
    person_id: UUID,
    who: Organiser,
    editions: AllEditions,
    sessions: AllSessions,
    queries: TheOccupancyQueries,
    audit: TheAudit,
    now: Now,
) -> list[StayView]:
    """Where somebody was in an edition, from venue to venue, in order of time.

    For when a child is missed or a sickness is traced. That somebody looked is in the audit
    trail.
    """
    await editions.get(edition_id)
    await audit.record_alone("person.trace", "person", person_id, now)
    held = {one.id: one for one in await sessions.public(edition_id=edition_id)}
    return [
        StayView(
            **stay._asdict(),
            venue_id=held[stay.session_id].facts.venue_id,
            venue=held[stay.session_id].place.name,
        )
        for stay in stays(await queries.of_person(person_id, held))
    ]
