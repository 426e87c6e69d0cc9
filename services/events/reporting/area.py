"""Reporting: segments, announcements, exports, statistics, visitor counts."""

from services.events.admission.scans.store import TicketScans
from services.events.booking.quotas.store import QuotaStore
from services.events.booking.registrations.queries import RegistrationQueries
from services.events.courses.hosts.queries import HostQueries
from services.events.programme.activities.store import Activities
from services.events.programme.sessions.store import Sessions
from services.events.programme.venues.store import Venues
from services.events.reporting.announcements import api as announcements_api
from services.events.reporting.announcements import store as announcements_store
from services.events.reporting.announcements.jobs import AnnouncementJob
from services.events.reporting.announcements.store import AnnouncementRecipients, Announcements
from services.events.reporting.exports import api as exports_api
from services.events.reporting.exports.queries import ExportQueries
from services.events.reporting.segments import api as segments_api
from services.events.reporting.segments.queries import SegmentQueries
from services.events.reporting.statistics import api as statistics_api
from services.events.reporting.statistics.queries import StatisticsQueries
from services.events.reporting.visitor_counts import api as visitor_counts_api
from services.events.reporting.visitor_counts import store as visitor_counts_store
from services.events.reporting.visitor_counts.store import VisitorCounts
from services.events.settings import Settings
from shared.audit import Audit
from shared.service import Area, Platform


def build(
    platform: Platform[Settings], programme: Area, booking: Area, admission: Area, courses: Area
) -> Area:
    mongo, outbox, clock = platform.mongo, platform.outbox, platform.clock
    sessions, scans = programme[Sessions], admission[TicketScans]
    announcements, registrations = Announcements(mongo, outbox), booking[RegistrationQueries]
    segments = SegmentQueries(
        sessions, programme[Activities], courses[HostQueries], registrations, scans
    )
    return Area(
        routers=[
            segments_api.router,
            announcements_api.router,
            exports_api.router,
            statistics_api.router,
            visitor_counts_api.router,
        ],
        provides=[
            segments,
            announcements,
            AnnouncementRecipients(mongo),
            ExportQueries(sessions, registrations, booking[QuotaStore], scans),
            StatisticsQueries(sessions, registrations, programme[Venues]),
            VisitorCounts(mongo, Audit(mongo)),
        ],
        indexes=[*announcements_store.INDEXES, *visitor_counts_store.INDEXES],
        jobs={"issuing": AnnouncementJob(mongo, outbox, announcements, segments, clock).run},
    )
