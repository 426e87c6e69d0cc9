"""Invitations: whom organisers invite, and what they answered."""

from collections import defaultdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
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
    InvitationFacts,
    InvitationStatus,
)
from services.events.forum.invitations.views import (
    GuestCount,
    GuestNeedsView,
    InvitationSummary,
    InvitationView,
    SentInvitationView,
)
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

router = APIRouter(prefix="/v1", tags=["invitations"])


@router.post(
    "/activities/{activity_id}/invitations",
    status_code=201,
    response_model=InvitationView,
    responses=problems(ActivityUnknown, SessionUnknown, DelegationUnknown, AlreadyInvited),
)
async def create_invitation(
    activity_id: UUID,
    body: InvitationFacts,
    who: Organiser,
    activities: AllActivities,
    sessions: AllSessions,
    delegations: AllDelegations,
    invitations: AllInvitations,
    execute: Execute,
) -> Response:
    """Draft an invitation to an activity or, with a seat, to one of its sessions."""
    edition_id = (await activities.get(activity_id)).edition_id
    await _check_session_and_delegation(body, activity_id, edition_id, sessions, delegations)
    key = new_id()
    command = Draft(key, edition_id, activity_id, body)
    return await execute(invitations, key, command, InvitationView.of, status=201)


@router.get("/activities/{activity_id}/invitations", responses=problems(ActivityUnknown))
async def list_invitations(
    activity_id: UUID,
    who: Organiser,
    activities: AllActivities,
    invitations: AllInvitations,
    page: Paging,
    status: Annotated[
        InvitationStatus | None, Query(description="Only those with this status.")
    ] = None,
    unanswered: Annotated[
        bool, Query(description="Only those sent that nobody has answered.")
    ] = False,
) -> Page[InvitationView]:
    """All invitations to an activity; with `unanswered`, those sent that nobody has answered."""
    await activities.get(activity_id)
    wanted = UNANSWERED if unanswered else frozenset(InvitationStatus)
    wanted = wanted if status is None else wanted & {status}
    found, following = await invitations.of_activity(activity_id, wanted, page)
    return Page(items=[InvitationView.of(one) for one in found], next=following)


@router.get("/activities/{activity_id}/invitations/summary", responses=problems(ActivityUnknown))
async def read_invitation_summary(
    activity_id: UUID,
    who: Organiser,
    activities: AllActivities,
    delegations: AllDelegations,
    invitations: AllInvitations,
) -> InvitationSummary:
    """How many are invited, come, stay away or have not answered; no names."""
    await activities.get(activity_id)
    counts = await invitations.counts(activity_id)
    abroad = await delegations.foreign({key for key, *_ in counts if key is not None})
    everybody: defaultdict[InvitationStatus, GuestCount] = defaultdict(GuestCount)
    foreign: defaultdict[InvitationStatus, GuestCount] = defaultdict(GuestCount)
    for delegation_id, status, number, people in counts:
        for guests in (everybody, foreign) if delegation_id in abroad else (everybody,):
            guests[status].invitations += number
            guests[status].people += people
    return InvitationSummary(by_status=everybody, foreign=foreign)


@router.get("/activities/{activity_id}/needs", responses=problems(ActivityUnknown))
async def list_needs(
    activity_id: UUID, who: Organiser, activities: AllActivities, guest_needs: AllGuestNeeds
) -> list[GuestNeedsView]:
    """What guests need (diet, access), for the organisers who provide it.

    This is sensitive: no export has it.
    """
    await activities.get(activity_id)
    found = await guest_needs.of_activity(activity_id)
    return [GuestNeedsView(invitation_id=key, needs=one) for key, one in found.items()]


@router.get(
    "/guests/{invitation_id}", response_model=InvitationView, responses=problems(InvitationUnknown)
)
async def read_invitation(
    invitation_id: UUID, who: Organiser, invitations: AllInvitations
) -> Response:
    """An invitation, as organisers see it."""
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
async def update_invitation(
    invitation_id: UUID,
    body: InvitationFacts,
    who: Organiser,
    sessions: AllSessions,
    delegations: AllDelegations,
    invitations: AllInvitations,
    execute: Execute,
) -> Response:
    """Replace what organisers say of an invitation.

    Once it is sent, the guest and the session cannot be changed.
    """
    known = await invitations.get(invitation_id)
    await _check_session_and_delegation(
        body, known.activity_id, known.edition_id, sessions, delegations
    )
    command = Draft(invitation_id, known.edition_id, known.activity_id, body)
    await execute(invitations, invitation_id, command, InvitationView.nameless, must_match=True)
    return await read_invitation(invitation_id, who, invitations)


@router.post(
    "/guests/{invitation_id}/sending",
    responses=problems(InvitationUnknown, InvitationRevoked, SessionNotReady),
)
async def send_invitation(
    invitation_id: UUID,
    who: Organiser,
    invitations: AllInvitations,
    quotas: AllQuotas,
    service: TheInvitationService,
) -> SentInvitationView:
    """Get the secret link for the letter.

    If it is asked again, there is a new link, and the one before no longer works. There is no
    Idempotency-Key: a stored answer would keep the secret.
    """
    session_id = (await invitations.get(invitation_id)).facts.session_id
    if session_id is not None:
        found = await quotas.terms(session_id)
        if found is None or TicketKind.INVITED not in found.kinds:
            raise SessionNotReady
    sent, secret = await service.send(invitation_id)
    path = None if secret is None else f"/v1/invitations/{secret}"
    return SentInvitationView(id=sent.id, status=sent.status, path=path)


@router.post(
    "/guests/{invitation_id}/revocation", responses=problems(InvitationUnknown, GuestCameIn)
)
async def revoke_invitation(
    invitation_id: UUID, who: Organiser, service: TheInvitationService
) -> InvitationView:
    """End the link; a seat that it took goes to the first on the waiting list."""
    return InvitationView.of(await service.revoke(invitation_id))


@router.delete("/guests/{invitation_id}/needs", responses=problems(InvitationUnknown))
async def delete_needs_of_guest(
    invitation_id: UUID, who: Organiser, service: TheInvitationService
) -> InvitationView:
    """Erase what a guest has told of diet and access."""
    return InvitationView.of(await service.forget(invitation_id, names=False))


@router.delete("/guests/{invitation_id}/names", responses=problems(InvitationUnknown))
async def delete_names_of_guest(
    invitation_id: UUID, who: Organiser, service: TheInvitationService
) -> InvitationView:
    """Erase all that a guest has told of themselves and their companions; the answer stays."""
    return InvitationView.of(await service.forget(invitation_id, names=True))


async def _check_session_and_delegation(
    facts: InvitationFacts,
    activity_id: UUID,
    edition_id: UUID,
    sessions: Sessions,
    delegations: Delegations,
) -> None:
    """Raises `SessionUnknown` if the session is of another activity, `DelegationUnknown` if the
    delegation is to another edition."""
    if facts.session_id is not None:
        session = await sessions.get(facts.session_id)
        if session.activity_id != activity_id:
            raise SessionUnknown
    if facts.delegation_id is not None:
        delegation = await delegations.get(facts.delegation_id)
        if delegation.edition_id != edition_id:
            raise DelegationUnknown
