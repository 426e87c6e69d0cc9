"""Invitations as organisers see them. What guests see is in door.py."""

from collections import defaultdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.responses import Response

from services.events.booking.dependencies import AllQuotas
from services.events.dependencies import Organiser
from services.events.forum.delegations.rules import DelegationUnknown
from services.events.forum.delegations.store import Delegations
from services.events.forum.dependencies import (
    AllDelegations,
    AllGuestNeeds,
    AllInvitations,
    TheInvitationService,
)
from services.events.forum.errors import InvitationUnknown
from services.events.forum.invitations.errors import (
    AlreadyInvited,
    GuestCameIn,
    InvitationRevoked,
    InvitationSent,
    SessionNotReady,
)
from services.events.forum.invitations.rules import (
    UNANSWERED,
    Draft,
    GuestAnswer,
    Invitation,
    InvitationFacts,
    InvitationStatus,
    PastAnswer,
)
from services.events.forum.invitations.store import Needs
from services.events.programme.activities.rules import ActivityUnknown
from services.events.programme.dependencies import AllActivities, AllSessions
from services.events.programme.sessions.rules import SessionUnknown
from services.events.programme.sessions.store import Sessions
from services.events.programme.ticket_kinds.rules import TicketKind
from shared.errors import PreconditionFailed, PreconditionRequired
from shared.http.execute import Execute, reply
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.ids import new_id

router = APIRouter(prefix="/v1", tags=["guests"])


class InvitationView(BaseModel):
    id: UUID
    activity_id: UUID
    facts: InvitationFacts
    status: InvitationStatus
    sent_at: datetime | None
    opened_at: datetime | None
    said: GuestAnswer | None
    history: list[PastAnswer]
    registration_id: UUID | None

    @classmethod
    def of(cls, one: Invitation) -> "InvitationView":
        return cls.model_validate(one, from_attributes=True)

    @classmethod
    def nameless(cls, one: Invitation) -> "InvitationView":
        """As an answer may be kept under its Idempotency-Key: names can be erased, that cannot."""
        said = one.said and one.said.nameless
        return cls.of(one.changed(said=said))


class SentView(BaseModel):
    """`path` holds the secret, for the letter. It is shown this once and kept nowhere."""

    id: UUID
    status: InvitationStatus
    path: str | None  # below this service; None: the guest signs in


class Heads(BaseModel):
    invitations: int = 0
    people: int = 0  # guests and their company


class Summary(BaseModel):
    """How many were invited and what became of it: all, and from abroad."""

    by_status: dict[InvitationStatus, Heads]
    foreign: dict[InvitationStatus, Heads]


class NeedsView(BaseModel):
    invitation_id: UUID
    needs: Needs


@router.post(
    "/activities/{activity_id}/invitations",
    status_code=201,
    response_model=InvitationView,
    responses=problems(ActivityUnknown, SessionUnknown, DelegationUnknown, AlreadyInvited),
)
async def draft(
    activity_id: UUID,
    body: InvitationFacts,
    who: Organiser,
    activities: AllActivities,
    sessions: AllSessions,
    delegations: AllDelegations,
    invitations: AllInvitations,
    execute: Execute,
) -> Response:
    """Draft an invitation to an activity or, with a place, to one of its sessions."""
    edition_id = (await activities.get(activity_id)).edition_id
    await _belongs(body, activity_id, edition_id, sessions, delegations)
    key = new_id()
    command = Draft(key, edition_id, activity_id, body)
    return await execute(invitations, key, command, InvitationView.of, status=201)


@router.get("/activities/{activity_id}/invitations", responses=problems(ActivityUnknown))
async def browse(
    activity_id: UUID,
    who: Organiser,
    activities: AllActivities,
    invitations: AllInvitations,
    page: Paging,
    status: Annotated[InvitationStatus | None, Query()] = None,
    unanswered: Annotated[bool, Query()] = False,
) -> Page[InvitationView]:
    """All invitations to an activity; with `unanswered`, those sent that nobody has answered."""
    await activities.get(activity_id)
    wanted = UNANSWERED if unanswered else frozenset(InvitationStatus)
    wanted = wanted if status is None else wanted & {status}
    found, following = await invitations.of_activity(activity_id, wanted, page)
    return Page(items=[InvitationView.of(one) for one in found], next=following)


@router.get("/activities/{activity_id}/invitations/summary", responses=problems(ActivityUnknown))
async def summary(
    activity_id: UUID,
    who: Organiser,
    activities: AllActivities,
    delegations: AllDelegations,
    invitations: AllInvitations,
) -> Summary:
    """How many are invited, come, stay away or have not answered. No names."""
    await activities.get(activity_id)
    counted = await invitations.counts(activity_id)
    abroad = await delegations.foreign({key for key, *_ in counted if key is not None})
    everybody: defaultdict[InvitationStatus, Heads] = defaultdict(Heads)
    foreign: defaultdict[InvitationStatus, Heads] = defaultdict(Heads)
    for delegation_id, status, number, people in counted:
        for heads in (everybody, foreign) if delegation_id in abroad else (everybody,):
            heads[status].invitations += number
            heads[status].people += people
    return Summary(by_status=everybody, foreign=foreign)


@router.get("/activities/{activity_id}/needs", responses=problems(ActivityUnknown))
async def needs(
    activity_id: UUID, who: Organiser, activities: AllActivities, kept: AllGuestNeeds
) -> list[NeedsView]:
    """What guests need (diet, access), for those who see to it. Sensitive: no export has it."""
    await activities.get(activity_id)
    found = await kept.of_activity(activity_id)
    return [NeedsView(invitation_id=key, needs=one) for key, one in found.items()]


@router.get(
    "/guests/{invitation_id}", response_model=InvitationView, responses=problems(InvitationUnknown)
)
async def read(invitation_id: UUID, who: Organiser, invitations: AllInvitations) -> Response:
    found = await invitations.get(invitation_id)
    return reply(InvitationView.of(found), version=found.version).response()


@router.put(
    "/guests/{invitation_id}",
    response_model=InvitationView,
    responses=problems(
        InvitationUnknown,
        InvitationSent,
        InvitationRevoked,
        AlreadyInvited,
        SessionUnknown,
        DelegationUnknown,
        PreconditionFailed,
        PreconditionRequired,
    ),
)
async def correct(
    invitation_id: UUID,
    body: InvitationFacts,
    who: Organiser,
    sessions: AllSessions,
    delegations: AllDelegations,
    invitations: AllInvitations,
    execute: Execute,
) -> Response:
    """Replace what organisers say. Once it is sent, guest and session stay."""
    known = await invitations.get(invitation_id)
    await _belongs(body, known.activity_id, known.edition_id, sessions, delegations)
    command = Draft(invitation_id, known.edition_id, known.activity_id, body)
    await execute(invitations, invitation_id, command, InvitationView.nameless, must_match=True)
    return await read(invitation_id, who, invitations)


@router.post(
    "/guests/{invitation_id}/sending",
    responses=problems(InvitationUnknown, InvitationRevoked, SessionNotReady),
)
async def send(
    invitation_id: UUID,
    who: Organiser,
    invitations: AllInvitations,
    places: AllQuotas,
    desk: TheInvitationService,
) -> SentView:
    """The link for the letter. Asked again there is a new one; the one before is no longer good.

    No Idempotency-Key: a stored answer would keep the secret.
    """
    session_id = (await invitations.get(invitation_id)).facts.session_id
    if session_id is not None:
        found = await places.find(session_id)
        if found is None or TicketKind.INVITED not in found.kinds:
            raise SessionNotReady
    sent, secret = await desk.send(invitation_id)
    path = None if secret is None else f"/v1/invitations/{secret}"
    return SentView(id=sent.id, status=sent.status, path=path)


@router.post(
    "/guests/{invitation_id}/revocation", responses=problems(InvitationUnknown, GuestCameIn)
)
async def revoke(invitation_id: UUID, who: Organiser, desk: TheInvitationService) -> InvitationView:
    """The link is no longer good; a place that it took goes to the first in line."""
    return InvitationView.of(await desk.revoke(invitation_id))


@router.delete("/guests/{invitation_id}/needs", responses=problems(InvitationUnknown))
async def forget_needs(
    invitation_id: UUID, who: Organiser, desk: TheInvitationService
) -> InvitationView:
    """Erase what a guest has told of diet and access."""
    return InvitationView.of(await desk.forget(invitation_id, names=False))


@router.delete("/guests/{invitation_id}/names", responses=problems(InvitationUnknown))
async def forget_names(
    invitation_id: UUID, who: Organiser, desk: TheInvitationService
) -> InvitationView:
    """Erase all that a guest has told of themselves and their company; the answer stays."""
    return InvitationView.of(await desk.forget(invitation_id, names=True))


async def _belongs(
    facts: InvitationFacts,
    activity_id: UUID,
    edition_id: UUID,
    sessions: Sessions,
    delegations: Delegations,
) -> None:
    """Raises `SessionUnknown`, `DelegationUnknown` for another activity's or edition's."""
    if facts.session_id is not None:
        session = await sessions.get(facts.session_id)
        if session.activity_id != activity_id:
            raise SessionUnknown
    if facts.delegation_id is not None:
        delegation = await delegations.get(facts.delegation_id)
        if delegation.edition_id != edition_id:
            raise DelegationUnknown
