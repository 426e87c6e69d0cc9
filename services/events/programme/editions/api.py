"""Editions of the festival: planned, corrected and announced by organisers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.responses import Response

from services.events.dependencies import Organiser
from services.events.programme.dependencies import AllEditions
from services.events.programme.editions import rules
from services.events.programme.editions.rules import (
    Cancellation,
    Edition,
    EditionFacts,
    EditionSlugTaken,
    EditionUnknown,
)
from services.events.programme.editions.store import Editions
from shared.errors import PreconditionFailed, PreconditionRequired
from shared.http.access import MaybeSignedIn, anyone
from shared.http.execute import Execute, reply
from shared.http.paging import Page, Paging
from shared.http.principal import Principal
from shared.http.problems import problems
from shared.ids import new_id
from shared.roles import Role
from shared.schema import Schema

router = APIRouter(prefix="/v1/editions", tags=["editions"])


class EditionView(Schema):
    """An edition of the festival."""

    id: UUID
    announced: bool
    """Whether everybody can see it."""
    cancelled: Cancellation | None = None
    """When and why it was cancelled; null if it was not."""
    facts: EditionFacts
    """What organisers say of it."""

    @classmethod
    def of(cls, edition: Edition) -> "EditionView":
        return cls.model_validate(edition, from_attributes=True)


@router.get("", dependencies=[anyone])
async def list_editions(editions: AllEditions, page: Paging) -> Page[EditionView]:
    """Announced editions, the latest first."""
    found, following = await editions.announced(page)
    return Page(items=[EditionView.of(edition) for edition in found], next=following)


@router.get("/{edition}", response_model=EditionView, responses=problems(EditionUnknown))
async def read_edition(
    slug: Annotated[str, Path(alias="edition", description="Its slug.")],
    who: MaybeSignedIn,
    editions: AllEditions,
) -> Response:
    """An announced edition, by its slug; for organisers also one that is planned."""
    edition = await editions.by_slug(slug)
    if not (edition.announced or (who and who.may(Role.ORGANISER))):
        raise EditionUnknown
    return reply(EditionView.of(edition), version=edition.version).response()


@router.post("", status_code=201, response_model=EditionView, responses=problems(EditionSlugTaken))
async def create_edition(
    body: EditionFacts, who: Organiser, editions: AllEditions, execute: Execute
) -> Response:
    """Plan an edition. Everybody can see it once it is announced."""
    key = new_id()
    return await execute(editions, key, rules.Plan(key, body), EditionView.of, status=201)


@router.put(
    "/{edition}",
    response_model=EditionView,
    responses=problems(EditionUnknown, EditionSlugTaken, PreconditionFailed, PreconditionRequired),
)
async def update_edition(
    edition_id: Annotated[UUID, Path(alias="edition", description="Its id.")],
    body: EditionFacts,
    who: Organiser,
    editions: AllEditions,
    execute: Execute,
) -> Response:
    """Replace what is said of an edition. If it is announced, the other services are told again."""
    return await execute(
        editions, edition_id, rules.Plan(edition_id, body), EditionView.of, must_match=True
    )


@router.post(
    "/{edition_id}/announcement", response_model=EditionView, responses=problems(EditionUnknown)
)
async def announce_edition(
    edition_id: UUID, who: Organiser, editions: AllEditions, execute: Execute
) -> Response:
    """Announce an edition: from now on everybody can see it."""
    return await execute(editions, edition_id, rules.Announce(), EditionView.of)


async def visible_edition(edition_id: UUID, who: Principal | None, editions: Editions) -> Edition:
    """An announced edition; for organisers also a planned one. Raises `EditionUnknown`."""
    edition = await editions.get(edition_id)
    if not (edition.announced or (who and who.may(Role.ORGANISER))):
        raise EditionUnknown
    return edition
