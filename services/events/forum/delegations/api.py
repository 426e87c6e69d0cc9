"""Delegations of guests: from which city, country and organisation they come."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from services.events.dependencies import Organiser
from services.events.forum.delegations.rules import (
    Delegation,
    DelegationFacts,
    DelegationUnknown,
    Describe,
)
from services.events.forum.dependencies import AllDelegations, AllInvitations
from services.events.forum.errors import InvitationUnknown
from services.events.programme.dependencies import AllEditions
from services.events.programme.editions.api import visible_edition
from services.events.programme.editions.rules import EditionUnknown
from shared.errors import PreconditionFailed, PreconditionRequired
from shared.http.access import MaybeSignedIn
from shared.http.execute import Execute, reply
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.ids import new_id
from shared.text import Localized

router = APIRouter(prefix="/v1", tags=["guests"])


class DelegationView(BaseModel):
    id: UUID
    edition_id: UUID
    facts: DelegationFacts

    @classmethod
    def of(cls, delegation: Delegation) -> "DelegationView":
        return cls.model_validate(delegation, from_attributes=True)


class PublicDelegation(BaseModel):
    id: UUID
    city: str
    country: str
    organisation: Localized
    foreign: bool

    @classmethod
    def of(cls, delegation: Delegation) -> "PublicDelegation":
        return cls.model_validate({"id": delegation.id, **delegation.facts.model_dump()})


@router.get("/editions/{edition_id}/delegations", responses=problems(EditionUnknown))
async def browse(
    edition_id: UUID,
    who: MaybeSignedIn,
    editions: AllEditions,
    delegations: AllDelegations,
    page: Paging,
) -> Page[PublicDelegation]:
    """The delegations to an announced edition. Organisers also see those to a planned one."""
    await visible_edition(edition_id, who, editions)
    found, following = await delegations.of_edition(edition_id, page)
    return Page(items=[PublicDelegation.of(one) for one in found], next=following)


@router.post(
    "/editions/{edition_id}/delegations",
    status_code=201,
    response_model=DelegationView,
    responses=problems(EditionUnknown, InvitationUnknown),
)
async def describe(
    edition_id: UUID,
    body: DelegationFacts,
    who: Organiser,
    editions: AllEditions,
    delegations: AllDelegations,
    invitations: AllInvitations,
    execute: Execute,
) -> Response:
    await editions.get(edition_id)
    key = new_id()
    await invitations.check_head(key, body.head)
    command = Describe(key, edition_id, body)
    return await execute(delegations, key, command, DelegationView.of, status=201)


@router.get(
    "/delegations/{delegation_id}",
    response_model=DelegationView,
    responses=problems(DelegationUnknown),
)
async def read(delegation_id: UUID, who: Organiser, delegations: AllDelegations) -> Response:
    found = await delegations.get(delegation_id)
    return reply(DelegationView.of(found), version=found.version).response()


@router.put(
    "/delegations/{delegation_id}",
    response_model=DelegationView,
    responses=problems(
        DelegationUnknown, InvitationUnknown, PreconditionFailed, PreconditionRequired
    ),
)
async def correct(
    delegation_id: UUID,
    body: DelegationFacts,
    who: Organiser,
    delegations: AllDelegations,
    invitations: AllInvitations,
    execute: Execute,
) -> Response:
    """Replace a delegation's facts. Its head must be one of its invitations."""
    known = await delegations.get(delegation_id)
    await invitations.check_head(delegation_id, body.head)
    command = Describe(delegation_id, known.edition_id, body)
    return await execute(delegations, delegation_id, command, DelegationView.of, must_match=True)
