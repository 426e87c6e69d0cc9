"""An invitation of one guest to a session or an activity. The guest answers yes, no or maybe.

It is addressed to a person of the registry, or to the person who gets a secret link. An organiser
puts this link into a letter. Guests enter their own names; organisers enter none. What guests need
(diet, access) is stored separately (`GuestNeeds` in store.py).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self, assert_never
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from services.events.forum.errors import InvitationUnknown
from services.events.forum.invitations.errors import (
    AnswerClosed,
    InvitationRevoked,
    InvitationSent,
    TooManyCompanions,
)
from shared.aggregates import Aggregate, Decision
from shared.clock import Moment
from shared.schema import Schema, example
from shared.text import Line


class GuestRole(StrEnum):
    """What is printed on the badge."""

    DELEGATE = "delegate"
    SPEAKER = "speaker"
    CHAIR = "chair"
    OBSERVER = "observer"
    PRESS = "press"


class InvitationStatus(StrEnum):
    DRAFTED = "drafted"
    SENT = "sent"
    OPENED = "opened"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"
    REVOKED = "revoked"


class Reply(StrEnum):
    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


BY_REPLY = {
    Reply.YES: InvitationStatus.ACCEPTED,
    Reply.NO: InvitationStatus.DECLINED,
    Reply.MAYBE: InvitationStatus.TENTATIVE,
}
UNANSWERED = frozenset({InvitationStatus.SENT, InvitationStatus.OPENED})


class InvitationFacts(Schema):
    """What organisers say of an invitation."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "session_id": "0199f3a2-3b42-7c33-8d5e-6f708192a3b4",
                "delegation_id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                "person_id": None,
                "role": "speaker",
                "companions": 1,
                "letter": "123/SVHTT-HTQT",
                "answer_by": "2026-10-15T10:00:00Z",
                "expires_at": "2026-11-06T02:00:00Z",
            }
        ),
    )

    session_id: UUID | None = None
    """The session in which a yes takes a seat; null: it is to the activity alone."""
    delegation_id: UUID | None = None
    """The delegation that the guest belongs to."""
    person_id: UUID | None = None
    """The guest, if they are in the registry; null: the one who has the secret link."""
    role: GuestRole = GuestRole.DELEGATE
    """What the badge says."""
    companions: Annotated[int, Field(ge=0, le=9)] = 0
    """How many people the guest may bring, at most."""
    letter: Line | None = None
    """The number of the letter that it is sent with; no names."""
    answer_by: Moment
    """Until when the guest can answer: RFC 3339, in UTC."""
    expires_at: Moment
    """From when on the link shows nothing: RFC 3339, in UTC."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.expires_at < self.answer_by:
            raise ValueError("expires_at is before answer_by")
        return self


class GuestAnswer(Schema):
    """What a guest has answered. The names are theirs to give, for badges."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "reply": "yes",
                "name": "Kenji Tanaka",
                "companions": ["Yuki Tanaka"],
                "person_id": None,
                "at": "2026-10-02T08:00:00Z",
            }
        ),
    )

    reply: Reply
    """`yes`, `no` or `maybe`."""
    name: Line | None = None
    """The name for the badge."""
    companions: tuple[Line, ...] = ()
    """The names of those whom they bring."""
    person_id: UUID | None = None
    """Who answered, if they were signed in."""
    at: datetime
    """When: RFC 3339, in UTC."""

    @property
    def nameless(self) -> "GuestAnswer":
        return self.model_copy(update={"name": None, "companions": ()})


class PastAnswer(Schema):
    """An earlier answer, without names."""

    model_config = ConfigDict(frozen=True)

    reply: Reply
    """`yes`, `no` or `maybe`."""
    companions: int
    """How many people they bring."""
    at: datetime
    """When: RFC 3339, in UTC."""


class Invitation(Aggregate):
    edition_id: UUID
    activity_id: UUID
    facts: InvitationFacts
    status: InvitationStatus = InvitationStatus.DRAFTED
    secret: bytes | None = None  # SHA-256 of the secret in the link
    sent_at: datetime | None = None
    opened_at: datetime | None = None
    said: GuestAnswer | None = None
    history: tuple[PastAnswer, ...] = ()  # all answers, the oldest first
    registration_id: UUID | None = None  # the registration that the answer made
    changed_at: datetime

    @property
    def guest(self) -> UUID | None:
        """The person who would get a seat. None if nobody knows who it is."""
        return self.facts.person_id or (self.said.person_id if self.said else None)


@dataclass(frozen=True, slots=True)
class Draft:
    invitation_id: UUID
    edition_id: UUID
    activity_id: UUID
    facts: InvitationFacts


@dataclass(frozen=True, slots=True)
class Send:
    secret: bytes | None  # SHA-256; None for a person of the registry, who signs in


@dataclass(frozen=True, slots=True)
class Open:
    pass


@dataclass(frozen=True, slots=True)
class Answer:
    reply: Reply
    name: str | None = None
    companions: tuple[str, ...] = ()
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class AssignSeat:
    """Link it to this registration, or to none."""

    registration_id: UUID | None


@dataclass(frozen=True, slots=True)
class Revoke:
    pass


@dataclass(frozen=True, slots=True)
class Forget:
    """Erase the names that the guest entered."""


Command = Draft | Send | Open | Answer | AssignSeat | Revoke | Forget


def decide(one: Invitation | None, command: Command, now: datetime) -> Decision[Invitation]:
    if one is None:
        if not isinstance(command, Draft):
            raise InvitationUnknown
        drafted = Invitation(
            id=command.invitation_id,
            edition_id=command.edition_id,
            activity_id=command.activity_id,
            facts=command.facts,
            changed_at=now,
        )
        return Decision(drafted)
    after = _after(one, command, now)
    return Decision(one if after == one else after.changed(changed_at=now))


def _after(one: Invitation, command: Command, now: datetime) -> Invitation:
    match command:
        case Draft():
            after = _corrected(one, command.facts)
        case Send():
            if one.status is InvitationStatus.REVOKED:
                raise InvitationRevoked
            status = InvitationStatus.SENT if one.status is InvitationStatus.DRAFTED else one.status
            after = one.changed(status=status, secret=command.secret, sent_at=now)
        case Open():
            after = one
            if one.status is InvitationStatus.SENT:
                after = one.changed(status=InvitationStatus.OPENED, opened_at=now)
        case Answer():
            after = _answered(one, command, now)
        case AssignSeat():
            after = one.changed(registration_id=command.registration_id)
        case Revoke():
            after = one.changed(status=InvitationStatus.REVOKED, secret=None)
        case Forget():
            after = one.changed(said=one.said and one.said.nameless)
        case _:
            assert_never(command)
    return after


def _corrected(one: Invitation, facts: InvitationFacts) -> Invitation:
    if one.status is InvitationStatus.REVOKED:
        raise InvitationRevoked
    before = (one.facts.person_id, one.facts.session_id)
    if one.status is not InvitationStatus.DRAFTED and before != (facts.person_id, facts.session_id):
        raise InvitationSent
    return one.changed(facts=facts)


def _answered(one: Invitation, answer: Answer, now: datetime) -> Invitation:
    if one.status in (InvitationStatus.DRAFTED, InvitationStatus.REVOKED):
        raise InvitationUnknown
    if now >= one.facts.answer_by:
        raise AnswerClosed(answer_by=one.facts.answer_by)
    if len(answer.companions) > one.facts.companions:
        raise TooManyCompanions(most=one.facts.companions)
    said = GuestAnswer(
        reply=answer.reply,
        name=answer.name,
        companions=answer.companions,
        person_id=answer.person_id or one.guest,
        at=now,
    )
    if one.said is not None and said == one.said.model_copy(update={"at": now}):
        return one  # the same answer was sent again
    past = PastAnswer(reply=said.reply, companions=len(said.companions), at=now)
    return one.changed(
        status=BY_REPLY[said.reply],
        opened_at=one.opened_at or now,
        said=said,
        history=(*one.history, past),
    )
