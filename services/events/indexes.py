"""Every index of this service: each folder declares its own beside what reads by it."""

from services.events.activities import store as activities_store
from services.events.availability import store as availability_store
from services.events.calendar import store as calendar_store
from services.events.certificates import store as certificates_store
from services.events.counts import store as counts_store
from services.events.courses import store as courses_store
from services.events.delegations import store as delegations_store
from services.events.editions import store as editions_store
from services.events.favourites import store as favourites_store
from services.events.fees import store as fees_store
from services.events.fees.refunds import store as refunds_store
from services.events.gates import store as gates_store
from services.events.guests import store as guests_store
from services.events.notices import store as notices_store
from services.events.outcomes import store as outcomes_store
from services.events.places import store as places_store
from services.events.proceedings import store as proceedings_store
from services.events.recordings import store as recordings_store
from services.events.registrations import store as registrations_store
from services.events.releases import notices as change_notices
from services.events.releases import store as releases_store
from services.events.series import office as series_office
from services.events.sessions import store as sessions_store
from services.events.strands import store as strands_store
from services.events.tickets import passes as passes_store
from services.events.venues import arrangements as venues_arrangements
from services.events.venues import store as venues_store

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
    *certificates_store.INDEXES,
    *notices_store.INDEXES,
    *counts_store.INDEXES,
    *availability_store.INDEXES,
]
