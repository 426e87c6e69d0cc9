"""What one transaction knows of registrations, terms and quotas, and what it has changed."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from services.events.booking.quotas.rules import AccessCode, BookableTerms, Quota
from services.events.booking.registrations.commands import Claim
from services.events.booking.registrations.state import Registration, RegistrationDecision
from shared.cause import Cause
from shared.contracts.base import Event


class Bookings:
    """All of it as it is by now: what one decision has changed, the next one sees."""

    def __init__(self) -> None:
        self.terms: dict[UUID, BookableTerms] = {}
        self.quotas: dict[UUID, Quota] = {}
        self.codes: dict[tuple[UUID, str], AccessCode] = {}
        self.registrations: dict[UUID, Registration] = {}
        self.by_claim: dict[Claim, Registration] = {}  # the live ones
        self.as_read: dict[UUID, Registration | None] = {}  # those that were changed; None: new
        self.changed_terms: set[UUID] = set()
        self.changed_quotas: set[UUID] = set()
        self.events: list[tuple[Event, int, Cause]] = []  # with their sequence

    def know(self, one: Registration) -> None:
        self.registrations[one.id] = one
        claim = (one.bookable_id, one.person_id)
        if one.live:
            self.by_claim[claim] = one
        elif claim in self.by_claim and self.by_claim[claim].id == one.id:
            del self.by_claim[claim]

    def apply(self, decision: RegistrationDecision, cause: Cause) -> Registration:
        """The registration as it will be stored; its quotas and its terms are kept in step."""
        before, _, events = decision
        after = decision.stored()
        if after is decision.state:
            return after  # nothing has changed
        self.as_read.setdefault(after.id, before)
        self.know(after)
        if before is not None:
            self._count(before, -1)
        self._count(after, 1)
        terms = self.terms[after.bookable_id]
        if after.number is not None and after.number > terms.last_number:
            self.terms[after.bookable_id] = replace(
                terms, last_number=after.number, last_asked_at=after.asked_at
            )
            self.changed_terms.add(after.bookable_id)
        first = after.version - len(events) + 1
        for sequence, event in enumerate(events, first):
            self.events.append((event, sequence, cause))
        return after

    def set_quota(self, quota: Quota) -> None:
        self.quotas[quota.id] = quota
        self.changed_quotas.add(quota.id)

    def write_again(self, keys: Iterable[UUID]) -> None:
        """Write these quotas though they stay as they are.

        Somebody on the waiting list is passed over because they are full. Another replica that
        frees one of them, and passes the same person over because of what is full there, conflicts
        with this write and has to look again.
        """
        self.changed_quotas.update(keys)

    def _count(self, one: Registration, times: int) -> None:
        for key in one.quotas:
            quota = self.quotas[key]
            taken, waiting = quota.taken + times * one.seats, quota.waiting + times * one.waits
            self.set_quota(Quota(key, quota.capacity, taken, waiting))
