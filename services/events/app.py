"""The events service, put together from its areas: each builds on those above it in this list."""

from services import events
from services.events.admission import area as admission_area
from services.events.admission.scans import api as scans_api
from services.events.admission.tickets.signature import TicketSigner
from services.events.booking import area as booking_area
from services.events.booking.opening.service import SeatService
from services.events.booking.self_service import api as self_service_api
from services.events.booking.unit_of_work.service import BookingStores
from services.events.courses import area as courses_area
from services.events.forum import area as forum_area
from services.events.payments import area as payments_area
from services.events.printing import area as printing_area
from services.events.programme import area as programme_area
from services.events.reporting import area as reporting_area
from services.events.scheduling import area as scheduling_area
from services.events.settings import Settings
from shared.service import Platform, Service
from shared.signing import KeyRing


def build(platform: Platform[Settings]) -> Service:
    signer = TicketSigner(KeyRing(platform.settings.ticket_keys.get_secret_value()))
    stores = BookingStores.connect(platform, signer.sign)
    seats = SeatService(stores, platform.clock)
    areas = [
        printing_area.build(platform),
        programme := programme_area.build(platform, seats),
        booking := booking_area.build(platform, stores, programme),
        payments_area.build(platform, programme, booking),
        admission := admission_area.build(platform, signer, programme, booking),
        forum_area.build(platform, booking),
        courses := courses_area.build(platform, seats, programme, booking, admission),
        scheduling_area.build(platform, programme, booking, courses),
        reporting_area.build(platform, programme, booking, admission, courses),
    ]
    return Service.of_areas(
        "events",
        "Events: the festival from programme to gate",
        platform,
        areas,
        description=events.__doc__ or "",
        busiest=[self_service_api.router, scans_api.router],
    )
