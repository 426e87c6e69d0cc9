"""Availability: when speakers and hosts can come to an edition."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from services.events.dependencies import Organiser
from services.events.programme.availability.rules import (
    Availability,
    AvailabilityFacts,
    SetAvailability,
    availability_id,
)
from services.events.programme.availability.store import Availabilities
from services.events.programme.dependencies import (
    AllActivities,
    AllAvailabilities,
    AllEditions,
    AllSessions,
)
from services.events.programme.editions.rules import EditionUnknown
from shared.errors import PreconditionFailed, PreconditionRequired
from shared.http.access import SignedIn, use_role
from shared.http.execute import Execute, reply
from shared.http.paging import Page, Paging
from shared.http.principal import Principal
from shared.http.problems import problems
from shared.roles import Role
from shared.schema import Schema

router = APIRouter(prefix="/v1", tags=["availability"])


class AvailabilityView(Schema):
    """When somebody can come to an edition."""

    edition_id: UUID
    person_id: UUID
    facts: AvailabilityFacts
    """The times at which they can."""
    set_by: UUID | None
    """The id of the person who said so: they themselves, or an organiser. Null: nobody did."""

    @classmethod
    def of(cls, availability: Availability) -> "AvailabilityView":
        return cls.model_validate(availability, from_attributes=True)


async def possible_speaker(
    edition_id: UUID,
    who: SignedIn,
    editions: AllEditions,
    activities: AllActivities,
    sessions: AllSessions,
) -> Principal:
    """The signed-in person, if they may know of this edition.

    That is: it is announced, or an activity or session of it names them. Raises `EditionUnknown`.
    """
    edition = await editions.get(edition_id)
    if edition.announced or use_role(who, Role.ORGANISER):
        return who
    key = (edition_id, who.person_id)
    if not (await activities.is_named(*key) or await sessions.is_named(*key)):
        raise EditionUnknown
    return who


Speaker = Annotated[Principal, Depends(possible_speaker)]


@router.get(
    "/me/availability/{edition_id}",
    response_model=AvailabilityView,
    responses=problems(EditionUnknown),
)
async def read_my_availability(
    edition_id: UUID, who: Speaker, availabilities: AllAvailabilities
) -> Response:
    """When one can come to an edition oneself.

    If nothing has been said, the answer is blank and its ETag is "0".
    """
    return await _reply(edition_id, who.person_id, availabilities)


@router.put(
    "/me/availability/{edition_id}",
    response_model=AvailabilityView,
    responses=problems(EditionUnknown, PreconditionFailed, PreconditionRequired),
)
async def update_my_availability(
    edition_id: UUID,
    body: AvailabilityFacts,
    who: Speaker,
    availabilities: AllAvailabilities,
    execute: Execute,
) -> Response:
    """Say when one can come to an edition. Organisers are warned of sessions at other times."""
    command = SetAvailability(edition_id, who.person_id, body, who.person_id)
    key = availability_id(edition_id, who.person_id)
    return await execute(availabilities, key, command, AvailabilityView.of, must_match=True)


@router.get("/editions/{edition_id}/availability", responses=problems(EditionUnknown))
async def list_availability(
    edition_id: UUID,
    who: Organiser,
    editions: AllEditions,
    availabilities: AllAvailabilities,
    page: Paging,
) -> Page[AvailabilityView]:
    """When the people of an edition can come, as far as it was said."""
    await editions.get(edition_id)
    found, following = await availabilities.of_edition(edition_id, page)
    return Page(items=[AvailabilityView.of(one) for one in found], next=following)


@router.get(
    "/editions/{edition_id}/availability/{person_id}",
    response_model=AvailabilityView,
    responses=problems(EditionUnknown),
)
async def read_availability(
    edition_id: UUID,
    person_id: UUID,
    who: Organiser,
    editions: AllEditions,
    availabilities: AllAvailabilities,
) -> Response:
    """When a person can come to an edition.

    If nothing has been said, the answer is blank and its ETag is "0".
    """
    await editions.get(edition_id)
    return await _reply(edition_id, person_id, availabilities)


@router.put(
    "/editions/{edition_id}/availability/{person_id}",
    response_model=AvailabilityView,
    responses=problems(EditionUnknown, PreconditionFailed, PreconditionRequired),
)
async def update_availability(
    edition_id: UUID,
    person_id: UUID,
    body: AvailabilityFacts,
    who: Organiser,
    editions: AllEditions,
    availabilities: AllAvailabilities,
    execute: Execute,
) -> Response:
    """Write down when a person can come, as they have told the organisers."""
    await editions.get(edition_id)
    command = SetAvailability(edition_id, person_id, body, who.person_id)
    key = availability_id(edition_id, person_id)
    return await execute(availabilities, key, command, AvailabilityView.of, must_match=True)


async def _reply(edition_id: UUID, person_id: UUID, availabilities: Availabilities) -> Response:
    found = await availabilities.find(availability_id(edition_id, person_id))
    if found is None:
        empty = AvailabilityView(
            edition_id=edition_id, person_id=person_id, facts=AvailabilityFacts(), set_by=None
        )
        return reply(empty, version=0).response()
    return reply(AvailabilityView.of(found), version=found.version).response()
