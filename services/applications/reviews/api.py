"""The jury: entries by code, scores, the ranking, the decision."""

import json
from typing import Annotated, Any
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.responses import Response

from services.applications.calls.api import CallView
from services.applications.calls.rules import Call, CallUnknown, NotJudging, Outcome, Status
from services.applications.dependencies import (
    AllCalls,
    AllEntries,
    AllReviews,
    CallStaff,
    TheJuryService,
)
from services.applications.entries.rules import EntryUnknown
from services.applications.reviews.rules import (
    GiveScores,
    Review,
    Score,
    ScoreFinal,
    ScoresMissing,
    rank,
)
from shared.errors import InvalidInput
from shared.http.access import SignedIn
from shared.http.execute import Execute, reply
from shared.http.idempotency import Reply
from shared.http.problems import problems
from shared.mongo import Tx
from shared.text import Line, Prose

router = APIRouter(prefix="/v1/calls/{call_id}", tags=["jury"])


class AnonymousEntry(BaseModel):
    """An entry as a juror sees it: a code and the work."""

    code: str
    content: dict[str, Any]


class Scores(BaseModel):
    scores: Annotated[dict[str, Score], Field(max_length=20)]
    comment: Prose = ""


class ReviewView(BaseModel):
    code: str
    scores: dict[str, int]
    comment: str

    @classmethod
    def of(cls, review: Review) -> "ReviewView":
        return cls.model_validate(review, from_attributes=True)


class Verdict(BaseModel):
    """Codes that win; none is a verdict too. The reasons are published."""

    awarded: Annotated[list[str], Field(max_length=100)]
    reasons: Line


async def judged_call(call_id: UUID, who: SignedIn, calls: AllCalls) -> Call:
    """The call, for one of its jurors while it is judged; for others it does not exist."""
    call = await calls.get(call_id)
    if who.person_id not in call.facts.jurors:
        raise CallUnknown
    if call.status is not Status.JUDGING:
        raise NotJudging
    return call


CallBeingJudged = Annotated[Call, Depends(judged_call)]


@router.get("/entries", responses=problems(CallUnknown, NotJudging))
async def entries_to_judge(call: CallBeingJudged, entries: AllEntries) -> list[AnonymousEntry]:
    """For this call's jurors: the entries, by code. Whose they are cannot be found out here."""
    found = await entries.submitted(call.id)
    return [AnonymousEntry(code=one.code, content=json.loads(one.content)) for one in found]


@router.put(
    "/entries/{code}/score",
    response_model=ReviewView,
    responses=problems(CallUnknown, EntryUnknown, NotJudging, ScoreFinal, InvalidInput),
)
async def give_score(
    code: str,
    body: Scores,
    who: SignedIn,
    call: CallBeingJudged,
    entries: AllEntries,
    reviews: AllReviews,
    execute: Execute,
) -> Response:
    """Score an entry by every criterion, 0 to 100. A score is final, and no other juror's
    scores are shown."""
    entry = await entries.by_code(call.id, code)
    key = uuid5(entry.id, str(who.person_id))
    command = GiveScores(key, call, code, who.person_id, body.scores, body.comment)
    return await execute(reviews, key, command, ReviewView.of)


@router.get("/ranking", responses=problems(CallUnknown, NotJudging, ScoresMissing))
async def ranking(
    call_id: UUID, who: CallStaff, calls: AllCalls, entries: AllEntries, reviews: AllReviews
) -> list[Outcome]:
    """What the scores say, once all are in."""
    call = await calls.get(call_id)
    if call.status is not Status.JUDGING:
        raise NotJudging
    codes = [entry.code for entry in await entries.submitted(call_id)]
    return list(rank(call, codes, await reviews.of_call(call_id)))


@router.post(
    "/decision",
    response_model=CallView,
    responses=problems(CallUnknown, EntryUnknown, NotJudging, ScoresMissing),
)
async def decide(
    call_id: UUID, body: Verdict, who: CallStaff, jury: TheJuryService, execute: Execute
) -> Response:
    """Record the jury's verdict and tell every author."""

    async def work(tx: Tx) -> Reply:
        call = await jury.decide(tx, call_id, body.awarded, body.reasons, execute.now)
        return reply(CallView.of(call), version=call.version)

    return await execute.idempotent(work)
