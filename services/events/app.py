"""The events service, put together."""

from services.events.activities import api as activities_api
from services.events.activities.store import Activities
from services.events.availability import api as availability_api
from services.events.availability.store import Availabilities
from services.events.badges import api as badges_api
from services.events.box_office import api as box_office_api
from services.events.calendar import api as calendar_api
from services.events.calendar.store import Feeds
from services.events.cancellations import api as cancellations_api
from services.events.certificates import api as certificates_api
from services.events.certificates.office import CertificateOffice
from services.events.certificates.store import Certificates
from services.events.changes import api as changes_api
from services.events.clashes.store import Clashes
from services.events.companions import api as companions_api
from services.events.counts import api as counts_api
from services.events.counts.store import Counts
from services.events.courses import api as courses_api
from services.events.courses.office import CourseOffice
from services.events.courses.reactions import CourseReactions
from services.events.courses.store import Courses, Sheets
from services.events.delegations import api as delegations_api
from services.events.delegations.store import Delegations
from services.events.editions import api as editions_api
from services.events.editions.store import Editions
from services.events.exports import api as exports_api
from services.events.exports.store import Ledger
from services.events.favourites import api as favourites_api
from services.events.favourites.store import Favourites
from services.events.feedback import api as feedback_api
from services.events.feedback.office import FeedbackOffice
from services.events.fees import api as fees_api
from services.events.fees.occasions import Occasions
from services.events.fees.office import PaymentOffice
from services.events.fees.refunds import api as refunds_api
from services.events.fees.refunds.store import Refunds
from services.events.fees.statements import api as statements_api
from services.events.fees.store import Payments
from services.events.forms import api as forms_api
from services.events.forms.store import Forms
from services.events.gates import api as gates_api
from services.events.gates.at_hand import Shelf
from services.events.gates.desk import GateDesk
from services.events.gates.store import Entries, Gates
from services.events.guests import api as guests_api
from services.events.guests import door as guests_door
from services.events.guests.desk import GuestDesk
from services.events.guests.store import GuestNeeds, Invitations
from services.events.indexes import INDEXES
from services.events.notices import api as notices_api
from services.events.notices.issuing import Issuing
from services.events.notices.store import Copies, Notices
from services.events.outcomes import api as outcomes_api
from services.events.outcomes.store import Outcomes
from services.events.papers.printer import Printer
from services.events.places import api as places_api
from services.events.places.office import PoolOffice
from services.events.places.store import PlacesStore
from services.events.presence import api as presence_api
from services.events.presence.store import Presence
from services.events.proceedings import api as proceedings_api
from services.events.proceedings.store import Proceedings
from services.events.recordings import api as recordings_api
from services.events.recordings.desk import ReleaseDesk
from services.events.recordings.store import Recordings, ReleaseForms
from services.events.registrations import api as registrations_api
from services.events.registrations.book import Stores
from services.events.registrations.desk import RegistrationDesk
from services.events.registrations.endings import Endings
from services.events.registrations.expiry import Expiry
from services.events.registrations.store import Registrations
from services.events.releases import api as releases_api
from services.events.releases.notices import Notices as ChangeNotices
from services.events.releases.notices import Telling
from services.events.releases.office import ScheduleOffice
from services.events.releases.store import Releases
from services.events.schedule import api as schedule_api
from services.events.segments import api as segments_api
from services.events.segments.store import Crowd
from services.events.series import api as series_api
from services.events.series.office import SeriesOffice
from services.events.sessions import api as sessions_api
from services.events.sessions.store import Sessions
from services.events.settings import Settings
from services.events.statistics import api as statistics_api
from services.events.statistics.store import Counting
from services.events.strands import api as strands_api
from services.events.strands.store import Strands
from services.events.streams import api as streams_api
from services.events.streams.store import Streams
from services.events.tickets import api as tickets_api
from services.events.tickets.passes import Passes
from services.events.tickets.signer import Tickets
from services.events.transfers import api as transfers_api
from services.events.venues import api as venues_api
from services.events.venues.arrangements import Arrangements, Rooms
from services.events.venues.reactions import VenueReactions
from services.events.venues.store import Venues
from services.events.venues.travel import Pace
from services.events.venues.whereabouts import Whereabouts
from services.events.warnings import api as warnings_api
from services.events.warnings.store import Drafts
from services.events.wishes import api as wishes_api
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
    places = PlacesStore(mongo)
    registrations = Registrations(mongo)
    tickets = Tickets(KeyRing(settings.ticket_keys.get_secret_value()))
    audit = Audit(mongo)
    stores = Stores(places, registrations, outbox, audit, tickets.sign, settings.fee_account)
    sessions = Sessions(mongo, outbox, stores, clock)
    courses = Courses(mongo, outbox, stores, clock)
    activities = Activities(mongo, outbox)
    rooms, arrangements = Rooms(mongo, outbox), Arrangements(mongo, outbox)
    where = Whereabouts(venues, rooms)
    availabilities = Availabilities(mongo, outbox)
    pace = Pace(settings.travel_kilometres_an_hour, settings.travel_minutes_to_set_out)
    drafts = Drafts(
        sessions, activities, courses, venues, rooms, arrangements, availabilities, pace
    )
    entries = Entries(mongo)
    course_office = CourseOffice(courses, sessions, registrations, entries, Sheets(mongo), audit)
    course_reactions = CourseReactions(courses, sessions, course_office)
    certificates = Certificates(mongo, outbox)
    recordings = Recordings(mongo, outbox)
    release_forms = ReleaseForms(mongo)
    gates = Gates(mongo, outbox)
    shelf = Shelf(mongo, gates, sessions, entries, recordings)
    gate_desk = GateDesk(mongo, outbox, audit, clock, tickets, registrations, entries, shelf)
    release_desk = ReleaseDesk(mongo, clock, recordings, release_forms, registrations, entries)
    clashes = Clashes(mongo)
    desk = RegistrationDesk(mongo, clock, settings, stores, clashes)
    pools = PoolOffice(mongo, clock, stores)
    editions = Editions(mongo, outbox)
    releases = Releases(mongo)
    schedule = ScheduleOffice(mongo, clock, editions, activities, sessions, where, releases, places)
    invitations = Invitations(mongo, outbox)
    needs = GuestNeeds(mongo)
    guest_desk = GuestDesk(mongo, clock, stores, invitations, needs)
    telling = Telling(mongo, outbox, releases, ChangeNotices(mongo), registrations, sessions, clock)
    crowd = Crowd(mongo)
    letters = Notices(mongo, outbox)
    issuing = Issuing(mongo, outbox, letters, crowd, clock)
    payments = Payments(mongo)
    occasions = Occasions(sessions, courses)
    payment_office = PaymentOffice(mongo, clock, stores, occasions, payments)
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
            Proceedings(mongo, outbox),
            Delegations(mongo, outbox),
            invitations,
            needs,
            guest_desk,
            recordings,
            release_forms,
            release_desk,
            audit,
            sessions,
            SeriesOffice(sessions, where),
            places,
            registrations,
            clashes,
            Forms(mongo, outbox, places),
            desk,
            tickets,
            gates,
            entries,
            gate_desk,
            Streams(mongo, outbox),
            Presence(mongo),
            Feeds(mongo),
            Counts(mongo, audit),
            availabilities,
            drafts,
            pools,
            Passes(mongo),
            courses,
            course_office,
            certificates,
            CertificateOffice(courses, course_office, certificates),
            FeedbackOffice(mongo, clock, sessions, registrations, course_office),
            Printer(at_once=settings.papers_at_once, room=settings.papers_room),
            schedule,
            releases,
            Favourites(mongo),
            settings,
            crowd,
            letters,
            Copies(mongo),
            Ledger(mongo, sessions, places, entries),
            Counting(mongo, sessions, venues),
            payments,
            occasions,
            payment_office,
            Refunds(mongo, outbox, stores, clock),
        ],
        workers={
            "expiry": Expiry(registrations, desk, clock).run,
            "endings": Endings(places, registrations, desk).run,
            "notices": telling.run,
            "issuing": issuing.run,
        },
        indexes=INDEXES,
    )
