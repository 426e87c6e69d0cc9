"""Lets people take places: in a session, or in a course as a whole."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.events.booking.quotas.store import own_pools
from services.events.booking.unit_of_work.service import BookingStores, BookingUnitOfWork
from services.events.programme.ticket_kinds.errors import QuotaUnknown
from services.events.programme.ticket_kinds.rules import TicketKindFacts
from shared.cause import current_cause
from shared.mongo import Tx


async def open_places(
    tx: Tx,
    stores: BookingStores,
    owner_id: UUID,
    capacity: int,
    kinds: Sequence[TicketKindFacts],
    opens_at: datetime,
    closes_at: datetime,
    now: datetime,
    *,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    largest: int | None = None,
) -> None:
    """Have these terms from now on; whoever waits gets what is new. Raises `QuotaUnknown`.

    `starts_at`, `ends_at`: what costs something is paid for by the one, and by the other at the
    very latest.
    `largest`: how many one registration may be for, if not as many as there are.
    """
    shared = {pool for kind in kinds for pool in kind.shared}
    if shared - (await stores.places.read_pools(tx, shared)).keys():
        raise QuotaUnknown
    await stores.places.open(
        tx,
        owner_id,
        kinds,
        opens_at,
        closes_at,
        starts_at=starts_at,
        ends_at=ends_at,
        largest=largest,
    )
    book = BookingUnitOfWork(tx, stores)
    for pool, places in own_pools(owner_id, capacity, kinds).items():
        await book.resize(pool, places, now, current_cause())
    book.close()
