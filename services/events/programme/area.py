"""The programme: editions, strands, activities, sessions, series, venues and availability."""

from services.events.programme.activities import api as activities_api
from services.events.programme.activities import store as activities_store
from services.events.programme.activities.store import Activities
from services.events.programme.availability import api as availability_api
from services.events.programme.availability import store as availability_store
from services.events.programme.availability.store import Availabilities
from services.events.programme.editions import api as editions_api
from services.events.programme.editions import store as editions_store
from services.events.programme.editions.store import Editions
from services.events.programme.series import api as series_api
from services.events.programme.series.service import SeriesService
from services.events.programme.sessions import api as sessions_api
from services.events.programme.sessions import store as sessions_store
from services.events.programme.sessions.queries import BookableQueries
from services.events.programme.sessions.service import SessionService
from services.events.programme.sessions.store import Sessions
from services.events.programme.strands import api as strands_api
from services.events.programme.strands import store as strands_store
from services.events.programme.strands.store import Strands
from services.events.programme.ticket_kinds.service import Seats
from services.events.programme.venue_settings import api as venue_settings_api
from services.events.programme.venue_settings import store as venue_settings_store
from services.events.programme.venue_settings.queries import VenueResolver
from services.events.programme.venue_settings.store import Rooms, VenueSettingsStore
from services.events.programme.venues import store as venues_store
from services.events.programme.venues.reactions import VenueReactions
from services.events.programme.venues.store import Venues
from services.events.settings import Settings
from shared.bus.subscriptions import Subscription, on
from shared.contracts.registry import SpacePublished
from shared.service import Area, Platform


def build(platform: Platform[Settings], seats: Seats) -> Area:
    mongo, outbox = platform.mongo, platform.outbox
    sessions = Sessions(mongo, outbox)
    session_service = SessionService(sessions, seats)
    venues, rooms = Venues(mongo), Rooms(mongo, outbox)
    resolver = VenueResolver(venues, rooms)
    return Area(
        routers=[
            sessions_api.router,
            editions_api.router,
            venue_settings_api.router,
            strands_api.router,
            activities_api.router,
            series_api.router,
            availability_api.router,
        ],
        provides=[
            Editions(mongo, outbox),
            Strands(mongo, outbox),
            Activities(mongo, outbox),
            sessions,
            BookableQueries(sessions),
            session_service,
            SeriesService(sessions, session_service, resolver),
            venues,
            rooms,
            resolver,
            VenueSettingsStore(mongo, outbox),
            Availabilities(mongo, outbox),
        ],
        indexes=[
            *editions_store.INDEXES,
            *strands_store.INDEXES,
            *activities_store.INDEXES,
            *sessions_store.INDEXES,
            *venues_store.INDEXES,
            *venue_settings_store.INDEXES,
            *availability_store.INDEXES,
        ],
        subscriptions=[
            Subscription(
                "events.venues", on(SpacePublished, VenueReactions(venues).space_published)
            )
        ],
    )
