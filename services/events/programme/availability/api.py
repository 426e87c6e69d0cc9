from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from starlette.responses import Response

from services.events.dependencies import Organiser
from services.events.programme.availability.rules import Availability, AvailabilityFacts, Say, key
from services.events.programme.availability.store import Availabilities
from services.events.programme.dependencies import (
    AllActivities,
    AllAvailabilities,
    AllEditions,
    AllSessions,
)
from services.events.programme.editions.rules import EditionUnknown
from shared.errors import PreconditionFailed, PreconditionRequired
from shared.http.access import SignedIn, acts_as
from shared.http.execute import Execute, reply
from shared.http.paging import Page, Paging
from shared.http.principal import Principal
from shared.http.problems import problems
from shared.roles import Role

router = APIRouter(prefix="/v1", tags=["availability"])


class AvailabilityView(BaseModel):
    edition_id: UUID
    person_id: UUID
    facts: AvailabilityFacts
    set_by: UUID | None  # None: nobody has said anything

    @classmethod
    def of(cls, availability: Availability) -> "AvailabilityView":
        return cls.model_validate(availability, from_attributes=True)


async def mine(
    edition_id: UUID,
    who: SignedIn,
    editions: AllEditions,
    activities: AllActivities,
    sessions: AllSessions,
) -> Principal:
    """Whoever is signed in, at an edition that they may know of: announced, or they are in it."""
    edition = await editions.get(edition_id)
    if edition.announced or acts_as(who, Role.ORGANISER):
        return who
    of, person = {"edition_id": edition_id}, who.person_id
    named = [{"facts.hosts": person}, {"facts.speakers": person}, {"draft.hosts": person}]
    for store in (activities, sessions):
        if await store.documents.find_one({**of, "$or": named}, {"_id": 1}):
            return who
    raise EditionUnknown


Speaker = Annotated[Principal, Depends(mine)]


@router.get(
    "/me/availability/{edition_id}",
    response_model=AvailabilityView,
    responses=problems(EditionUnknown),
)
async def read_mine(edition_id: UUID, who: Speaker, availabilities: AllAvailabilities) -> Response:
    """When one can come oneself; blank at first (ETag "0")."""
    return await _shown(edition_id, who.person_id, availabilities)


@router.put(
    "/me/availability/{edition_id}",
    response_model=AvailabilityView,
    responses=problems(EditionUnknown, PreconditionFailed, PreconditionRequired),
)
async def say(
    edition_id: UUID,
    body: AvailabilityFacts,
    who: Speaker,
    availabilities: AllAvailabilities,
    execute: Execute,
) -> Response:
    """Say when one can come. Organisers are warned of sessions at other times."""
    command = Say(edition_id, who.person_id, body, who.person_id)
    its = key(edition_id, who.person_id)
    return await execute(availabilities, its, command, AvailabilityView.of, must_match=True)


@router.get("/editions/{edition_id}/availability", responses=problems(EditionUnknown))
async def browse(
    edition_id: UUID,
    who: Organiser,
    editions: AllEditions,
    availabilities: AllAvailabilities,
    page: Paging,
) -> Page[AvailabilityView]:
    """What anybody has said of this edition."""
    await editions.get(edition_id)
    found, following = await availabilities.of_edition(edition_id, page)
    return Page(items=[AvailabilityView.of(one) for one in found], next=following)


@router.get(
    "/editions/{edition_id}/availability/{person_id}",
    response_model=AvailabilityView,
    responses=problems(EditionUnknown),
)
async def read(
    edition_id: UUID,
    person_id: UUID,
    who: Organiser,
    editions: AllEditions,
    availabilities: AllAvailabilities,
) -> Response:
    await editions.get(edition_id)
    return await _shown(edition_id, person_id, availabilities)


@router.put(
    "/editions/{edition_id}/availability/{person_id}",
    response_model=AvailabilityView,
    responses=problems(EditionUnknown, PreconditionFailed, PreconditionRequired),
)
async def say_for(
    edition_id: UUID,
    person_id: UUID,
    body: AvailabilityFacts,
    who: Organiser,
    editions: AllEditions,
    availabilities: AllAvailabilities,
    execute: Execute,
) -> Response:
    """Write down what somebody has told the office."""
    await editions.get(edition_id)
    command = Say(edition_id, person_id, body, who.person_id)
    its = key(edition_id, person_id)
    return await execute(availabilities, its, command, AvailabilityView.of, must_match=True)


async def _shown(edition_id: UUID, person_id: UUID, availabilities: Availabilities) -> Response:
    found = await availabilities.find(key(edition_id, person_id))
    if found is None:
        blank = AvailabilityView(
            edition_id=edition_id, person_id=person_id, facts=AvailabilityFacts(), set_by=None
        )
        return reply(blank, version=0).response()
    return reply(AvailabilityView.of(found), version=found.version).response()
