"""Papers of a forum: submitted, accepted or declined, and presented in a session."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import ConfigDict
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
from shared.schema import Schema, example

router = APIRouter(prefix="/v1", tags=["papers"])


class PublicPaper(Schema):
    """What everybody may read of an accepted paper."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                "facts": {
                    "title": {"vi": "Gốm và thành phố", "en": "Ceramics and the city"},
                    "abstract": {"vi": "Bài viết so sánh ba làng gốm ven sông Hồng.", "en": ""},
                    "authors": [
                        {
                            "person_id": None,
                            "name": "Trần Thu Hà",
                            "affiliation": "Đại học Mỹ thuật Công nghiệp",
                        }
                    ],
                    "file": None,
                },
                "session_id": "0199f3a2-3b42-7c33-8d5e-6f708192a3b4",
            }
        )
    )

    id: UUID
    facts: PaperFacts
    """The paper."""
    session_id: UUID | None
    """The session in which it is presented."""

    @classmethod
    def of(cls, paper: Paper) -> "PublicPaper":
        return cls.model_validate(paper, from_attributes=True)


class PaperView(Schema):
    """A paper, as its authors and the organisers see it."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                "activity_id": "0199f3a2-2a31-7b22-9c4d-5e6f708192a3",
                "submitted_by": "0199f3a2-6e75-7f66-8192-a3b4c5d6e7f8",
                "facts": {
                    "title": {"vi": "Gốm và thành phố", "en": "Ceramics and the city"},
                    "abstract": {"vi": "Bài viết so sánh ba làng gốm ven sông Hồng.", "en": ""},
                    "authors": [
                        {
                            "person_id": None,
                            "name": "Trần Thu Hà",
                            "affiliation": "Đại học Mỹ thuật Công nghiệp",
                        }
                    ],
                    "file": None,
                },
                "status": "accepted",
                "session_id": None,
            }
        )
    )

    id: UUID
    activity_id: UUID
    """The forum that it was submitted to."""
    submitted_by: UUID
    """Who submitted it: a person's id in the registry."""
    facts: PaperFacts
    """The paper."""
    status: PaperStatus
    """`submitted`, `accepted`, `declined`, `presented`, or `withdrawn` by the person who submitted
    it."""
    session_id: UUID | None
    """The session in which it is presented."""

    @classmethod
    def of(cls, paper: Paper) -> "PaperView":
        return cls.model_validate(paper, from_attributes=True)


class Judgement(Schema):
    """Whether a paper is accepted."""

    model_config = ConfigDict(json_schema_extra=example({"accepted": True}))

    accepted: bool
    """True: accepted. False: declined."""


class Presentation(Schema):
    """Where a paper is presented."""

    model_config = ConfigDict(
        json_schema_extra=example({"session_id": "0199f3a2-3b42-7c33-8d5e-6f708192a3b4"})
    )

    session_id: UUID
    """A session of the forum."""


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
async def list_papers(forum: Forum, papers: AllPapers, page: Paging) -> Page[PublicPaper]:
    """The papers that a forum has accepted."""
    found, following = await papers.of_forum(forum.id, PUBLIC, page)
    return Page(items=[PublicPaper.of(one) for one in found], next=following)


@router.post(
    "/activities/{activity_id}/papers",
    status_code=201,
    response_model=PaperView,
    responses=problems(ActivityUnknown, NotAForum),
)
async def submit_paper(
    body: PaperFacts, who: SignedIn, forum: Forum, papers: AllPapers, execute: Execute
) -> Response:
    """Submit a paper. The names of its authors are printed as they are given here."""
    key = new_id()
    command = Submit(key, forum.edition_id, forum.id, who.person_id, body)
    return await execute(papers, key, command, PaperView.of, status=201)


@router.get("/activities/{activity_id}/submissions", responses=problems(ActivityUnknown))
async def list_submitted_papers(
    activity_id: UUID,
    who: Organiser,
    activities: AllActivities,
    papers: AllPapers,
    page: Paging,
    status: Annotated[PaperStatus | None, Query(description="Only those with this status.")] = None,
) -> Page[PaperView]:
    """All papers that were submitted to a forum, whatever became of them."""
    await activities.get(activity_id)
    statuses = list(PaperStatus) if status is None else [status]
    found, following = await papers.of_forum(activity_id, statuses, page)
    return Page(items=[PaperView.of(one) for one in found], next=following)


@router.get("/me/papers")
async def list_my_papers(who: SignedIn, papers: AllPapers, page: Paging) -> Page[PaperView]:
    """The papers that one has submitted, the latest first."""
    found, following = await papers.of_person(who.person_id, page)
    return Page(items=[PaperView.of(one) for one in found], next=following)


@router.get("/papers/{paper_id}", response_model=PaperView, responses=problems(PaperUnknown))
async def read_paper(own: Own) -> Response:
    """A paper; for the person who submitted it and the organisers."""
    return reply(PaperView.of(own), version=own.version).response()


@router.put(
    "/papers/{paper_id}",
    response_model=PaperView,
    responses=problems(PaperUnknown, PaperDecided, PreconditionFailed, PreconditionRequired),
)
async def update_paper(body: PaperFacts, own: Own, papers: AllPapers, execute: Execute) -> Response:
    """Submit a better version, as long as nobody has decided."""
    command = Submit(own.id, own.edition_id, own.activity_id, own.submitted_by, body)
    return await execute(papers, own.id, command, PaperView.of, must_match=True)


@router.post(
    "/papers/{paper_id}/withdrawal",
    response_model=PaperView,
    responses=problems(PaperUnknown, PaperDecided),
)
async def withdraw_paper(own: Own, papers: AllPapers, execute: Execute) -> Response:
    """Withdraw a paper: it is no longer shown. What has been presented stays."""
    return await execute(papers, own.id, Withdraw(), PaperView.of)


@router.post(
    "/papers/{paper_id}/judgement",
    response_model=PaperView,
    responses=problems(PaperUnknown, PaperDecided, PreconditionFailed),
)
async def judge_paper(
    paper_id: UUID, body: Judgement, who: Organiser, papers: AllPapers, execute: Execute
) -> Response:
    """Accept a paper or decline it.

    `If-Match` makes sure that it is the version that was read.
    """
    return await execute(papers, paper_id, Judge(body.accepted), PaperView.of)


@router.post(
    "/papers/{paper_id}/presentation",
    response_model=PaperView,
    responses=problems(PaperUnknown, PaperNotAccepted, NotOfThisForum, SessionUnknown),
)
async def schedule_paper(
    paper_id: UUID,
    body: Presentation,
    who: Organiser,
    papers: AllPapers,
    sessions: AllSessions,
    execute: Execute,
) -> Response:
    """Say in which session of the forum a paper is presented."""
    session = await sessions.get(body.session_id)
    command = Present(session.id, session.activity_id)
    return await execute(papers, paper_id, command, PaperView.of)
