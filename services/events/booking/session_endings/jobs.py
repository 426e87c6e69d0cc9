"""Ends what people have in a session that was cancelled, and tells each of them.

The cancellation itself has closed the session's places, in one commit; there may be thousands in
it, so they are ended some at a time afterwards. Those who were let in before keep their admission.
"""

import asyncio
from contextlib import suppress
from uuid import UUID

from services.events.booking.batching.service import RegistrationService
from services.events.booking.quotas.store import QuotaStore
from services.events.booking.registrations.commands import Cancel
from services.events.booking.registrations.state import Ending, Registration
from services.events.booking.registrations.store import Registrations
from shared.errors import DomainError
from shared.polling import poll
from shared.stop import Stop

EVERY = 1.0  # seconds
AT_ONCE = 200


class CancelledSessionJob:
    def __init__(
        self, places: QuotaStore, registrations: Registrations, desk: RegistrationService
    ) -> None:
        self._places = places
        self._registrations = registrations
        self._desk = desk

    async def run(self, stop: Stop) -> None:
        await poll(self.look, every=EVERY, stop=stop, what="endings")

    async def look(self) -> bool:
        more = [await self._empty(session_id) for session_id in await self._places.to_empty()]
        return any(more)

    async def _empty(self, session_id: UUID) -> bool:
        """End some of them; True if there are more. With nobody left it is not looked at again."""
        left = await self._registrations.to_end(session_id, AT_ONCE)
        if not left:
            await self._places.emptied(session_id)
        await asyncio.gather(*(self._end(one) for one in left))
        return len(left) == AT_ONCE

    async def _end(self, one: Registration) -> None:
        # Refused: given back or ended by another replica in the meantime.
        with suppress(DomainError):
            command = Cancel(one.session_id, one.person_id, Ending.SESSION)
            await self._desk(command, status=200, idempotency_key=None)
