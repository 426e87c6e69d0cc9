from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.events.booking.registrations.commands import RegistrationCommand
from services.events.booking.registrations.errors import SessionBegun, TooManyNames
from services.events.booking.registrations.rules import RegistrationContext, held
from services.events.booking.registrations.state import RegistrationDecision


@dataclass(frozen=True, slots=True)
class Accompany(RegistrationCommand):
    """The holder names the companions, `before` the start. Without names, those that were given
    are erased: this is always possible."""

    bookable_id: UUID
    person_id: UUID
    names: tuple[str, ...]
    before: datetime | None  # the start of the session, or of the course's first session

    def decide_one(self, context: RegistrationContext, now: datetime) -> RegistrationDecision:
        mine = held(context, if_cancelled=not self.names)
        if self.names and (self.before is None or now >= self.before):
            raise SessionBegun
        if len(self.names) >= mine.size:
            raise TooManyNames(most=mine.size - 1)
        return RegistrationDecision(mine, replace(mine, company=self.names))
