"""Venues: the rooms of each, its hours and closures, and the way to others."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.events.dependencies import Organiser
from services.events.programme.dependencies import AllRooms, AllVenues, AllVenueSettings
from services.events.programme.venue_settings.rules import (
    DescribeRoom,
    DescribeVenueSettings,
    Room,
    RoomFacts,
    RoomUnknown,
    VenueSettings,
    VenueSettingsFacts,
)
from services.events.programme.venues.state import Venue, VenueUnknown
from shared.errors import PreconditionFailed, PreconditionRequired
from shared.http.access import anyone
from shared.http.execute import Execute, reply
from shared.http.problems import problems
from shared.ids import new_id
from shared.schema import Schema

router = APIRouter(prefix="/v1", tags=["venues"])


class RoomView(Schema):
    """A room of a venue."""

    id: UUID
    venue_id: UUID
    facts: RoomFacts
    """What organisers know of it."""

    @classmethod
    def of(cls, room: Room) -> "RoomView":
        return cls.model_validate(room, from_attributes=True)


class VenueSettingsView(Schema):
    """What organisers know of a venue beyond the registry."""

    venue_id: UUID
    facts: VenueSettingsFacts
    """Its hours, closures, position and the ways to other venues."""

    @classmethod
    def of(cls, settings: VenueSettings) -> "VenueSettingsView":
        return cls(venue_id=settings.id, facts=settings.facts)


@router.get("/venues", dependencies=[anyone])
async def list_venues(venues: AllVenues) -> list[Venue]:
    """Where sessions can be held: the registry's public spaces."""
    return await venues.all()


@router.get("/venues/{venue_id}/rooms", dependencies=[anyone], responses=problems(VenueUnknown))
async def list_rooms(venue_id: UUID, venues: AllVenues, rooms: AllRooms) -> list[RoomView]:
    """The rooms of a venue that can be taken by themselves."""
    await venues.get(venue_id)
    return [RoomView.of(room) for room in await rooms.of_venues([venue_id])]


@router.post(
    "/venues/{venue_id}/rooms",
    status_code=201,
    response_model=RoomView,
    responses=problems(VenueUnknown),
)
async def create_room(
    venue_id: UUID,
    body: RoomFacts,
    who: Organiser,
    venues: AllVenues,
    rooms: AllRooms,
    execute: Execute,
) -> Response:
    """Enter a room of a venue. Sessions there may then name it (`room_id`)."""
    await venues.get(venue_id)
    key = new_id()
    return await execute(rooms, key, DescribeRoom(key, venue_id, body), RoomView.of, status=201)


@router.get(
    "/rooms/{room_id}",
    dependencies=[anyone],
    response_model=RoomView,
    responses=problems(RoomUnknown),
)
async def read_room(room_id: UUID, rooms: AllRooms) -> Response:
    """A room of a venue."""
    found = await rooms.get(room_id)
    return reply(RoomView.of(found), version=found.version).response()


@router.put(
    "/rooms/{room_id}",
    response_model=RoomView,
    responses=problems(RoomUnknown, PreconditionFailed, PreconditionRequired),
)
async def update_room(
    room_id: UUID, body: RoomFacts, who: Organiser, rooms: AllRooms, execute: Execute
) -> Response:
    """Replace what is known of a room."""
    known = await rooms.get(room_id)
    command = DescribeRoom(room_id, known.venue_id, body)
    return await execute(rooms, room_id, command, RoomView.of, must_match=True)


@router.get(
    "/venues/{venue_id}/arrangement",
    response_model=VenueSettingsView,
    responses=problems(VenueUnknown),
)
async def read_venue_settings(
    venue_id: UUID, who: Organiser, venues: AllVenues, venue_settings: AllVenueSettings
) -> Response:
    """What organisers know of a venue: its hours, closures, position and ways.

    If nothing has been said, the answer is blank and its ETag is "0".
    """
    await venues.get(venue_id)
    found = await venue_settings.find(venue_id)
    view = VenueSettingsView(
        venue_id=venue_id, facts=found.facts if found else VenueSettingsFacts()
    )
    return reply(view, version=found.version if found else 0).response()


@router.put(
    "/venues/{venue_id}/arrangement",
    response_model=VenueSettingsView,
    responses=problems(VenueUnknown, RoomUnknown, PreconditionFailed, PreconditionRequired),
)
async def update_venue_settings(
    venue_id: UUID,
    body: VenueSettingsFacts,
    who: Organiser,
    venues: AllVenues,
    rooms: AllRooms,
    venue_settings: AllVenueSettings,
    execute: Execute,
) -> Response:
    """Replace what organisers know of a venue.

    `GET /v1/editions/{edition_id}/warnings` says what this means for the programme.
    """
    await venues.get(venue_id)
    for room_id in {closure.room_id for closure in body.blocked}:
        await rooms.in_venue(venue_id, room_id)
    command = DescribeVenueSettings(venue_id, body)
    return await execute(venue_settings, venue_id, command, VenueSettingsView.of, must_match=True)
