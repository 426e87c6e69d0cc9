"""What a booking command is to the unit of work that carries it out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from services.events.booking.registrations.commands import Claim, RequestedKind
from services.events.booking.registrations.rules import RegistrationContext
from services.events.booking.registrations.state import RegistrationDecision


class BookingCommand(Protocol):
    """It says what it reads, and decides on that."""

    def claims(self) -> Sequence[Claim]:
        """Whose registrations in which sessions or courses it reads."""

    def requested_kinds(self) -> Sequence[RequestedKind]:
        """The kinds of ticket it asks for: their quotas are read."""

    def decide(
        self, contexts: Sequence[RegistrationContext], now: datetime
    ) -> Sequence[RegistrationDecision]:
        """Pure. `contexts`: one for each claim, in the same order.

        The last decision is on what the person who asked has in the end. Raises what the rules
        refuse it with.
        """
