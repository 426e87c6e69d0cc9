from uuid import UUID

from fastapi import APIRouter

from services.events.courses.courses.errors import CourseUnknown
from services.events.courses.dependencies import TheFeedbackService
from services.events.courses.feedback.errors import FeedbackGiven, FeedbackTooEarly, NotThere
from services.events.courses.feedback.rules import FeedbackAnswer, Summary, summary
from services.events.dependencies import Organiser
from services.events.programme.sessions.rules import SessionUnknown
from shared.http.access import SignedIn
from shared.http.problems import problems

router = APIRouter(prefix="/v1", tags=["feedback"])


@router.post(
    "/sessions/{session_id}/feedback",
    status_code=204,
    responses=problems(SessionUnknown, FeedbackTooEarly, NotThere, FeedbackGiven),
)
async def of_session(
    session_id: UUID, body: FeedbackAnswer, who: SignedIn, office: TheFeedbackService
) -> None:
    """What one thought of a session, when it is over: anonymous, once."""
    await office.of_session(session_id, who.person_id, body)


@router.post(
    "/courses/{course_id}/feedback",
    status_code=204,
    responses=problems(CourseUnknown, FeedbackTooEarly, NotThere, FeedbackGiven),
)
async def of_course(
    course_id: UUID, body: FeedbackAnswer, who: SignedIn, office: TheFeedbackService
) -> None:
    """What one thought of a course, when it is over: anonymous, once."""
    await office.of_course(course_id, who.person_id, body)


@router.get("/sessions/{session_id}/feedback")
async def session_summary(session_id: UUID, who: Organiser, office: TheFeedbackService) -> Summary:
    """Answers come into view five at a time, in no order that tells who gave which."""
    return summary(await office.box(session_id))


@router.get("/courses/{course_id}/feedback")
async def course_summary(course_id: UUID, who: Organiser, office: TheFeedbackService) -> Summary:
    """Answers come into view five at a time, in no order that tells who gave which."""
    return summary(await office.box(course_id))
