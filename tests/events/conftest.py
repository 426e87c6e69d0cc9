from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from pydantic import SecretStr

from services.events.app import build
from services.events.booking.quotas.rules import Quota
from services.events.booking.quotas.store import QuotaStore, own_quotas
from services.events.programme.ticket_kinds.rules import SeatOffer, TicketKindFacts
from services.events.settings import Settings
from shared.clock import now
from shared.ids import new_id
from shared.mongo import Mongo, Tx
from shared.process import ProcessRole
from shared.roles import Role
from shared.signing import new_keys
from shared.testing.mongod import Mongod
from shared.testing.running import Running, running
from tests.conftest import NO_BROKER
from tests.events.festival import Festival
from tests.events.programme.sample_programme import edition, made
from tests.events.trail import Seen, Watch
from tests.helping.database import empty, kept


@pytest.fixture(scope="session")
async def shelf(mongod: Mongod) -> AsyncIterator[Mongo]:
    async with kept(mongod.url) as database:
        yield database


@pytest.fixture
async def database(shelf: Mongo) -> str:
    """The one of this folder, emptied."""
    await empty(shelf)
    return shelf.db.name


@pytest.fixture
def settings(mongodb_url: str, database: str) -> Settings:
    return Settings(
        mongodb_url=SecretStr(mongodb_url),
        amqp_url=NO_BROKER,
        mongodb_database=database,
        ticket_keys=SecretStr(new_keys()),
        fee_bank_bin="999999",  # no bank has it
        fee_bank_name="Ngân hàng Thử nghiệm",
        fee_account_number="0123456789",
        fee_account_holder="SO VAN HOA VA THE THAO HA NOI",
    )


@pytest.fixture
async def fresh(settings: Settings, mongod: Mongod) -> AsyncIterator[Settings]:
    """With a database that has no index yet, for controls without one."""
    async with kept(mongod.url) as database:
        yield settings.model_copy(update={"mongodb_database": database.db.name})


@pytest.fixture(scope="session")
def seen() -> Iterator[Seen]:
    """What staff did in all tests of this run; no route of theirs may be without a trail."""
    seen = Seen()
    yield seen
    assert seen.silent == [], "these routes let staff do something and left no audit row"


@pytest.fixture
async def service(settings: Settings, seen: Seen) -> AsyncIterator[Running]:
    """The events service, answering requests; nothing is relayed or consumed."""
    async with running(build, settings, roles=frozenset({ProcessRole.API})) as started:
        started.process.app.add_middleware(Watch, mongo=started.platform.mongo, seen=seen)
        yield started


@pytest.fixture
async def festival(service: Running) -> AsyncIterator[Festival]:
    async with service.as_(Role.ORGANISER) as organiser:
        planned = await made(organiser, "/v1/editions", edition())
        await made(organiser, f"/v1/editions/{planned['id']}/announcement")
        kind = {"title": {"vi": "Xưởng giấy dó", "en": "Dó paper workshop"}, "kind": "workshop"}
        activity = await made(organiser, f"/v1/editions/{planned['id']}/activities", kind)
        yield Festival(service, organiser, planned["id"], activity["id"])


async def open_places(
    mongo: Mongo,
    capacity: int,
    session_id: UUID | None = None,
    kinds: tuple[TicketKindFacts, ...] = (TicketKindFacts(),),
    at: datetime | None = None,
) -> UUID:
    """A session that people can register for now, as far as its places know."""
    key = session_id or new_id()
    store = QuotaStore(mongo)
    moment, day = at or now(), timedelta(days=1)

    async def work(tx: Tx) -> None:
        offer = SeatOffer("session", capacity, kinds, moment - day, moment + day)
        await store.open(tx, key, offer)
        for quota, seats in own_quotas(key, capacity, kinds).items():
            store.write_quota(tx, Quota(quota, seats))

    await mongo.transaction(work)
    return key
