"""Routes of occupancy: how many people are inside, and where one person was."""

from datetime import datetime, timedelta
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from services.events.admission.dependencies import TheOccupancyQueries
from services.events.admission.occupancy.rules import Left, stays
from services.events.dependencies import GateStaff, Organiser, TheAudit
from services.events.programme.dependencies import AllEditions, AllSessions, AllVenues
from services.events.programme.editions.rules import EditionUnknown
from services.events.programme.venues.state import VenueUnknown
from shared.http.now import Now
from shared.http.problems import problems
from shared.text import Localized

router = APIRouter(prefix="/v1", tags=["occupancy"])
NEAR = timedelta(hours=12)
"""The sessions of a venue that count: those that are on, or begin or ended within this time."""


class Occupied(BaseModel):
    inside: int  # people, at this moment
    admitted: int  # people who were ever let in


class InSession(BaseModel):
    session_id: UUID
    title: Localized
    inside: int


class AtVenue(BaseModel):
    inside: int  # people, at this moment
    sessions: list[InSession]


class StayView(BaseModel):
    session_id: UUID
    venue_id: UUID
    venue: Localized
    size: int
    came_at: datetime
    left_at: datetime | None
    left: Left | None  # None: still there, as far as any gate knows


@router.get("/sessions/{session_id}/occupancy")
async def occupancy(session_id: UUID, who: GateStaff, queries: TheOccupancyQueries) -> Occupied:
    """How many are inside. Whoever was let in somewhere else since has left."""
    inside = await queries.inside([session_id])
    return Occupied(inside=inside[session_id], admitted=await queries.admitted(session_id))


@router.get("/venues/{venue_id}/occupancy", responses=problems(VenueUnknown))
async def at_venue(
    venue_id: UUID,
    who: GateStaff,
    venues: AllVenues,
    sessions: AllSessions,
    queries: TheOccupancyQueries,
    now: Now,
) -> AtVenue:
    """How many are in all that is held there, within twelve hours of now."""
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
async def of_person(
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

    For when a child is missed or a sickness is traced. That somebody looked is in the audit trail.
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
