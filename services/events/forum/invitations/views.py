"""Invitations as organisers see them."""

from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict

from services.events.forum.invitations.rules import (
    GuestAnswer,
    Invitation,
    InvitationFacts,
    InvitationStatus,
    PastAnswer,
)
from services.events.forum.invitations.store import Needs
from shared.schema import Schema, example


class InvitationView(Schema):
    """An invitation, as organisers see it."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                "activity_id": "0199f3a2-2a31-7b22-9c4d-5e6f708192a3",
                "facts": {
                    "session_id": "0199f3a2-3b42-7c33-8d5e-6f708192a3b4",
                    "delegation_id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                    "person_id": None,
                    "role": "speaker",
                    "companions": 1,
                    "letter": "123/SVHTT-HTQT",
                    "answer_by": "2026-10-15T10:00:00Z",
                    "expires_at": "2026-11-06T02:00:00Z",
                },
                "status": "accepted",
                "sent_at": "2026-09-20T03:00:00Z",
                "opened_at": "2026-10-01T07:30:00Z",
                "said": {
                    "reply": "yes",
                    "name": "Kenji Tanaka",
                    "companions": ["Yuki Tanaka"],
                    "person_id": None,
                    "at": "2026-10-02T08:00:00Z",
                },
                "history": [{"reply": "yes", "companions": 1, "at": "2026-10-02T08:00:00Z"}],
                "registration_id": "0199f3a2-8d10-7c35-a2b4-91f6d0c7e583",
            }
        )
    )

    id: UUID
    activity_id: UUID
    facts: InvitationFacts
    """What organisers say of it."""
    status: InvitationStatus
    """`drafted`, `sent`, `opened`, then as the guest answered: `accepted`, `declined`, `tentative`;
    or `revoked`."""
    sent_at: datetime | None
    """When it was sent: RFC 3339, in UTC."""
    opened_at: datetime | None
    """When the link was first opened: RFC 3339, in UTC."""
    said: GuestAnswer | None
    """The guest's answer."""
    history: list[PastAnswer]
    """Every answer, the first one first, without names."""
    registration_id: UUID | None
    """The registration of the seat that a yes took."""

    @classmethod
    def of(cls, one: Invitation) -> "InvitationView":
        return cls.model_validate(one, from_attributes=True)

    @classmethod
    def nameless(cls, one: Invitation) -> "InvitationView":
        """Without names: what is stored under an Idempotency-Key cannot be erased."""
        return cls.of(one.changed(said=one.said and one.said.nameless))


class SentInvitationView(Schema):
    """An invitation that was sent."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                "status": "sent",
                "path": "/v1/invitations/Zk1vQ3J0c1hWb2xHYnR5d2F4",
            }
        )
    )

    id: UUID
    status: InvitationStatus
    """`sent`, or as the guest has answered."""
    path: str | None
    """The path of the secret link at this service, for the letter. It is shown only this once.
    Null: the guest signs in."""


class GuestCount(Schema):
    """How many."""

    invitations: int = 0
    """Invitations."""
    people: int = 0
    """Guests and their companions."""


class InvitationSummary(Schema):
    """How many invitations have each status: all, and those from abroad."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "by_status": {
                    "accepted": {"invitations": 12, "people": 15},
                    "sent": {"invitations": 4, "people": 4},
                },
                "foreign": {"accepted": {"invitations": 5, "people": 6}},
            }
        )
    )

    by_status: dict[InvitationStatus, GuestCount]
    """All of them, by what became of them."""
    foreign: dict[InvitationStatus, GuestCount]
    """Those from abroad, by what became of them."""


class GuestNeedsView(Schema):
    """What one guest needs."""

    invitation_id: UUID
    needs: Needs
    """What they have told."""
