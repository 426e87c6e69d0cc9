"""What staff do about a registration."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.events.booking.registrations.commands import RegistrationCommand
from services.events.booking.registrations.errors import NothingToConfirm, NotOnWaitingList
from services.events.booking.registrations.rules import (
    RegistrationContext,
    entered,
    held,
    placed,
)
from services.events.booking.registrations.state import Override, RegistrationDecision, Status


@dataclass(frozen=True, slots=True)
class Approve(RegistrationCommand):
    bookable_id: UUID
    person_id: UUID

    def decide_one(self, context: RegistrationContext, now: datetime) -> RegistrationDecision:
        mine = held(context)
        if mine.status is not Status.ASKED:
            raise NothingToConfirm
        return entered(context, mine, placed(mine, context.kind, now))


@dataclass(frozen=True, slots=True)
class Seat(RegistrationCommand):
    """Staff give seats to somebody on the waiting list, out of turn and even above the capacity."""

    bookable_id: UUID
    person_id: UUID
    override: Override

    def decide_one(self, context: RegistrationContext, now: datetime) -> RegistrationDecision:
        mine = held(context)
        if mine.status is not Status.WAITING:
            raise NothingToConfirm
        seated = replace(placed(mine, context.kind, now), override=self.override)
        return entered(context, mine, seated)


@dataclass(frozen=True, slots=True)
class Block(RegistrationCommand):
    """Gates refuse the ticket from now on (a lost phone, a sold ticket), or accept it again."""

    bookable_id: UUID
    person_id: UUID
    on: bool

    def decide_one(self, context: RegistrationContext, now: datetime) -> RegistrationDecision:
        mine = held(context)
        if mine.status is not Status.CONFIRMED:
            raise NothingToConfirm
        return RegistrationDecision(mine, replace(mine, blocked_at=now if self.on else None))


@dataclass(frozen=True, slots=True)
class Prioritise(RegistrationCommand):
    """Staff give somebody on the waiting list another priority; a higher one comes first."""

    bookable_id: UUID
    person_id: UUID
    priority: int
    override: Override

    def decide_one(
        self,
        context: RegistrationContext,
        now: datetime,  # noqa: ARG002 - no time limit
    ) -> RegistrationDecision:
        mine = held(context)
        if mine.status is not Status.WAITING:
            raise NotOnWaitingList
        return RegistrationDecision(
            mine, replace(mine, priority=self.priority, preference=self.override)
        )
