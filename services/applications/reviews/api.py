"""The jury: entries by code, scores, the ranking, the decision."""

import json
from typing import Annotated, Any
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Path
from pydantic import ConfigDict, Field
from starlette.responses import Response

from services.applications.calls.api import CallView
from services.applications.calls.rules import Call, CallStatus, CallUnknown, NotJudging, Outcome
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
from shared.schema import Schema, example
from shared.text import Line, Prose

router = APIRouter(prefix="/v1/calls/{call_id}", tags=["jury"])


class AnonymousEntry(Schema):
    """An entry as a juror sees it: a code and the work."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"code": "K7RW2M", "content": {"title": "Hộp trà sen Tây Hồ", "village": "Quảng An"}}
        )
    )

    code: str
    """By which the jury names the entry."""
    content: dict[str, Any]
    """What was entered."""


class Scores(Schema):
    """One juror's points for one entry."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"scores": {"idea": 88, "craft": 84}, "comment": "Hình dáng gợi được búp sen."}
        )
    )

    scores: Annotated[dict[str, Score], Field(max_length=20)]
    """From 0 to 100 for each criterion of the call, by its key."""
    comment: Prose = ""
    """For the jury; it is not published."""


class ReviewView(Schema):
    """One juror's points for one entry."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "code": "K7RW2M",
                "scores": {"idea": 88, "craft": 84},
                "comment": "Hình dáng gợi được búp sen.",
            }
        )
    )

    code: str
    """The entry's code."""
    scores: dict[str, int]
    """From 0 to 100 for each criterion, by its key."""
    comment: str
    """For the jury; it is not published."""

    @classmethod
    def of(cls, review: Review) -> "ReviewView":
        return cls.model_validate(review, from_attributes=True)


class Verdict(Schema):
    """The jury's decision."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"awarded": ["K7RW2M"], "reasons": "Ý tưởng rõ, dùng đúng chất liệu của làng nghề."}
        )
    )

    awarded: Annotated[list[str], Field(max_length=100)]
    """Codes of the entries that win. An empty list is a decision, too."""
    reasons: Line
    """Why; this is published."""


async def judged_call(call_id: UUID, who: SignedIn, calls: AllCalls) -> Call:
    """The call, for one of its jurors while it is judged; for others it does not exist."""
    call = await calls.get(call_id)
    if who.person_id not in call.facts.jurors:
        raise CallUnknown
    if call.status is not CallStatus.JUDGING:
        raise NotJudging
    return call


CallBeingJudged = Annotated[Call, Depends(judged_call)]


@router.get("/entries", responses=problems(CallUnknown, NotJudging))
async def list_entries_to_judge(call: CallBeingJudged, entries: AllEntries) -> list[AnonymousEntry]:
    """The entries of a call by code, for its jurors.

    Whose they are cannot be found out here.
    """
    found = await entries.submitted(call.id)
    return [AnonymousEntry(code=one.code, content=json.loads(one.content)) for one in found]


@router.put(
    "/entries/{code}/score",
    response_model=ReviewView,
    responses=problems(CallUnknown, EntryUnknown, NotJudging, ScoreFinal, InvalidInput),
)
async def score_entry(
    code: Annotated[str, Path(description="The entry's code.")],
    body: Scores,
    who: SignedIn,
    call: CallBeingJudged,
    entries: AllEntries,
    reviews: AllReviews,
    execute: Execute,
) -> Response:
    """Give an entry points for every criterion.

    They are final. No juror sees the points of another.
    """
    entry = await entries.by_code(call.id, code)
    key = uuid5(entry.id, str(who.person_id))
    command = GiveScores(key, call, code, who.person_id, body.scores, body.comment)
    return await execute(reviews, key, command, ReviewView.of)


@router.get("/ranking", responses=problems(CallUnknown, NotJudging, ScoresMissing))
async def read_ranking(
    call_id: UUID, who: CallStaff, calls: AllCalls, entries: AllEntries, reviews: AllReviews
) -> list[Outcome]:
    """The ranking by the points, once all jurors have given theirs."""
    call = await calls.get(call_id)
    if call.status is not CallStatus.JUDGING:
        raise NotJudging
    codes = [entry.code for entry in await entries.submitted(call_id)]
    return list(rank(call, codes, await reviews.of_call(call_id)))


@router.post(
    "/decision",
    response_model=CallView,
    responses=problems(CallUnknown, EntryUnknown, NotJudging, ScoresMissing),
)
async def decide_call(
    call_id: UUID, body: Verdict, who: CallStaff, jury: TheJuryService, execute: Execute
) -> Response:
    """Record the jury's decision and tell every author."""

    async def work(tx: Tx) -> Reply:
        call = await jury.decide(tx, call_id, body.awarded, body.reasons, execute.now)
        return reply(CallView.of(call), version=call.version)

    return await execute.idempotent(work)
