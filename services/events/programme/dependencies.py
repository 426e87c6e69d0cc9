"""What routes ask for from the programme area, by type."""

from typing import Annotated

from fastapi import Depends

from services.events.programme.activities.store import Activities
from services.events.programme.availability.store import Availabilities
from services.events.programme.editions.store import Editions
from services.events.programme.series.service import SeriesService
from services.events.programme.sessions.queries import BookableQueries
from services.events.programme.sessions.service import SessionService
from services.events.programme.sessions.store import Sessions
from services.events.programme.strands.store import Strands
from services.events.programme.venue_settings.queries import VenueResolver
from services.events.programme.venue_settings.store import Rooms, VenueSettingsStore
from services.events.programme.venues.store import Venues
from shared.http.provided import provided

AllActivities = Annotated[Activities, Depends(provided(Activities))]
AllAvailabilities = Annotated[Availabilities, Depends(provided(Availabilities))]
AllEditions = Annotated[Editions, Depends(provided(Editions))]
AllRooms = Annotated[Rooms, Depends(provided(Rooms))]
AllSessions = Annotated[Sessions, Depends(provided(Sessions))]
AllStrands = Annotated[Strands, Depends(provided(Strands))]
AllVenueSettings = Annotated[VenueSettingsStore, Depends(provided(VenueSettingsStore))]
AllVenues = Annotated[Venues, Depends(provided(Venues))]
TheBookableQueries = Annotated[BookableQueries, Depends(provided(BookableQueries))]
TheSeriesService = Annotated[SeriesService, Depends(provided(SeriesService))]
TheSessionService = Annotated[SessionService, Depends(provided(SessionService))]
TheVenueResolver = Annotated[VenueResolver, Depends(provided(VenueResolver))]
