"""An invitation as its guest sees it."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from services.events.booking.dependencies import AllRegistrations
from services.events.booking.registrations.state import Status as RegistrationStatus
from services.events.forum.invitations.rules import (
    GuestAnswer,
    GuestRole,
    Invitation,
    InvitationStatus,
)
from services.events.programme.dependencies import AllActivities, AllSessions
from shared.text import Localized


class InvitedTo(BaseModel):
    """What a guest is invited to."""

    title: Localized
    starts_at: datetime | None = None  # this and what follows: only for a session
    ends_at: datetime | None = None
    venue: Localized | None = None
    room: Localized | None = None
    address: str | None = None
    cancelled: Localized | None = None  # the reason, if the session is cancelled


class GuestView(BaseModel):
    """Without what the guest needs: others may see the link, and only organisers may see that."""

    id: UUID
    occasion: InvitedTo
    role: GuestRole
    companions: int  # at most
    answer_by: datetime
    status: InvitationStatus
    said: GuestAnswer | None
    registration_id: UUID | None
    place: RegistrationStatus | None  # None: there is no registration


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
