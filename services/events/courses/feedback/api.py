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
async def of_session(
    session_id: UUID, body: FeedbackAnswer, who: SignedIn, feedback: TheFeedbackService
) -> None:
    """Give feedback on a session that is over: anonymous, once."""
    await feedback.of_session(session_id, who.person_id, body)


@router.post(
    "/courses/{course_id}/feedback",
    status_code=204,
    responses=problems(CourseUnknown, FeedbackTooEarly, DidNotAttend, FeedbackGiven),
)
async def of_course(
    course_id: UUID, body: FeedbackAnswer, who: SignedIn, feedback: TheFeedbackService
) -> None:
    """Give feedback on a course that is over: anonymous, once."""
    await feedback.of_course(course_id, who.person_id, body)


@router.get("/sessions/{session_id}/feedback")
async def session_summary(
    session_id: UUID, who: Organiser, feedback: TheFeedbackService
) -> FeedbackSummary:
    """The feedback on a session.

    Answers are shown in groups of five, so that nobody can tell who gave which.
    """
    return summarise(await feedback.answers(session_id))


@router.get("/courses/{course_id}/feedback")
async def course_summary(
    course_id: UUID, who: Organiser, feedback: TheFeedbackService
) -> FeedbackSummary:
    """The feedback on a course.

    Answers are shown in groups of five, so that nobody can tell who gave which.
    """
    return summarise(await feedback.answers(course_id))
