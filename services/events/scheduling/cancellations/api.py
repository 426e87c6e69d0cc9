"""Cancellations: what is not held, in whole or in part, and what lasts longer than planned."""

from contextlib import suppress
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, Field, model_validator
from starlette.responses import Response

from services.events.dependencies import Organiser
from services.events.programme.dependencies import AllEditions, AllSessions
from services.events.programme.editions.api import EditionView
from services.events.programme.editions.rules import EditionIsCancelled, EditionUnknown
from services.events.programme.sessions.api import SessionView
from services.events.programme.sessions.rules import SessionUnknown
from services.events.scheduling.dependencies import TheReleaseService
from services.events.scheduling.schedule_releases.queries import SessionSelection
from services.events.scheduling.schedule_releases.rules import ReleaseRequest
from services.events.scheduling.schedule_releases.service import NothingToRelease, NotLater
from services.events.scheduling.schedule_releases.views import ReleaseView
from shared.clock import Day, Moment
from shared.http.execute import Execute, reply
from shared.http.idempotency import Reply
from shared.http.problems import problems
from shared.mongo import Tx
from shared.schema import Schema, example
from shared.text import Localized

router = APIRouter(prefix="/v1", tags=["cancellations"])


class CancellationReason(Schema):
    """Why it is not held."""

    model_config = ConfigDict(
        json_schema_extra=example({"reason": {"vi": "Bão số 9", "en": "Typhoon no. 9"}})
    )

    reason: Localized
    """Why; everybody whom it concerns reads it."""


class PartialCancellation(CancellationReason):
    """The sessions for which all that is given is true.

    They are named, are at this venue, begin at `since` or later, and begin before `until`.
    """

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "reason": {"vi": "Bão số 9", "en": "Typhoon no. 9"},
                "venue_id": "0199f3a2-4c53-7d44-8f70-8192a3b4c5d6",
                "since": "2026-11-07T17:00:00Z",
                "until": "2026-11-08T17:00:00Z",
            }
        )
    )

    sessions: Annotated[list[UUID], Field(min_length=1, max_length=1_000)] | None = None
    """Ids of the sessions; in place of the other fields."""
    venue_id: UUID | None = None
    """All sessions at this venue."""
    since: Moment | None = None
    """Those that begin at this time or later: RFC 3339."""
    until: Moment | None = None
    """Those that begin before this time: RFC 3339."""

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not self.model_fields_set - {"reason"}:
            raise ValueError("selects no session")
        return self

    def selection(self) -> SessionSelection:
        return SessionSelection(self.sessions, self.venue_id, self.since, self.until)


class Extension(Schema):
    """A later end of an edition."""

    model_config = ConfigDict(json_schema_extra=example({"ends_on": "2026-11-22"}))

    ends_on: Day
    """The new last day, in Hanoi."""


class Extended(Schema):
    """An edition that lasts longer."""

    edition: EditionView
    """The edition, with its new last day."""
    drafts: list[UUID]
    """Ids of sessions that end later with the next release."""


@router.post(
    "/sessions/{session_id}/cancellation",
    response_model=SessionView,
    responses=problems(SessionUnknown),
)
async def cancel_session(
    session_id: UUID,
    body: CancellationReason,
    who: Organiser,
    sessions: AllSessions,
    service: TheReleaseService,
    execute: Execute,
) -> Response:
    """Cancel a session.

    Nobody can register for it any more, all registrations end, and all who had one are told.
    """
    request = ReleaseRequest(who.person_id, execute.now, body.reason)
    edition_id = (await sessions.get(session_id)).edition_id  # a release reads nothing beforehand
    selection = SessionSelection([session_id])

    async def work(tx: Tx) -> Reply:
        with suppress(NothingToRelease):  # cancelled already
            await service.cancel(tx, edition_id, selection, body.reason, request)
        after = await sessions.get(session_id, tx)
        return reply(SessionView.for_staff(after), version=after.version)

    return await execute.idempotent(work)


@router.post(
    "/editions/{edition_id}/cancellations",
    status_code=201,
    response_model=ReleaseView,
    responses=problems(EditionUnknown, NothingToRelease),
)
async def cancel_part_of_edition(
    edition_id: UUID,
    body: PartialCancellation,
    who: Organiser,
    editions: AllEditions,
    service: TheReleaseService,
    execute: Execute,
) -> Response:
    """Cancel a part of an edition: some sessions, a venue, some days.

    One release tells of all of them.
    """
    await editions.get(edition_id)
    request = ReleaseRequest(who.person_id, execute.now, body.reason)

    async def work(tx: Tx) -> Reply:
        made = await service.cancel(tx, edition_id, body.selection(), body.reason, request)
        return reply(ReleaseView.of(made), status=201)

    return await execute.idempotent(work)


@router.post(
    "/editions/{edition_id}/cancellation",
    response_model=EditionView,
    responses=problems(EditionUnknown),
)
async def cancel_edition(
    edition_id: UUID,
    body: CancellationReason,
    who: Organiser,
    editions: AllEditions,
    service: TheReleaseService,
    execute: Execute,
) -> Response:
    """Cancel an edition and all its sessions that have not ended yet."""
    request = ReleaseRequest(who.person_id, execute.now, body.reason)

    async def work(tx: Tx) -> Reply:
        await service.cancel_edition(tx, edition_id, body.reason, request)
        after = await editions.get(edition_id, tx)
        return reply(EditionView.of(after), version=after.version)

    return await execute.idempotent(work)


@router.post(
    "/editions/{edition_id}/extension",
    response_model=Extended,
    responses=problems(EditionUnknown, EditionIsCancelled, NotLater),
)
async def extend_edition(
    edition_id: UUID, body: Extension, who: Organiser, service: TheReleaseService, execute: Execute
) -> Response:
    """Let an edition last longer.

    Sessions of more than a day that last until its end get a draft that ends as many days
    later. Release it to put it in force and to tell those whom it concerns.
    """

    async def work(tx: Tx) -> Reply:
        after, drafts = await service.extend(tx, edition_id, body.ends_on, execute.now)
        return reply(Extended(edition=EditionView.of(after), drafts=drafts))

    return await execute.idempotent(work)
