"""Strands: groups of activities in an edition."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.events.dependencies import Organiser
from services.events.programme.dependencies import AllEditions, AllStrands
from services.events.programme.editions.api import visible_edition
from services.events.programme.editions.rules import EditionUnknown
from services.events.programme.strands.rules import Describe, Strand, StrandFacts, StrandUnknown
from shared.errors import PreconditionFailed, PreconditionRequired
from shared.http.access import MaybeSignedIn
from shared.http.execute import Execute, reply
from shared.http.problems import problems
from shared.ids import new_id
from shared.roles import Role
from shared.schema import Schema

router = APIRouter(prefix="/v1", tags=["strands"])


class StrandView(Schema):
    """A strand of an edition."""

    id: UUID
    edition_id: UUID
    facts: StrandFacts
    """What organisers say of it."""

    @classmethod
    def of(cls, strand: Strand) -> "StrandView":
        return cls.model_validate(strand, from_attributes=True)


@router.get("/editions/{edition_id}/strands", responses=problems(EditionUnknown))
async def list_strands(
    edition_id: UUID, who: MaybeSignedIn, editions: AllEditions, strands: AllStrands
) -> list[StrandView]:
    """An announced edition's strands in their order; for organisers also a planned one's."""
    await visible_edition(edition_id, who, editions)
    return [StrandView.of(strand) for strand in await strands.of_edition(edition_id)]


@router.post(
    "/editions/{edition_id}/strands",
    status_code=201,
    response_model=StrandView,
    responses=problems(EditionUnknown),
)
async def create_strand(
    edition_id: UUID,
    body: StrandFacts,
    who: Organiser,
    editions: AllEditions,
    strands: AllStrands,
    execute: Execute,
) -> Response:
    """Enter a strand of an edition. Activities may then name it (`strand_id`)."""
    await editions.get(edition_id)
    key = new_id()
    return await execute(strands, key, Describe(key, edition_id, body), StrandView.of, status=201)


@router.get("/strands/{strand_id}", response_model=StrandView, responses=problems(StrandUnknown))
async def read_strand(
    strand_id: UUID, who: MaybeSignedIn, editions: AllEditions, strands: AllStrands
) -> Response:
    """A strand of an announced edition; for organisers also of a planned one."""
    strand = await strands.get(strand_id)
    edition = await editions.get(strand.edition_id)
    if not (edition.announced or (who and who.may(Role.ORGANISER))):
        raise StrandUnknown
    return reply(StrandView.of(strand), version=strand.version).response()


@router.put(
    "/strands/{strand_id}",
    response_model=StrandView,
    responses=problems(StrandUnknown, PreconditionFailed, PreconditionRequired),
)
async def update_strand(
    strand_id: UUID, body: StrandFacts, who: Organiser, strands: AllStrands, execute: Execute
) -> Response:
    """Replace what is said of a strand."""
    known = await strands.get(strand_id)
    command = Describe(strand_id, known.edition_id, body)
    return await execute(strands, strand_id, command, StrandView.of, must_match=True)
