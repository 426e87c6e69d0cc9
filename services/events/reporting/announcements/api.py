from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from starlette.responses import Response

from services.events.programme.editions.rules import EditionUnknown
from services.events.programme.editions.store import Editions
from services.events.reporting.announcements.rules import (
    Facts,
    Notice,
    NoticeOut,
    NoticeUnknown,
    Status,
    Text,
    TooFarAhead,
    Withdraw,
    Write,
)
from services.events.reporting.announcements.store import Copies, Notices
from services.events.reporting.segments.queries import Crowd
from services.events.reporting.segments.rules import Segment, SegmentElsewhere
from shared.http.access import requires
from shared.http.act import Act
from shared.http.idempotency import KeyReused
from shared.http.paging import Page, Paging
from shared.http.principal import Principal
from shared.http.problems import problems
from shared.http.provided import provided
from shared.ids import new_id
from shared.roles import Role
from shared.text import Localized

router = APIRouter(prefix="/v1", tags=["notices"])
AllNotices = Annotated[Notices, Depends(provided(Notices))]
AllCopies = Annotated[Copies, Depends(provided(Copies))]
AllEditions = Annotated[Editions, Depends(provided(Editions))]
Everybody = Annotated[Crowd, Depends(provided(Crowd))]
Organiser = Annotated[Principal, Depends(requires(Role.ORGANISER))]


class NoticeView(BaseModel):
    id: UUID
    edition_id: UUID
    segment: Segment
    subject: Localized
    text: Text
    due_at: datetime
    status: Status
    people: int | None  # how many it is for; known when it is due

    @classmethod
    def of(cls, notice: Notice) -> "NoticeView":
        return cls.model_validate(notice, from_attributes=True)


class Progress(NoticeView):
    told: int  # whose copy is on its way


@router.post(
    "/editions/{edition_id}/notices",
    status_code=201,
    response_model=NoticeView,
    responses=problems(EditionUnknown, SegmentElsewhere, TooFarAhead, KeyReused),
)
async def write(
    edition_id: UUID,
    body: Facts,
    who: Organiser,
    editions: AllEditions,
    everybody: Everybody,
    notices: AllNotices,
    act: Act,
) -> Response:
    """Say something to a segment of an edition's people, now or at a time.

    A service message: what concerns their place or the day itself, never advertising. Send an
    Idempotency-Key, or it may go out twice.
    """
    await editions.get(edition_id)
    await everybody.check(edition_id, body.segment)
    key = new_id()
    command = Write(key, edition_id, body)
    return await act(notices, key, command, NoticeView.of, status=201)


@router.get("/editions/{edition_id}/notices")
async def browse(
    edition_id: UUID, who: Organiser, notices: AllNotices, page: Paging
) -> Page[NoticeView]:
    """What was, or is to be, said to the edition's people: the latest first."""
    found, following = await notices.of_edition(edition_id, page)
    return Page(items=[NoticeView.of(notice) for notice in found], next=following)


@router.get("/notices/{notice_id}", responses=problems(NoticeUnknown))
async def read(notice_id: UUID, who: Organiser, notices: AllNotices, copies: AllCopies) -> Progress:
    """A notice, and how far it has gone."""
    notice = NoticeView.of(await notices.get(notice_id))
    told = await copies.count(notice_id, told=True)
    return Progress(**dict(notice), told=told)


@router.post(
    "/notices/{notice_id}/withdrawal",
    response_model=NoticeView,
    responses=problems(NoticeUnknown, NoticeOut, KeyReused),
)
async def withdraw(notice_id: UUID, who: Organiser, notices: AllNotices, act: Act) -> Response:
    """Do not send it after all. This is possible until it is due."""
    return await act(notices, notice_id, Withdraw(), NoticeView.of)
