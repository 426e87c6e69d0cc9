"""Ends what people have in a session that was cancelled, one by one, with an event for each.

The cancellation has closed the session's seats already. There may be thousands of registrations, so
they are ended a page at a time. Who was let in before keeps the admission.

The registration service commits them, in its batches: a page is no transaction of its own
(shared/fan_out.py). A registration that has ended is not found again, so each is ended once.
"""

from collections.abc import Sequence
from uuid import UUID

from services.events.booking.batching.service import RegistrationService
from services.events.booking.quotas.store import QuotaStore
from services.events.booking.registrations.commands import Cancel
from services.events.booking.registrations.state import Ending
from services.events.booking.registrations.store import Registrations
from shared.fan_out import PagedJob, unless_refused

PAGE = 200  # registrations


class CancelledSessionJob(PagedJob[UUID]):
    name = "endings"

    def __init__(
        self, quotas: QuotaStore, registrations: Registrations, service: RegistrationService
    ) -> None:
        self._quotas = quotas
        self._registrations = registrations
        self._service = service

    async def unfinished(self) -> Sequence[UUID]:
        """Cancelled sessions that somebody may still have a seat in."""
        return await self._quotas.to_end()

    async def next_page(self, bookable_id: UUID) -> bool:
        """End some of them. A session with nobody left is not looked at again."""
        left = await self._registrations.to_end(bookable_id, PAGE)
        if not left:
            await self._quotas.ended(bookable_id)
        await unless_refused(
            self._service(
                Cancel(one.bookable_id, one.person_id, Ending.SESSION),
                status=200,
                idempotency_key=None,
            )
            for one in left
        )
        return len(left) == PAGE
