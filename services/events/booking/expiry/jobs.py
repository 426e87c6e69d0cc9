"""Ends what was held, offered or unpaid until a moment that has passed.

Every replica looks for it each second. The registration service commits the endings, in its
batches; of two replicas that end the same registration its rules refuse the second.
"""

from services.events.booking.batching.service import RegistrationService
from services.events.booking.registrations.commands import Expire
from services.events.booking.registrations.store import Registrations
from shared.clock import Clock
from shared.fan_out import EVERY, unless_refused
from shared.polling import poll
from shared.stop import Stop

PAGE = 200  # registrations


class ExpiryJob:
    def __init__(
        self, registrations: Registrations, service: RegistrationService, clock: Clock
    ) -> None:
        self._registrations = registrations
        self._service = service
        self._clock = clock

    async def run(self, stop: Stop) -> None:
        await poll(self.look, every=EVERY, stop=stop, what="expiry")

    async def look(self) -> bool:
        """End a page of what has expired by now. True: there may be more."""
        expired = await self._registrations.expired(self._clock(), PAGE)
        await unless_refused(
            self._service(Expire(one.bookable_id, one.person_id), status=200, idempotency_key=None)
            for one in expired
        )
        return len(expired) == PAGE
