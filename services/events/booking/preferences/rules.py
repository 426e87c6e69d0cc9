"""A list of preferences: seats in one of several sessions, the preferred one first.

If some of the sessions have seats, it is the first of them on the list. Otherwise the person joins
the waiting list of each, with registrations that share a `wish_id`. As soon as one of these gets
seats (confirmed, offered, to be approved, to be paid, …) the others leave their waiting lists in
the same transaction, without a message of their own. If that one then ends, by its holder, by staff
or because an offer expired, the list of preferences is over, as a single registration would be: the
person does not join the other waiting lists again.

Staff who cancel one of the waiting ones, or a session that is cancelled, end just that one. Holders
who cancel one of them cancel all (waiting_list/rules.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.events.booking.registrations.commands import Claim, Register, RequestedKind
from services.events.booking.registrations.errors import AlreadyAdmitted, RegistrationUnknown
from services.events.booking.registrations.rules import RegistrationContext, ended, entered
from services.events.booking.registrations.state import Ending, RegistrationDecision


@dataclass(frozen=True, slots=True)
class RegisterByPreference:
    """Seats in any one of several sessions, the preferred one first."""

    wish_id: UUID
    person_id: UUID
    sessions: tuple[Register, ...]

    def claims(self) -> Sequence[Claim]:
        return [claim for one in self.sessions for claim in one.claims()]

    def requested_kinds(self) -> Sequence[RequestedKind]:
        return [kind for one in self.sessions for kind in one.requested_kinds()]

    def decide(
        self, contexts: Sequence[RegistrationContext], now: datetime
    ) -> Sequence[RegistrationDecision]:
        """Refused as a whole if one of the sessions refuses."""
        found = [
            (
                context,
                replace(_asked(context, one).registration(context, now), wish_id=self.wish_id),
            )
            for context, one in zip(contexts, self.sessions, strict=True)
        ]
        with_seats = [(context, one) for context, one in found if not one.waits]
        return [entered(context, None, one) for context, one in with_seats[:1] or found]


@dataclass(frozen=True, slots=True)
class WithdrawPreferences:
    """Give up the seats that a list of preferences has brought, or leave all its waiting lists."""

    wish_id: UUID
    person_id: UUID
    sessions: tuple[UUID, ...]

    def claims(self) -> Sequence[Claim]:
        return [(bookable_id, self.person_id) for bookable_id in self.sessions]

    def requested_kinds(self) -> Sequence[RequestedKind]:
        return ()

    def decide(
        self, contexts: Sequence[RegistrationContext], now: datetime
    ) -> Sequence[RegistrationDecision]:
        """Ends the first that is left; the others go with it."""
        for context in contexts:
            mine = context.mine
            if mine is not None and mine.wish_id == self.wish_id:
                if mine.admitted_at is not None:
                    raise AlreadyAdmitted
                return (ended(context, mine, Ending.HOLDER, now),)
        raise RegistrationUnknown


def _asked(context: RegistrationContext, one: Register) -> Register:
    """Questions can be answered once there are seats: these are held, or offered, until then."""
    return replace(one, hold=True) if context.terms.asks else one
