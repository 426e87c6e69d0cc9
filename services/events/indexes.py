"""Every index of this service: each folder declares its own beside what reads by it."""

from services.events.admission.gates import store as gates_store
from services.events.admission.recordings import store as recordings_store
from services.events.admission.tickets import store as passes_store
from services.events.booking.quotas import store as places_store
from services.events.booking.registrations import store as registrations_store
from services.events.courses.attendance import store as attendance_store
from services.events.courses.certificates import store as certificates_store
from services.events.courses.courses import store as courses_store
from services.events.forum.delegations import store as delegations_store
from services.events.forum.invitations import store as guests_store
from services.events.forum.outcomes import store as outcomes_store
from services.events.forum.papers import store as proceedings_store
from services.events.payments.fees import store as fees_store
from services.events.payments.refunds import store as refunds_store
from services.events.programme.activities import store as activities_store
from services.events.programme.availability import store as availability_store
from services.events.programme.editions import store as editions_store
from services.events.programme.series import service as series_office
from services.events.programme.sessions import store as sessions_store
from services.events.programme.strands import store as strands_store
from services.events.programme.venue_settings import store as venues_arrangements
from services.events.programme.venues import store as venues_store
from services.events.reporting.announcements import store as notices_store
from services.events.reporting.visitor_counts import store as counts_store
from services.events.scheduling.calendar import store as calendar_store
from services.events.scheduling.favourites import store as favourites_store
from services.events.scheduling.schedule_releases import jobs as change_notices
from services.events.scheduling.schedule_releases import store as releases_store

INDEXES = [
    *editions_store.INDEXES,
    *venues_store.INDEXES,
    *venues_arrangements.INDEXES,
    *strands_store.INDEXES,
    *activities_store.INDEXES,
    *outcomes_store.INDEXES,
    *proceedings_store.INDEXES,
    *delegations_store.INDEXES,
    *guests_store.INDEXES,
    *recordings_store.INDEXES,
    *sessions_store.INDEXES,
    *series_office.INDEXES,
    *releases_store.INDEXES,
    *change_notices.INDEXES,
    *places_store.INDEXES,
    *registrations_store.INDEXES,
    *fees_store.INDEXES,
    *refunds_store.INDEXES,
    *gates_store.INDEXES,
    *calendar_store.INDEXES,
    *favourites_store.INDEXES,
    *passes_store.INDEXES,
    *courses_store.INDEXES,
    *attendance_store.INDEXES,
    *certificates_store.INDEXES,
    *notices_store.INDEXES,
    *counts_store.INDEXES,
    *availability_store.INDEXES,
]
