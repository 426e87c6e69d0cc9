"""Papers of a forum: submitted, accepted or declined, and presented in a session."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel
from starlette.responses import Response

from services.events.dependencies import Organiser
from services.events.forum.dependencies import AllPapers
from services.events.forum.outcomes.rules import NotAForum
from services.events.forum.papers.rules import (
    PUBLIC,
    Judge,
    NotOfThisForum,
    Paper,
    PaperDecided,
    PaperFacts,
    PaperNotAccepted,
    PaperStatus,
    PaperUnknown,
    Present,
    Submit,
    Withdraw,
)
from services.events.programme.activities.rules import Activity, ActivityKind, ActivityUnknown
from services.events.programme.dependencies import AllActivities, AllEditions, AllSessions
from services.events.programme.sessions.rules import SessionUnknown
from shared.errors import PreconditionFailed, PreconditionRequired
from shared.http.access import SignedIn, anyone, use_role
from shared.http.execute import Execute, reply
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.ids import new_id
from shared.roles import Role

router = APIRouter(prefix="/v1", tags=["forum"])


class PublicPaper(BaseModel):
    """What everybody may read of an accepted paper."""

    id: UUID
    facts: PaperFacts
    session_id: UUID | None  # in which it is presented

    @classmethod
    def of(cls, paper: Paper) -> "PublicPaper":
        return cls.model_validate(paper, from_attributes=True)


class PaperView(BaseModel):
    id: UUID
    activity_id: UUID
    submitted_by: UUID
    facts: PaperFacts
    status: PaperStatus
    session_id: UUID | None

    @classmethod
    def of(cls, paper: Paper) -> "PaperView":
        return cls.model_validate(paper, from_attributes=True)


class Judgement(BaseModel):
    accepted: bool


class Presentation(BaseModel):
    session_id: UUID


async def public_forum(
    activity_id: UUID, activities: AllActivities, editions: AllEditions
) -> Activity:
    """A forum of an announced edition. Raises `ActivityUnknown`, `NotAForum`."""
    activity = await activities.get(activity_id)
    if not (await editions.get(activity.edition_id)).announced:
        raise ActivityUnknown
    if activity.facts.kind is not ActivityKind.FORUM:
        raise NotAForum
    return activity


async def own_paper(paper_id: UUID, who: SignedIn, papers: AllPapers) -> Paper:
    """The paper, for the person who submitted it and for organisers. Raises `PaperUnknown`."""
    found = await papers.get(paper_id)
    if found.submitted_by != who.person_id and not use_role(who, Role.ORGANISER):
        raise PaperUnknown
    return found


Forum = Annotated[Activity, Depends(public_forum)]
Own = Annotated[Paper, Depends(own_paper)]


@router.get(
    "/activities/{activity_id}/papers",
    dependencies=[anyone],
    responses=problems(ActivityUnknown, NotAForum),
)
async def browse(forum: Forum, papers: AllPapers, page: Paging) -> Page[PublicPaper]:
    """The accepted papers of a forum."""
    found, following = await papers.of_forum(forum.id, PUBLIC, page)
    return Page(items=[PublicPaper.of(one) for one in found], next=following)


@router.post(
    "/activities/{activity_id}/papers",
    status_code=201,
    response_model=PaperView,
    responses=problems(ActivityUnknown, NotAForum),
)
async def submit(
    body: PaperFacts, who: SignedIn, forum: Forum, papers: AllPapers, execute: Execute
) -> Response:
    """Submit a paper. The names of its authors are printed as they are given here."""
    key = new_id()
    command = Submit(key, forum.edition_id, forum.id, who.person_id, body)
    return await execute(papers, key, command, PaperView.of, status=201)


@router.get("/activities/{activity_id}/submissions", responses=problems(ActivityUnknown))
async def submissions(
    activity_id: UUID,
    who: Organiser,
    activities: AllActivities,
    papers: AllPapers,
    page: Paging,
    status: Annotated[PaperStatus | None, Query()] = None,
) -> Page[PaperView]:
    """All papers that were submitted to a forum, or those with one status."""
    await activities.get(activity_id)
    statuses = list(PaperStatus) if status is None else [status]
    found, following = await papers.of_forum(activity_id, statuses, page)
    return Page(items=[PaperView.of(one) for one in found], next=following)


@router.get("/me/papers")
async def mine(who: SignedIn, papers: AllPapers, page: Paging) -> Page[PaperView]:
    """The papers that you have submitted, the latest first."""
    found, following = await papers.of_person(who.person_id, page)
    return Page(items=[PaperView.of(one) for one in found], next=following)


@router.get("/papers/{paper_id}", response_model=PaperView, responses=problems(PaperUnknown))
async def read(own: Own) -> Response:
    return reply(PaperView.of(own), version=own.version).response()


@router.put(
    "/papers/{paper_id}",
    response_model=PaperView,
    responses=problems(PaperUnknown, PaperDecided, PreconditionFailed, PreconditionRequired),
)
async def correct(body: PaperFacts, own: Own, papers: AllPapers, execute: Execute) -> Response:
    """Replace a paper, as long as it is neither accepted nor declined."""
    command = Submit(own.id, own.edition_id, own.activity_id, own.submitted_by, body)
    return await execute(papers, own.id, command, PaperView.of, must_match=True)


@router.post(
    "/papers/{paper_id}/withdrawal",
    response_model=PaperView,
    responses=problems(PaperUnknown, PaperDecided),
)
async def withdraw(own: Own, papers: AllPapers, execute: Execute) -> Response:
    """Withdraw a paper. It is no longer shown. A paper that was presented cannot be withdrawn."""
    return await execute(papers, own.id, Withdraw(), PaperView.of)


@router.post(
    "/papers/{paper_id}/judgement",
    response_model=PaperView,
    responses=problems(PaperUnknown, PaperDecided, PreconditionFailed),
)
async def judge(
    paper_id: UUID, body: Judgement, who: Organiser, papers: AllPapers, execute: Execute
) -> Response:
    """Accept or decline a paper. If-Match ensures that it is the version that you have read."""
    return await execute(papers, paper_id, Judge(body.accepted), PaperView.of)


@router.post(
    "/papers/{paper_id}/presentation",
    response_model=PaperView,
    responses=problems(PaperUnknown, PaperNotAccepted, NotOfThisForum, SessionUnknown),
)
async def present(
    paper_id: UUID,
    body: Presentation,
    who: Organiser,
    papers: AllPapers,
    sessions: AllSessions,
    execute: Execute,
) -> Response:
    """Set the session of the forum in which a paper is presented."""
    session = await sessions.get(body.session_id)
    command = Present(session.id, session.activity_id)
    return await execute(papers, paper_id, command, PaperView.of)
