"""Releases of an edition's schedule: what changed, what would change, and making one."""

from contextlib import suppress
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from services.events.dependencies import Organiser
from services.events.programme.dependencies import AllEditions, AllSessions
from services.events.programme.editions.api import visible_edition
from services.events.programme.editions.rules import EditionIsCancelled, EditionUnknown
from services.events.programme.sessions.api import SessionView
from services.events.programme.sessions.rules import (
    SessionIsCancelled,
    SessionUnknown,
    TooManyForVenue,
)
from services.events.scheduling.dependencies import AllReleases, TheReleaseService
from services.events.scheduling.schedule_releases.rules import (
    ReleaseRequest,
    between,
)
from services.events.scheduling.schedule_releases.service import NothingToRelease
from services.events.scheduling.schedule_releases.store import ReleaseUnknown
from services.events.scheduling.schedule_releases.views import (
    ChangeView,
    ReleaseDifference,
    ReleaseSelection,
    ReleaseView,
)
from shared.http.access import MaybeSignedIn
from shared.http.execute import Execute, reply
from shared.http.idempotency import Reply
from shared.http.problems import problems
from shared.mongo import Tx

router = APIRouter(prefix="/v1", tags=["releases"])


@router.get("/editions/{edition_id}/releases", responses=problems(EditionUnknown))
async def list_releases(
    edition_id: UUID, who: MaybeSignedIn, editions: AllEditions, releases: AllReleases
) -> list[ReleaseView]:
    """The releases of an edition's schedule, the latest first."""
    await visible_edition(edition_id, who, editions)
    return [ReleaseView.of(release) for release in await releases.all(edition_id)]


@router.get(
    "/editions/{edition_id}/releases/next",
    responses=problems(EditionUnknown, TooManyForVenue),
)
async def preview_release(
    edition_id: UUID, who: Organiser, service: TheReleaseService
) -> list[ChangeView]:
    """What a release of all drafts would change for the public now."""
    return [ChangeView.of(change) for change in await service.preview(edition_id)]


@router.get(
    "/editions/{edition_id}/releases/{number}",
    responses=problems(EditionUnknown, ReleaseUnknown),
)
async def read_release(
    edition_id: UUID,
    number: Annotated[int, Path(ge=1, le=2**31, description="The number of the release.")],
    who: MaybeSignedIn,
    editions: AllEditions,
    releases: AllReleases,
    since: Annotated[
        int | None,
        Query(ge=0, le=2**31, description="The number of the release to compare it with."),
    ] = None,
) -> ReleaseDifference:
    """What differs between this release and an earlier one: the one before it, unless said."""
    await visible_edition(edition_id, who, editions)
    release = await releases.get(edition_id, number)
    first = number - 1 if since is None else min(since, number)
    changes = await releases.changes(edition_id, first, number)
    return ReleaseDifference(
        release=ReleaseView.of(release),
        since=first,
        changes=[ChangeView.of(change) for change in between(changes)],
    )


@router.post(
    "/editions/{edition_id}/releases",
    status_code=201,
    response_model=ReleaseView,
    responses=problems(
        EditionUnknown,
        EditionIsCancelled,
        NothingToRelease,
        SessionUnknown,
        SessionIsCancelled,
        TooManyForVenue,
    ),
)
async def release_schedule(
    edition_id: UUID,
    body: ReleaseSelection,
    who: Organiser,
    service: TheReleaseService,
    execute: Execute,
) -> Response:
    """Put drafts in force and publish what was only planned: all, or only those named.

    The release gets the edition's next number. Those who have a seat in a moved session and the
    hosts of new and moved ones are told, once.
    """
    request = ReleaseRequest(who.person_id, execute.now, body.notes)

    async def work(tx: Tx) -> Reply:
        made = await service.release(tx, edition_id, body.sessions, request)
        return reply(ReleaseView.of(made), status=201)

    return await execute.idempotent(work)


@router.post(
    "/sessions/{session_id}/publication",
    response_model=SessionView,
    responses=problems(SessionUnknown, SessionIsCancelled, EditionIsCancelled, TooManyForVenue),
)
async def publish_session(
    session_id: UUID,
    who: Organiser,
    sessions: AllSessions,
    service: TheReleaseService,
    execute: Execute,
) -> Response:
    """Release this session alone. People can register from `opens_at` on."""
    request = ReleaseRequest(who.person_id, execute.now)
    edition_id = (await sessions.get(session_id)).edition_id  # a release reads nothing beforehand

    async def work(tx: Tx) -> Reply:
        with suppress(NothingToRelease):
            await service.release(tx, edition_id, [session_id], request)
        after = await sessions.get(session_id, tx)
        return reply(SessionView.for_staff(after), version=after.version)

    return await execute.idempotent(work)
