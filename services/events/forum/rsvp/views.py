"""An invitation as its guest sees it."""

from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict

from services.events.booking.dependencies import AllRegistrations
from services.events.booking.registrations.state import Status as RegistrationStatus
from services.events.forum.invitations.rules import (
    GuestAnswer,
    GuestRole,
    Invitation,
    InvitationStatus,
)
from services.events.programme.dependencies import AllActivities, AllSessions
from shared.schema import Schema, example
from shared.text import Localized


class InvitedTo(Schema):
    """What a guest is invited to."""

    title: Localized
    """The name of the activity."""
    starts_at: datetime | None = None
    """When the session begins: RFC 3339, in UTC; null: no session."""
    ends_at: datetime | None = None
    """When the session ends: RFC 3339, in UTC; null: no session."""
    venue: Localized | None = None
    """The venue's name."""
    room: Localized | None = None
    """The room's name; null: the whole venue."""
    address: str | None = None
    """The venue's street address."""
    cancelled: Localized | None = None
    """Why it is not held; null: it is."""


class GuestView(Schema):
    """An invitation as its guest sees it. Needs are not shown: others may see the link."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                "occasion": {
                    "title": {"vi": "Diễn đàn Thành phố Sáng tạo", "en": "Creative Cities Forum"},
                    "starts_at": "2026-11-06T02:00:00Z",
                    "ends_at": "2026-11-06T04:30:00Z",
                    "venue": {"vi": "Nhà hát Lớn Hà Nội"},
                    "room": None,
                    "address": "1 Tràng Tiền",
                    "cancelled": None,
                },
                "role": "speaker",
                "companions": 1,
                "answer_by": "2026-10-15T10:00:00Z",
                "status": "accepted",
                "said": {
                    "reply": "yes",
                    "name": "Kenji Tanaka",
                    "companions": ["Yuki Tanaka"],
                    "person_id": None,
                    "at": "2026-10-02T08:00:00Z",
                },
                "registration_id": "0199f3a2-8d10-7c35-a2b4-91f6d0c7e583",
                "place": "confirmed",
            }
        )
    )

    id: UUID
    occasion: InvitedTo
    """What they are invited to."""
    role: GuestRole
    """What the badge says."""
    companions: int
    """How many people they may bring, at most."""
    answer_by: datetime
    """Until when they can answer: RFC 3339, in UTC."""
    status: InvitationStatus
    """`sent`, `opened`, then as they answered: `accepted`, `declined`, `tentative`."""
    said: GuestAnswer | None
    """Their answer."""
    registration_id: UUID | None
    """The registration of the seat that their yes took."""
    place: RegistrationStatus | None
    """What has become of that seat; null: none was taken."""


class InvitationViews:
    """Reads what an invitation is to, and the registration of the guest."""

    def __init__(
        self,
        activities: AllActivities,
        sessions: AllSessions,
        registrations: AllRegistrations,
    ) -> None:
        self._activities = activities
        self._sessions = sessions
        self._registrations = registrations

    async def view(self, one: Invitation) -> GuestView:
        occasion = InvitedTo(title=(await self._activities.get(one.activity_id)).facts.title)
        if one.facts.session_id is not None:
            session = await self._sessions.get(one.facts.session_id)
            occasion = InvitedTo(
                title=session.title,
                starts_at=session.facts.starts_at,
                ends_at=session.facts.ends_at,
                venue=session.place.name,
                room=session.place.room,
                address=session.place.address,
                cancelled=session.cancelled and session.cancelled.reason,
            )
        key = one.registration_id
        registration = None if key is None else await self._registrations.find(key)
        return GuestView(
            id=one.id,
            occasion=occasion,
            role=one.facts.role,
            companions=one.facts.companions,
            answer_by=one.facts.answer_by,
            status=one.status,
            said=one.said,
            registration_id=key,
            place=registration and registration.status,
        )
