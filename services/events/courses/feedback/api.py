"""Anonymous feedback on sessions and courses."""

from uuid import UUID

from fastapi import APIRouter

from services.events.courses.courses.errors import CourseUnknown
from services.events.courses.dependencies import TheFeedbackService
from services.events.courses.feedback.errors import DidNotAttend, FeedbackGiven, FeedbackTooEarly
from services.events.courses.feedback.rules import FeedbackAnswer, FeedbackSummary, summarise
from services.events.dependencies import Organiser
from services.events.programme.sessions.rules import SessionUnknown
from shared.http.access import SignedIn
from shared.http.problems import problems

router = APIRouter(prefix="/v1", tags=["feedback"])


@router.post(
    "/sessions/{session_id}/feedback",
    status_code=204,
    responses=problems(SessionUnknown, FeedbackTooEarly, DidNotAttend, FeedbackGiven),
)
async def give_feedback_on_session(
    session_id: UUID, body: FeedbackAnswer, who: SignedIn, feedback: TheFeedbackService
) -> None:
    """Say what one thought of a session when it is over: anonymous, once."""
    await feedback.of_session(session_id, who.person_id, body)


@router.post(
    "/courses/{course_id}/feedback",
    status_code=204,
    responses=problems(CourseUnknown, FeedbackTooEarly, DidNotAttend, FeedbackGiven),
)
async def give_feedback_on_course(
    course_id: UUID, body: FeedbackAnswer, who: SignedIn, feedback: TheFeedbackService
) -> None:
    """Say what one thought of a course when it is over: anonymous, once."""
    await feedback.of_course(course_id, who.person_id, body)


@router.get("/sessions/{session_id}/feedback")
async def read_feedback_on_session(
    session_id: UUID, who: Organiser, feedback: TheFeedbackService
) -> FeedbackSummary:
    """What people thought of a session.

    Answers come into view five at a time, in no order that tells who gave which.
    """
    return summarise(await feedback.answers(session_id))


@router.get("/courses/{course_id}/feedback")
async def read_feedback_on_course(
    course_id: UUID, who: Organiser, feedback: TheFeedbackService
) -> FeedbackSummary:
    """What people thought of a course.

    Answers come into view five at a time, in no order that tells who gave which.
    """
    return summarise(await feedback.answers(course_id))
