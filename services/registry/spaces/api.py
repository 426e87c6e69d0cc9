"""Creative spaces: the public list, and the registrars' changes."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.registry.dependencies import AllSpaces, Registrar
from services.registry.spaces import rules
from services.registry.spaces.rules import SlugTaken, Space, SpaceFacts, SpaceKind, SpaceUnknown
from shared.errors import PreconditionFailed, PreconditionRequired
from shared.http.access import MaybeSignedIn, anyone
from shared.http.execute import Execute, reply
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.ids import new_id
from shared.roles import Role
from shared.schema import Schema

router = APIRouter(prefix="/v1/spaces", tags=["spaces"])


class SpaceView(Schema):
    """A creative space."""

    id: UUID
    """The space's id; as the place of a session it is the venue's id, too."""
    public: bool
    """Whether everybody can see it."""
    facts: SpaceFacts
    """What is known of it."""

    @classmethod
    def of(cls, space: Space) -> "SpaceView":
        return cls.model_validate(space, from_attributes=True)


@router.get("", dependencies=[anyone])
async def search_spaces(
    spaces: AllSpaces,
    page: Paging,
    q: Annotated[str, Query(max_length=100)] = "",
    kind: Annotated[SpaceKind | None, Query(description="Only those of this kind.")] = None,
) -> Page[SpaceView]:
    """The public creative spaces.

    Search takes no account of case and diacritics.
    """
    found, following = await spaces.search(q, kind, page)
    return Page(items=[SpaceView.of(space) for space in found], next=following)


@router.get("/{space_id}", response_model=SpaceView, responses=problems(SpaceUnknown))
async def read_space(space_id: UUID, who: MaybeSignedIn, spaces: AllSpaces) -> Response:
    """A public space; for registrars also one that is not public yet."""
    space = await spaces.get(space_id)
    if not (space.public or (who and who.may(Role.REGISTRAR))):
        raise SpaceUnknown
    return reply(SpaceView.of(space), version=space.version).response()


@router.post("", status_code=201, response_model=SpaceView, responses=problems(SlugTaken))
async def create_space(
    body: SpaceFacts, who: Registrar, spaces: AllSpaces, execute: Execute
) -> Response:
    """Create a space. Everybody can see it once it is published."""
    key = new_id()
    return await execute(spaces, key, rules.Describe(key, body), SpaceView.of, status=201)


@router.put(
    "/{space_id}",
    response_model=SpaceView,
    responses=problems(SpaceUnknown, SlugTaken, PreconditionFailed, PreconditionRequired),
)
async def update_space(
    space_id: UUID, body: SpaceFacts, who: Registrar, spaces: AllSpaces, execute: Execute
) -> Response:
    """Replace what is known of a space. If it is public, the other services are told again."""
    return await execute(
        spaces, space_id, rules.Describe(space_id, body), SpaceView.of, must_match=True
    )


@router.post("/{space_id}/publication", response_model=SpaceView, responses=problems(SpaceUnknown))
async def publish_space(
    space_id: UUID, who: Registrar, spaces: AllSpaces, execute: Execute
) -> Response:
    """Show a space to everybody. Sessions can then be held in it."""
    return await execute(spaces, space_id, rules.Publish(), SpaceView.of)
