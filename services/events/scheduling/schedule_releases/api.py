"""Releases of an edition's schedule: what changed, what would change, and making one."""

from contextlib import suppress
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
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
    ChangeKind,
    ReleaseRequest,
    ScheduleEntry,
    SessionChange,
    between,
)
from services.events.scheduling.schedule_releases.service import NothingToRelease
from services.events.scheduling.schedule_releases.store import Release, ReleaseUnknown
from shared.clock import Moment
from shared.http.access import MaybeSignedIn
from shared.http.execute import Execute, reply
from shared.http.idempotency import Reply
from shared.http.problems import problems
from shared.mongo import Tx
from shared.text import Localized

router = APIRouter(prefix="/v1", tags=["releases"])


class ReleaseSelection(BaseModel):
    """Without `sessions`: all that has changed or is new."""

    notes: Localized | None = None  # for those who read the schedule
    sessions: Annotated[list[UUID], Field(min_length=1, max_length=1_000)] | None = None


class ReleaseView(BaseModel):
    number: int
    at: Moment
    notes: Localized | None
    counts: dict[ChangeKind, int]
    told_at: Moment | None  # since when all whom it concerns have been notified

    @classmethod
    def of(cls, release: Release) -> "ReleaseView":
        fields = release.model_dump(include=set(cls.model_fields))
        return cls(**fields, told_at=release.notified_at)


class ChangeView(BaseModel):
    session_id: UUID
    kind: ChangeKind
    before: ScheduleEntry | None
    after: ScheduleEntry | None
    fields: tuple[str, ...]

    @classmethod
    def of(cls, change: SessionChange) -> "ChangeView":
        return cls(**change._asdict())


class ReleaseDifference(BaseModel):
    release: ReleaseView
    since: int  # the number of the release it is compared with; 0: an empty schedule
    changes: list[ChangeView]


@router.get("/editions/{edition_id}/releases", responses=problems(EditionUnknown))
async def browse(
    edition_id: UUID, who: MaybeSignedIn, editions: AllEditions, releases: AllReleases
) -> list[ReleaseView]:
    """The releases of an edition's schedule, the latest first."""
    await visible_edition(edition_id, who, editions)
    return [ReleaseView.of(release) for release in await releases.all(edition_id)]


@router.get(
    "/editions/{edition_id}/releases/next",
    responses=problems(EditionUnknown, TooManyForVenue),
)
async def following(
    edition_id: UUID, who: Organiser, service: TheReleaseService
) -> list[ChangeView]:
    """What a release of all drafts would change for the public."""
    return [ChangeView.of(change) for change in await service.preview(edition_id)]


@router.get(
    "/editions/{edition_id}/releases/{number}",
    responses=problems(EditionUnknown, ReleaseUnknown),
)
async def differ(
    edition_id: UUID,
    number: Annotated[int, Path(ge=1, le=2**31)],
    who: MaybeSignedIn,
    editions: AllEditions,
    releases: AllReleases,
    since: Annotated[int | None, Query(ge=0, le=2**31)] = None,
) -> ReleaseDifference:
    """What changed from an earlier release to this one; without `since`, from the one before."""
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
async def release(
    edition_id: UUID,
    body: ReleaseSelection,
    who: Organiser,
    service: TheReleaseService,
    execute: Execute,
) -> Response:
    """Put drafts in force and publish planned sessions: all of them, or only those named.

    The release gets the edition's next number. Afterwards it notifies, once each, who has or awaits
    a seat in a moved session, and the hosts of new and moved sessions.
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
async def publish(
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
