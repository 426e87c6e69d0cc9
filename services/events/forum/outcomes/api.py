"""Outcomes of forums, such as declarations, agreements and follow-ups."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.events.dependencies import Organiser
from services.events.forum.dependencies import AllOutcomes
from services.events.forum.outcomes.rules import (
    NotAForum,
    Outcome,
    OutcomeFacts,
    OutcomeUnknown,
    OutcomeWithdrawn,
    Record,
    Withdraw,
)
from services.events.programme.activities.rules import ActivityKind
from services.events.programme.dependencies import AllActivities, AllSessions
from services.events.programme.sessions.rules import SessionUnknown
from shared.errors import PreconditionFailed, PreconditionRequired
from shared.http.access import MaybeSignedIn
from shared.http.execute import Execute
from shared.http.problems import problems
from shared.ids import new_id
from shared.roles import Role
from shared.schema import Schema

router = APIRouter(prefix="/v1", tags=["outcomes"])


class OutcomeView(Schema):
    """What a session of a forum came to."""

    id: UUID
    session_id: UUID
    facts: OutcomeFacts
    """What was recorded."""
    withdrawn: bool
    """It was recorded by mistake."""

    @classmethod
    def of(cls, outcome: Outcome) -> "OutcomeView":
        return cls.model_validate(outcome, from_attributes=True)


@router.post(
    "/sessions/{session_id}/outcomes",
    status_code=201,
    response_model=OutcomeView,
    responses=problems(SessionUnknown, NotAForum),
)
async def record_outcome(
    session_id: UUID,
    body: OutcomeFacts,
    who: Organiser,
    sessions: AllSessions,
    activities: AllActivities,
    outcomes: AllOutcomes,
    execute: Execute,
) -> Response:
    """Record what a session of a forum came to. The programme office hears of it."""
    session = await sessions.get(session_id)
    if (await activities.get(session.activity_id)).facts.kind is not ActivityKind.FORUM:
        raise NotAForum
    key = new_id()
    command = Record(key, session_id, session.edition_id, body)
    return await execute(outcomes, key, command, OutcomeView.of, status=201)


@router.get("/sessions/{session_id}/outcomes", responses=problems(SessionUnknown))
async def list_outcomes(
    session_id: UUID, who: MaybeSignedIn, sessions: AllSessions, outcomes: AllOutcomes
) -> list[OutcomeView]:
    """What a published session came to; for organisers also of a planned one."""
    session = await sessions.get(session_id)
    if not (session.published or (who and who.may(Role.ORGANISER))):
        raise SessionUnknown
    return [OutcomeView.of(one) for one in await outcomes.of_session(session_id)]


@router.put(
    "/outcomes/{outcome_id}",
    response_model=OutcomeView,
    responses=problems(OutcomeUnknown, OutcomeWithdrawn, PreconditionFailed, PreconditionRequired),
)
async def update_outcome(
    outcome_id: UUID, body: OutcomeFacts, who: Organiser, outcomes: AllOutcomes, execute: Execute
) -> Response:
    """Replace what was recorded. The programme office is told again."""
    known = await outcomes.get(outcome_id)
    command = Record(outcome_id, known.session_id, known.edition_id, body)
    return await execute(outcomes, outcome_id, command, OutcomeView.of, must_match=True)


@router.post(
    "/outcomes/{outcome_id}/withdrawal",
    response_model=OutcomeView,
    responses=problems(OutcomeUnknown),
)
async def withdraw_outcome(
    outcome_id: UUID, who: Organiser, outcomes: AllOutcomes, execute: Execute
) -> Response:
    """Withdraw what was recorded by mistake.

    It is no longer shown, and the programme office hears of that.
    """
    return await execute(outcomes, outcome_id, Withdraw(), OutcomeView.of)
