"""An invitation as its guest sees it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel

from services.events.booking.registrations.state import Status as PlaceStatus
from services.events.booking.registrations.store import Registrations
from services.events.forum.invitations.rules import (
    GuestAnswer,
    GuestRole,
    Invitation,
    InvitationStatus,
)
from services.events.programme.activities.store import Activities
from services.events.programme.sessions.store import Sessions
from shared.http.provided import provided
from shared.text import Localized


class InvitedTo(BaseModel):
    """What somebody is invited to."""

    title: Localized
    starts_at: datetime | None = None  # with a session
    ends_at: datetime | None = None
    venue: Localized | None = None
    room: Localized | None = None
    address: str | None = None
    cancelled: Localized | None = None  # why it is not held


class GuestView(BaseModel):
    """No needs: those are told to organisers, and a link may be seen by others."""

    id: UUID
    occasion: InvitedTo
    role: GuestRole
    companions: int  # at most so many
    answer_by: datetime
    status: InvitationStatus
    said: GuestAnswer | None
    registration_id: UUID | None
    place: PlaceStatus | None  # None: no place was taken


class InvitationViews:
    """Looks up what an invitation is to."""

    def __init__(
        self,
        activities: Annotated[Activities, Depends(provided(Activities))],
        sessions: Annotated[Sessions, Depends(provided(Sessions))],
        registrations: Annotated[Registrations, Depends(provided(Registrations))],
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
        place = await self._registrations.find(key) if key is not None else None
        return GuestView(
            id=one.id,
            occasion=occasion,
            role=one.facts.role,
            companions=one.facts.companions,
            answer_by=one.facts.answer_by,
            status=one.status,
            said=one.said,
            registration_id=key,
            place=place and place.status,
        )
