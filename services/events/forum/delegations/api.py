"""Delegations of guests: from which city, country and organisation they come."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict
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
from shared.schema import Schema, example
from shared.text import Localized

router = APIRouter(prefix="/v1", tags=["delegations"])


class DelegationView(Schema):
    """A delegation, as organisers see it."""

    id: UUID
    edition_id: UUID
    facts: DelegationFacts
    """What organisers say of it."""

    @classmethod
    def of(cls, delegation: Delegation) -> "DelegationView":
        return cls.model_validate(delegation, from_attributes=True)


class PublicDelegation(Schema):
    """From where guests come, as everybody sees it."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                "city": "Kyoto",
                "country": "JP",
                "organisation": {"vi": "Thành phố Kyoto", "en": "City of Kyoto"},
                "foreign": True,
            }
        )
    )

    id: UUID
    city: str
    """The city that they come from."""
    country: str
    """The country, by two letters (ISO 3166-1)."""
    organisation: Localized
    """The body that sends them."""
    foreign: bool
    """Whether they come from abroad."""

    @classmethod
    def of(cls, delegation: Delegation) -> "PublicDelegation":
        return cls.model_validate({"id": delegation.id, **delegation.facts.model_dump()})


@router.get("/editions/{edition_id}/delegations", responses=problems(EditionUnknown))
async def list_delegations(
    edition_id: UUID,
    who: MaybeSignedIn,
    editions: AllEditions,
    delegations: AllDelegations,
    page: Paging,
) -> Page[PublicDelegation]:
    """From where guests come to an announced edition; for organisers also to a planned one."""
    await visible_edition(edition_id, who, editions)
    found, following = await delegations.of_edition(edition_id, page)
    return Page(items=[PublicDelegation.of(one) for one in found], next=following)


@router.post(
    "/editions/{edition_id}/delegations",
    status_code=201,
    response_model=DelegationView,
    responses=problems(EditionUnknown, InvitationUnknown),
)
async def create_delegation(
    edition_id: UUID,
    body: DelegationFacts,
    who: Organiser,
    editions: AllEditions,
    delegations: AllDelegations,
    invitations: AllInvitations,
    execute: Execute,
) -> Response:
    """Enter a delegation of guests."""
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
async def read_delegation(
    delegation_id: UUID, who: Organiser, delegations: AllDelegations
) -> Response:
    """A delegation, as organisers see it."""
    found = await delegations.get(delegation_id)
    return reply(DelegationView.of(found), version=found.version).response()


@router.put(
    "/delegations/{delegation_id}",
    response_model=DelegationView,
    responses=problems(
        DelegationUnknown, InvitationUnknown, PreconditionFailed, PreconditionRequired
    ),
)
async def update_delegation(
    delegation_id: UUID,
    body: DelegationFacts,
    who: Organiser,
    delegations: AllDelegations,
    invitations: AllInvitations,
    execute: Execute,
) -> Response:
    """Replace what is said of a delegation.

    Its head is one of those who are invited with it.
    """
    known = await delegations.get(delegation_id)
    await invitations.check_head(delegation_id, body.head)
    command = Describe(delegation_id, known.edition_id, body)
    return await execute(delegations, delegation_id, command, DelegationView.of, must_match=True)
