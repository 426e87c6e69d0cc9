"""Booking: seats, waiting lists, registrations, changes and transfers.

A feature imports only those before it: quotas and billing, registrations, waiting_list,
unit_of_work, then opening, capacity, clashes and forms, then batching, then the others.
"""

from services.events.booking.batching.service import RegistrationService
from services.events.booking.box_office import api as box_office_api
from services.events.booking.capacity import api as capacity_api
from services.events.booking.capacity.service import QuotaService
from services.events.booking.changes import api as changes_api
from services.events.booking.clashes.queries import ClashQueries
from services.events.booking.companions import api as companions_api
from services.events.booking.expiry.jobs import ExpiryJob
from services.events.booking.forms import api as forms_api
from services.events.booking.forms.service import FormService
from services.events.booking.forms.store import Forms
from services.events.booking.preferences import api as preferences_api
from services.events.booking.quotas import store as quotas_store
from services.events.booking.registrations import store as registrations_store
from services.events.booking.registrations.queries import RegistrationQueries
from services.events.booking.self_service import api as self_service_api
from services.events.booking.session_endings.jobs import CancelledSessionJob
from services.events.booking.transfers import api as transfers_api
from services.events.booking.unit_of_work.service import BookingStores
from services.events.programme.sessions.queries import BookableQueries
from services.events.settings import Settings
from shared.service import Area, Platform


def build(platform: Platform[Settings], stores: BookingStores, programme: Area) -> Area:
    mongo, clock = platform.mongo, platform.clock
    registrations, quotas = stores.registrations, stores.quotas
    queries = RegistrationQueries(mongo)
    clashes = ClashQueries(queries, programme[BookableQueries])
    forms = Forms(mongo, platform.outbox)
    service = RegistrationService(mongo, clock, platform.settings, stores, clashes)
    return Area(
        routers=[
            self_service_api.router,
            box_office_api.router,
            companions_api.router,
            changes_api.router,
            transfers_api.router,
            preferences_api.router,
            forms_api.router,
            capacity_api.router,
        ],
        provides=[
            stores,
            registrations,
            queries,
            quotas,
            service,
            clashes,
            forms,
            FormService(forms, quotas),
            QuotaService(mongo, clock, stores),
        ],
        indexes=[*quotas_store.INDEXES, *registrations_store.INDEXES],
        jobs={
            "expiry": ExpiryJob(registrations, service, clock).run,
            "endings": CancelledSessionJob(quotas, registrations, service).run,
        },
    )
