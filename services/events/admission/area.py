"""Admission: tickets, gates and scans, occupancy, online access, recordings and their consents."""

from services.events.admission.consents import api as consents_api
from services.events.admission.consents import store as consents_store
from services.events.admission.consents.service import ConsentService
from services.events.admission.consents.store import Consents
from services.events.admission.gates import api as gates_api
from services.events.admission.gates import store as gates_store
from services.events.admission.gates.store import Gates
from services.events.admission.occupancy import api as occupancy_api
from services.events.admission.occupancy.queries import OccupancyQueries
from services.events.admission.online_access import api as online_access_api
from services.events.admission.online_access.store import OnlineAccesses
from services.events.admission.recordings import api as recordings_api
from services.events.admission.recordings import store as recordings_store
from services.events.admission.recordings.store import Recordings
from services.events.admission.scans import api as scans_api
from services.events.admission.scans import store as scans_store
from services.events.admission.scans.queries import ScanQueries
from services.events.admission.scans.service import ScanService
from services.events.admission.scans.store import TicketScans
from services.events.admission.tickets import api as tickets_api
from services.events.admission.tickets import store as tickets_store
from services.events.admission.tickets.signature import TicketSigner
from services.events.admission.tickets.store import Passes
from services.events.booking.registrations.store import Registrations
from services.events.programme.sessions.queries import BookableQueries
from services.events.settings import Settings
from shared.audit import Audit
from shared.service import Area, Platform


def build(
    platform: Platform[Settings], signer: TicketSigner, programme: Area, booking: Area
) -> Area:
    mongo, outbox, clock = platform.mongo, platform.outbox, platform.clock
    registrations, bookables = booking[Registrations], programme[BookableQueries]
    gates, scans, recordings = Gates(mongo, outbox), TicketScans(mongo), Recordings(mongo, outbox)
    queries, consents = ScanQueries(mongo, gates, bookables, scans, recordings), Consents(mongo)
    return Area(
        routers=[
            scans_api.router,
            gates_api.router,
            tickets_api.router,
            online_access_api.router,
            occupancy_api.router,
            recordings_api.router,
            consents_api.router,
        ],
        provides=[
            signer,
            Passes(mongo),
            gates,
            scans,
            ScanService(mongo, outbox, Audit(mongo), clock, signer, registrations, scans, queries),
            OccupancyQueries(scans),
            OnlineAccesses(mongo, outbox),
            recordings,
            consents,
            ConsentService(mongo, clock, recordings, consents, registrations, scans),
        ],
        indexes=[
            *tickets_store.INDEXES,
            *gates_store.INDEXES,
            *scans_store.INDEXES,
            *recordings_store.INDEXES,
            *consents_store.INDEXES,
        ],
    )
