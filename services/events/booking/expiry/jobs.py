"""Gives back what was held, offered or unpaid until a moment that has passed.

Every replica looks, each second; the rules let only one of them do it.
"""

import asyncio
from contextlib import suppress

from services.events.booking.batching.service import RegistrationService
from services.events.booking.registrations.commands import Expire
from services.events.booking.registrations.state import Registration
from services.events.booking.registrations.store import Registrations
from shared.clock import Clock
from shared.errors import DomainError
from shared.polling import poll
from shared.stop import Stop

EVERY = 1.0  # seconds
AT_ONCE = 200


class ExpiryJob:
    def __init__(
        self, registrations: Registrations, desk: RegistrationService, clock: Clock
    ) -> None:
        self._registrations = registrations
        self._desk = desk
        self._clock = clock

    async def run(self, stop: Stop) -> None:
        await poll(self.look, every=EVERY, stop=stop, what="expiry")

    async def look(self) -> bool:
        """End what has expired by now; at the desk they meet in one transaction."""
        expired = await self._registrations.expired(self._clock(), AT_ONCE)
        await asyncio.gather(*(self._end(one) for one in expired))
        return len(expired) == AT_ONCE

    async def _end(self, one: Registration) -> None:
        # Refused: confirmed, given back, or ended by another replica in the meantime.
        with suppress(DomainError):
            await self._desk(
                Expire(one.session_id, one.person_id), status=200, idempotency_key=None
            )
