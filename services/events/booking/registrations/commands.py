"""The commands on one registration: what each says, what it reads, and what it decides.

Those that belong to a feature stand there: box_office, companions, forms, changes, …
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from services.events.booking.registrations.errors import (
    AlreadyAdmitted,
    AlreadyRegistered,
    AnswersNeeded,
    Closed,
    Expired,
    GroupTooLarge,
    NotExpired,
    NothingToConfirm,
    NotOpen,
)
from services.events.booking.registrations.rules import (
    RegistrationContext,
    admitted,
    ended,
    entered,
    granted,
    held,
    kind_and_quotas,
    queued,
)
from services.events.booking.registrations.state import (
    Answers,
    Ending,
    Registration,
    RegistrationDecision,
    Status,
)
from services.events.programme.sessions.rules import SessionIsCancelled
from services.events.programme.ticket_kinds.rules import TicketKind

HELD_FOR = timedelta(minutes=15)  # while somebody fills in the form

Claim = tuple[UUID, UUID]
"""(session or course, person): a person has at most one live registration there."""


class RequestedKind(NamedTuple):
    """A kind of ticket that somebody asks for, maybe with an access code."""

    bookable_id: UUID
    kind: TicketKind
    code: str | None


class RegistrationCommand(ABC):
    """A command on what one person has, or does not have yet, in one session or course."""

    __slots__ = ()
    bookable_id: UUID
    person_id: UUID

    def claims(self) -> Sequence[Claim]:
        return ((self.bookable_id, self.person_id),)

    def requested_kinds(self) -> Sequence[RequestedKind]:
        return ()

    def decide(
        self, contexts: Sequence[RegistrationContext], now: datetime
    ) -> Sequence[RegistrationDecision]:
        return (self.decide_one(contexts[0], now),)

    @abstractmethod
    def decide_one(self, context: RegistrationContext, now: datetime) -> RegistrationDecision:
        """Pure. Raises what errors.py names."""


@dataclass(frozen=True, slots=True)
class Register(RegistrationCommand):
    registration_id: UUID
    bookable_id: UUID
    person_id: UUID
    kind: TicketKind = TicketKind.GENERAL
    size: int = 1
    code: str | None = None
    hold: bool = False
    answers: Answers | None = None
    invited: bool = False  # needs no code, no answers, and no open registration

    def requested_kinds(self) -> Sequence[RequestedKind]:
        return (RequestedKind(self.bookable_id, self.kind, self.code),)

    def decide_one(self, context: RegistrationContext, now: datetime) -> RegistrationDecision:
        return entered(context, None, self.registration(context, now))

    def registration(self, context: RegistrationContext, now: datetime) -> Registration:
        """What the person gets: seats if every quota has enough, else a turn on the waiting list.

        With seats they pass those who wait: for each of these another quota is full, or they would
        have had the seats already.
        """
        terms = context.terms
        if terms.cancelled is not None:
            raise SessionIsCancelled
        if context.mine is not None:
            raise AlreadyRegistered
        if now < terms.opens_at and not self.invited:
            raise NotOpen
        if now >= terms.closes_at and not self.invited:
            raise Closed
        kind, keys = kind_and_quotas(context, self.kind, self.code, invited=self.invited)
        if terms.asks and self.answers is None and not (self.hold or self.invited):
            raise AnswersNeeded
        largest = context.largest(keys)
        if self.size > max(largest, 1):
            raise GroupTooLarge(capacity=largest)
        one = Registration(
            id=self.registration_id,
            bookable_id=terms.bookable_id,
            bookable_kind=terms.bookable_kind,
            person_id=self.person_id,
            status=Status.HELD,
            asked_at=now,
            kind=self.kind,
            size=self.size,
            quotas=keys,
            expires_at=now + HELD_FOR,
            answers=self.answers,
            amount=self.size * kind.fee,
        )
        if any(context.quotas[key].free < self.size for key in keys):
            return queued(one, terms, now)
        return one if self.hold else granted(one, kind, now)


@dataclass(frozen=True, slots=True)
class Confirm(RegistrationCommand):
    """The holder has filled in the form, or accepts what is offered."""

    bookable_id: UUID
    person_id: UUID

    def decide_one(self, context: RegistrationContext, now: datetime) -> RegistrationDecision:
        mine = held(context)
        if mine.status not in (Status.HELD, Status.OFFERED):
            raise NothingToConfirm
        if mine.expires_at is not None and now >= mine.expires_at:
            raise Expired
        if context.terms.asks and mine.answers is None:
            raise AnswersNeeded
        return entered(context, mine, granted(mine, context.kind, now))


@dataclass(frozen=True, slots=True)
class Cancel(RegistrationCommand):
    bookable_id: UUID
    person_id: UUID
    by: Ending = Ending.HOLDER

    def decide_one(self, context: RegistrationContext, now: datetime) -> RegistrationDecision:
        mine = held(context, if_cancelled=True)
        if mine.admitted_at is not None:
            raise AlreadyAdmitted
        return ended(context, mine, self.by, now)


@dataclass(frozen=True, slots=True)
class Expire(RegistrationCommand):
    bookable_id: UUID
    person_id: UUID

    def decide_one(self, context: RegistrationContext, now: datetime) -> RegistrationDecision:
        mine = held(context, if_cancelled=True)
        if mine.expires_at is None or now < mine.expires_at:
            raise NotExpired
        return ended(context, mine, Ending.EXPIRY, now)


@dataclass(frozen=True, slots=True)
class Admit:
    """A gate has let the holder in; `at` is the first time that is known by now.

    The scans decide whether that is right (admission/scans). So it is never refused here, not even
    when the registration has ended since.
    """

    at: datetime

    def decide(self, registration: Registration) -> RegistrationDecision:
        return admitted(registration, self.at)
