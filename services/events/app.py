"""The events service, put together."""

from services.events.admission.consents.service import ConsentService
from services.events.admission.consents.store import Consents
from services.events.admission.gates import api as gates_api
from services.events.admission.gates.store import Gates
from services.events.admission.occupancy import api as presence_api
from services.events.admission.occupancy.queries import OccupancyQueries
from services.events.admission.online_access import api as streams_api
from services.events.admission.online_access.store import OnlineAccesses
from services.events.admission.recordings import api as recordings_api
from services.events.admission.recordings.store import Recordings
from services.events.admission.scans.queries import ScanQueries
from services.events.admission.scans.service import ScanService
from services.events.admission.scans.store import TicketScans
from services.events.admission.tickets import api as tickets_api
from services.events.admission.tickets.signature import TicketSigner
from services.events.admission.tickets.store import Passes
from services.events.booking.batching.service import RegistrationService
from services.events.booking.box_office import api as box_office_api
from services.events.booking.capacity import api as places_api
from services.events.booking.capacity.service import QuotaService
from services.events.booking.changes import api as changes_api
from services.events.booking.clashes.queries import ClashQueries
from services.events.booking.companions import api as companions_api
from services.events.booking.expiry.jobs import ExpiryJob
from services.events.booking.forms import api as forms_api
from services.events.booking.forms.service import FormService
from services.events.booking.forms.store import Forms
from services.events.booking.opening.service import SeatService
from services.events.booking.preferences import api as wishes_api
from services.events.booking.quotas.store import QuotaStore
from services.events.booking.registrations.store import Registrations
from services.events.booking.self_service import api as registrations_api
from services.events.booking.session_endings.jobs import CancelledSessionJob
from services.events.booking.transfers import api as transfers_api
from services.events.booking.unit_of_work.service import BookingStores
from services.events.courses.attendance import api as attendance_api
from services.events.courses.attendance.service import AttendanceService
from services.events.courses.attendance.store import AttendanceSheets
from services.events.courses.certificates import api as certificates_api
from services.events.courses.certificates.service import CertificateService
from services.events.courses.certificates.store import Certificates
from services.events.courses.courses import api as courses_api
from services.events.courses.courses.reactions import CourseReactions
from services.events.courses.courses.service import CourseService
from services.events.courses.courses.store import Courses
from services.events.courses.feedback import api as feedback_api
from services.events.courses.feedback.service import FeedbackService
from services.events.forum.badges import api as badges_api
from services.events.forum.delegations import api as delegations_api
from services.events.forum.delegations.store import Delegations
from services.events.forum.invitations import api as guests_api
from services.events.forum.invitations.service import InvitationService
from services.events.forum.invitations.store import GuestNeeds, Invitations
from services.events.forum.outcomes import api as outcomes_api
from services.events.forum.outcomes.store import Outcomes
from services.events.forum.papers import api as proceedings_api
from services.events.forum.papers.store import Papers
from services.events.forum.rsvp import api as guests_door
from services.events.indexes import INDEXES
from services.events.payments.fees import api as fees_api
from services.events.payments.fees.queries import BookableQueries
from services.events.payments.fees.service import PaymentService
from services.events.payments.fees.store import Payments
from services.events.payments.refunds import api as refunds_api
from services.events.payments.refunds.service import RefundService
from services.events.payments.refunds.store import Refunds
from services.events.payments.statements import api as statements_api
from services.events.printing.pdf import Printer
from services.events.programme.activities import api as activities_api
from services.events.programme.activities.store import Activities
from services.events.programme.availability import api as availability_api
from services.events.programme.availability.store import Availabilities
from services.events.programme.editions import api as editions_api
from services.events.programme.editions.store import Editions
from services.events.programme.series import api as series_api
from services.events.programme.series.service import SeriesService
from services.events.programme.sessions import api as sessions_api
from services.events.programme.sessions.service import SessionService
from services.events.programme.sessions.store import Sessions
from services.events.programme.strands import api as strands_api
from services.events.programme.strands.store import Strands
from services.events.programme.venue_settings import api as venues_api
from services.events.programme.venue_settings.queries import VenueResolver
from services.events.programme.venue_settings.store import Rooms, VenueSettingsStore
from services.events.programme.venue_settings.travel import Pace
from services.events.programme.venues.reactions import VenueReactions
from services.events.programme.venues.store import Venues
from services.events.reporting.announcements import api as notices_api
from services.events.reporting.announcements.jobs import AnnouncementJob
from services.events.reporting.announcements.store import AnnouncementCopies, Announcements
from services.events.reporting.exports import api as exports_api
from services.events.reporting.exports.queries import ExportQueries
from services.events.reporting.segments import api as segments_api
from services.events.reporting.segments.queries import SegmentQueries
from services.events.reporting.statistics import api as statistics_api
from services.events.reporting.statistics.queries import StatisticsQueries
from services.events.reporting.visitor_counts import api as counts_api
from services.events.reporting.visitor_counts.store import VisitorCounts
from services.events.scheduling.calendar import api as calendar_api
from services.events.scheduling.calendar.store import CalendarFeeds
from services.events.scheduling.cancellations import api as cancellations_api
from services.events.scheduling.favourites import api as favourites_api
from services.events.scheduling.favourites.store import Favourites
from services.events.scheduling.schedule_export import api as schedule_api
from services.events.scheduling.schedule_releases import api as releases_api
from services.events.scheduling.schedule_releases.jobs import ChangeNotices, ReleaseNoticeJob
from services.events.scheduling.schedule_releases.service import ReleaseService
from services.events.scheduling.schedule_releases.store import Releases
from services.events.scheduling.warnings import api as warnings_api
from services.events.scheduling.warnings.queries import PlanQueries
from services.events.settings import Settings
from shared.audit import Audit
from shared.bus.subscriptions import Subscription, on
from shared.contracts.events import SessionCancelled, SessionPublished
from shared.contracts.registry import SpacePublished
from shared.service import Platform, Service
from shared.signing import KeyRing


def build(platform: Platform[Settings]) -> Service:
    settings, mongo, outbox, clock = (
        platform.settings,
        platform.mongo,
        platform.outbox,
        platform.clock,
    )
    venues = Venues(mongo)
    venue_reactions = VenueReactions(venues)
    places = QuotaStore(mongo)
    registrations = Registrations(mongo)
    tickets = TicketSigner(KeyRing(settings.ticket_keys.get_secret_value()))
    audit = Audit(mongo)
    stores = BookingStores(places, registrations, outbox, audit, tickets.sign, settings.fee_account)
    seats = SeatService(stores, clock)
    sessions = Sessions(mongo, outbox)
    session_service = SessionService(sessions, seats)
    courses = Courses(mongo, outbox)
    course_service = CourseService(courses, sessions, seats)
    forms = Forms(mongo, outbox)
    refunds = Refunds(mongo, outbox)
    activities = Activities(mongo, outbox)
    rooms, arrangements = Rooms(mongo, outbox), VenueSettingsStore(mongo, outbox)
    where = VenueResolver(venues, rooms)
    availabilities = Availabilities(mongo, outbox)
    pace = Pace(settings.travel_kilometres_an_hour, settings.travel_minutes_to_set_out)
    drafts = PlanQueries(
        sessions, activities, courses, venues, rooms, arrangements, availabilities, pace
    )
    entries = TicketScans(mongo)
    attendances = AttendanceService(
        courses, sessions, registrations, entries, AttendanceSheets(mongo), audit
    )
    course_reactions = CourseReactions(courses, sessions, course_service)
    certificates = Certificates(mongo, outbox)
    recordings = Recordings(mongo, outbox)
    release_forms = Consents(mongo)
    gates = Gates(mongo, outbox)
    shelf = ScanQueries(mongo, gates, sessions, entries, recordings)
    gate_desk = ScanService(mongo, outbox, audit, clock, tickets, registrations, entries, shelf)
    release_desk = ConsentService(mongo, clock, recordings, release_forms, registrations, entries)
    clashes = ClashQueries(mongo)
    desk = RegistrationService(mongo, clock, settings, stores, clashes)
    pools = QuotaService(mongo, clock, stores)
    editions = Editions(mongo, outbox)
    releases = Releases(mongo)
    schedule = ReleaseService(
        mongo, clock, editions, activities, sessions, session_service, where, releases, places
    )
    invitations = Invitations(mongo, outbox)
    needs = GuestNeeds(mongo)
    guest_desk = InvitationService(mongo, clock, stores, invitations, needs)
    telling = ReleaseNoticeJob(
        mongo, outbox, releases, ChangeNotices(mongo), registrations, sessions, clock
    )
    crowd = SegmentQueries(mongo)
    letters = Announcements(mongo, outbox)
    issuing = AnnouncementJob(mongo, outbox, letters, crowd, clock)
    payments = Payments(mongo)
    occasions = BookableQueries(sessions, courses)
    payment_office = PaymentService(mongo, clock, stores, occasions, payments)
    return Service(
        name="events",
        title="Events: the festival from programme to gate",
        platform=platform,
        routers=[
            # First what is asked most: a path is looked for from the top.
            registrations_api.router,
            gates_api.router,
            sessions_api.router,
            editions_api.router,
            venues_api.router,
            strands_api.router,
            activities_api.router,
            outcomes_api.router,
            proceedings_api.router,
            delegations_api.router,
            guests_api.router,
            guests_door.router,
            recordings_api.router,
            badges_api.router,
            series_api.router,
            releases_api.router,
            cancellations_api.router,
            box_office_api.router,
            companions_api.router,
            changes_api.router,
            transfers_api.router,
            wishes_api.router,
            forms_api.router,
            places_api.router,
            fees_api.router,
            statements_api.router,
            refunds_api.router,
            tickets_api.router,
            streams_api.router,
            presence_api.router,
            calendar_api.router,
            schedule_api.router,
            favourites_api.router,
            courses_api.router,
            attendance_api.router,
            certificates_api.router,
            feedback_api.router,
            segments_api.router,
            notices_api.router,
            exports_api.router,
            statistics_api.router,
            counts_api.router,
            availability_api.router,
            warnings_api.router,
        ],
        subscriptions=[
            Subscription("events.venues", on(SpacePublished, venue_reactions.space_published)),
            Subscription(
                "events.courses",
                on(SessionPublished, course_reactions.session_published),
                on(SessionCancelled, course_reactions.session_cancelled),
            ),
        ],
        provides=[
            editions,
            venues,
            rooms,
            where,
            arrangements,
            Strands(mongo, outbox),
            activities,
            Outcomes(mongo, outbox),
            Papers(mongo, outbox),
            Delegations(mongo, outbox),
            invitations,
            needs,
            guest_desk,
            recordings,
            release_forms,
            release_desk,
            audit,
            sessions,
            SeriesService(sessions, session_service, where),
            places,
            registrations,
            clashes,
            forms,
            FormService(forms, places),
            session_service,
            desk,
            tickets,
            gates,
            entries,
            gate_desk,
            OnlineAccesses(mongo, outbox),
            OccupancyQueries(mongo),
            CalendarFeeds(mongo),
            VisitorCounts(mongo, audit),
            availabilities,
            drafts,
            pools,
            Passes(mongo),
            courses,
            course_service,
            attendances,
            certificates,
            CertificateService(courses, course_service, attendances, certificates),
            FeedbackService(mongo, clock, sessions, registrations, course_service, attendances),
            Printer(at_once=settings.papers_at_once, room=settings.papers_room),
            schedule,
            releases,
            Favourites(mongo),
            settings,
            crowd,
            letters,
            AnnouncementCopies(mongo),
            ExportQueries(mongo, sessions, places, entries),
            StatisticsQueries(mongo, sessions, venues),
            payments,
            occasions,
            payment_office,
            refunds,
            RefundService(refunds, stores),
        ],
        workers={
            "expiry": ExpiryJob(registrations, desk, clock).run,
            "endings": CancelledSessionJob(places, registrations, desk).run,
            "notices": telling.run,
            "issuing": issuing.run,
        },
        indexes=INDEXES,
    )
