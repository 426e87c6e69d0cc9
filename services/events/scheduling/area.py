"""Scheduling: warnings, releases of the schedule, cancellations, exports, calendars, favourites."""

from services.events.booking.quotas.store import QuotaStore
from services.events.booking.registrations.store import Registrations
from services.events.courses.hosts.queries import HostQueries
from services.events.programme.activities.store import Activities
from services.events.programme.availability.store import Availabilities
from services.events.programme.editions.store import Editions
from services.events.programme.sessions.service import SessionService
from services.events.programme.sessions.store import Sessions
from services.events.programme.venue_settings.queries import VenueResolver
from services.events.programme.venue_settings.store import Rooms, VenueSettingsStore
from services.events.programme.venue_settings.travel import Pace
from services.events.programme.venues.store import Venues
from services.events.scheduling.calendar import api as calendar_api
from services.events.scheduling.calendar import store as calendar_store
from services.events.scheduling.calendar.store import CalendarFeeds
from services.events.scheduling.cancellations import api as cancellations_api
from services.events.scheduling.favourites import api as favourites_api
from services.events.scheduling.favourites import store as favourites_store
from services.events.scheduling.favourites.store import Favourites
from services.events.scheduling.schedule_export import api as schedule_export_api
from services.events.scheduling.schedule_releases import api as releases_api
from services.events.scheduling.schedule_releases import store as releases_store
from services.events.scheduling.schedule_releases.jobs import ReleaseNoticeJob
from services.events.scheduling.schedule_releases.service import ReleaseService
from services.events.scheduling.schedule_releases.store import ChangeNotices, Releases
from services.events.scheduling.warnings import api as warnings_api
from services.events.scheduling.warnings.queries import PlanQueries
from services.events.settings import Settings
from shared.service import Area, Platform


def build(platform: Platform[Settings], programme: Area, booking: Area, courses: Area) -> Area:
    mongo, outbox, clock = platform.mongo, platform.outbox, platform.clock
    sessions, activities = programme[Sessions], programme[Activities]
    hosts = courses[HostQueries]
    settings, releases = platform.settings, Releases(mongo)
    notices = ReleaseNoticeJob(
        mongo, outbox, releases, ChangeNotices(mongo), booking[Registrations], sessions, clock
    )
    return Area(
        routers=[
            releases_api.router,
            cancellations_api.router,
            calendar_api.router,
            schedule_export_api.router,
            favourites_api.router,
            warnings_api.router,
        ],
        provides=[
            releases,
            ReleaseService(
                mongo,
                clock,
                programme[Editions],
                activities,
                hosts,
                sessions,
                programme[SessionService],
                programme[VenueResolver],
                releases,
                booking[QuotaStore],
            ),
            CalendarFeeds(mongo),
            Favourites(mongo),
            PlanQueries(
                sessions,
                activities,
                hosts,
                programme[Venues],
                programme[Rooms],
                programme[VenueSettingsStore],
                programme[Availabilities],
                Pace(settings.travel_kilometres_an_hour, settings.travel_minutes_to_set_out),
            ),
        ],
        indexes=[
            *releases_store.INDEXES,
            *calendar_store.INDEXES,
            *favourites_store.INDEXES,
        ],
        jobs={"notices": notices.run},
    )
