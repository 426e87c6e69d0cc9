"""Courses: enrolment, attendance, certificates, and feedback on sessions and courses."""

from services.events.admission.scans.store import TicketScans
from services.events.booking.registrations.store import Registrations
from services.events.courses.attendance import api as attendance_api
from services.events.courses.attendance import store as attendance_store
from services.events.courses.attendance.service import AttendanceService
from services.events.courses.attendance.store import AttendanceSheets
from services.events.courses.certificates import api as certificates_api
from services.events.courses.certificates import store as certificates_store
from services.events.courses.certificates.service import CertificateService
from services.events.courses.certificates.store import Certificates
from services.events.courses.courses import api as courses_api
from services.events.courses.courses import store as courses_store
from services.events.courses.courses.reactions import CourseReactions
from services.events.courses.courses.service import CourseService
from services.events.courses.courses.store import Courses
from services.events.courses.feedback import api as feedback_api
from services.events.courses.feedback.service import FeedbackService
from services.events.courses.feedback.store import Feedback
from services.events.courses.hosts.queries import HostQueries
from services.events.programme.activities.store import Activities
from services.events.programme.sessions.store import Sessions
from services.events.programme.ticket_kinds.service import Seats
from services.events.settings import Settings
from shared.audit import Audit
from shared.bus.subscriptions import Subscription, on
from shared.contracts.events import SessionCancelled, SessionPublished
from shared.service import Area, Platform


def build(
    platform: Platform[Settings], seats: Seats, programme: Area, booking: Area, admission: Area
) -> Area:
    mongo, outbox = platform.mongo, platform.outbox
    sessions, registrations = programme[Sessions], booking[Registrations]
    courses, certificates = Courses(mongo, outbox), Certificates(mongo, outbox)
    service = CourseService(courses, sessions, seats)
    attendances = AttendanceService(
        courses,
        sessions,
        registrations,
        admission[TicketScans],
        AttendanceSheets(mongo),
        Audit(mongo),
    )
    reactions = CourseReactions(courses, sessions, service)
    return Area(
        routers=[
            courses_api.router,
            attendance_api.router,
            certificates_api.router,
            feedback_api.router,
        ],
        provides=[
            courses,
            HostQueries(programme[Activities], courses),
            service,
            attendances,
            certificates,
            CertificateService(courses, service, attendances, certificates),
            FeedbackService(
                mongo,
                platform.clock,
                Feedback(mongo),
                sessions,
                registrations,
                service,
                attendances,
            ),
        ],
        indexes=[
            *courses_store.INDEXES,
            *attendance_store.INDEXES,
            *certificates_store.INDEXES,
        ],
        subscriptions=[
            Subscription(
                "events.courses",
                on(SessionPublished, reactions.session_published),
                on(SessionCancelled, reactions.session_cancelled),
            ),
        ],
    )
