"""The applications service: everything is built and joined here."""

from services import applications
from services.applications.calls import api as calls_api
from services.applications.calls import store as calls_store
from services.applications.calls.store import Calls
from services.applications.entries import api as entries_api
from services.applications.entries import store as entries_store
from services.applications.entries.store import Entries, Vault
from services.applications.reviews import api as reviews_api
from services.applications.reviews import store as reviews_store
from services.applications.reviews.service import JuryService
from services.applications.reviews.store import Reviews
from services.applications.settings import Settings
from shared.service import Platform, Service


def build(platform: Platform[Settings]) -> Service:
    mongo, outbox = platform.mongo, platform.outbox
    calls = Calls(mongo, outbox)
    entries = Entries(mongo, outbox, calls, Vault(mongo))
    reviews = Reviews(mongo, outbox)
    return Service(
        name="applications",
        title="Applications: calls, entries, juries",
        platform=platform,
        description=applications.__doc__ or "",
        routers=[calls_api.router, entries_api.router, reviews_api.router],
        provides=[calls, entries, reviews, JuryService(calls, entries, reviews)],
        indexes=[*calls_store.INDEXES, *entries_store.INDEXES, *reviews_store.INDEXES],
    )
