"""Takes feedback from people who attended, once it is over, once for each person.

One transaction writes two documents: that this person has answered, and the answers without any id
of a person. Nothing else of the request may be kept, no event and no time. There is no
Idempotency-Key either: it would store a fingerprint of the answer beside the id of the person, and
an answer can be guessed from its fingerprint.
"""

from uuid import UUID

from services.events.booking.registrations.store import Registrations
from services.events.courses.attendance.rules import CourseAttendance
from services.events.courses.attendance.service import AttendanceService
from services.events.courses.courses.service import CourseService
from services.events.courses.feedback.errors import DidNotAttend, FeedbackGiven, FeedbackTooEarly
from services.events.courses.feedback.rules import FeedbackAnswer, FeedbackAnswers
from services.events.courses.feedback.store import Feedback
from services.events.programme.sessions.rules import SessionUnknown
from services.events.programme.sessions.store import Sessions
from shared.clock import Clock
from shared.mongo import Mongo, MongoError, Tx, duplicated_key


class FeedbackService:
    def __init__(
        self,
        mongo: Mongo,
        clock: Clock,
        feedback: Feedback,
        sessions: Sessions,
        registrations: Registrations,
        courses: CourseService,
        attendances: AttendanceService,
    ) -> None:
        self._mongo = mongo
        self._clock = clock
        self._feedback = feedback
        self._sessions = sessions
        self._registrations = registrations
        self._courses = courses
        self._attendances = attendances

    async def of_session(self, session_id: UUID, person_id: UUID, answer: FeedbackAnswer) -> None:
        """Raises `SessionUnknown`, `FeedbackTooEarly`, `DidNotAttend`, `FeedbackGiven`."""
        session = await self._sessions.get(session_id)
        if not session.published:
            raise SessionUnknown
        if self._clock() < session.facts.ends_at:
            raise FeedbackTooEarly
        if session.of_course:
            attendance = await self._attendance(session.activity_id, person_id)
            days = attendance.sessions if attendance else ()
            attended = any(day.present for day in days if day.session_id == session_id)
        else:
            mine = await self._registrations.live_one(session_id, person_id)
            attended = mine is not None and mine.admitted_at is not None
        if not attended:
            raise DidNotAttend
        await self._add(session_id, person_id, answer)

    async def of_course(self, course_id: UUID, person_id: UUID, answer: FeedbackAnswer) -> None:
        """Raises `CourseUnknown`, `FeedbackTooEarly`, `DidNotAttend`, `FeedbackGiven`."""
        await self._courses.check_published(course_id)
        dates = await self._courses.dates(course_id)
        if dates is None or self._clock() < dates.ends_at:
            raise FeedbackTooEarly
        attendance = await self._attendance(course_id, person_id)
        if attendance is None or not attendance.attended:
            raise DidNotAttend
        await self._add(course_id, person_id, answer)

    async def answers(self, about: UUID) -> FeedbackAnswers:
        """About a session or course."""
        return await self._feedback.answers(about)

    async def _attendance(self, course_id: UUID, person_id: UUID) -> CourseAttendance | None:
        mine = await self._registrations.live_one(course_id, person_id)
        return None if mine is None else await self._attendances.of_registration(mine)

    async def _add(self, about: UUID, person_id: UUID, answer: FeedbackAnswer) -> None:
        async def work(tx: Tx) -> None:
            await self._feedback.mark_given(tx, about, person_id)
            answers = await self._feedback.answers(about, tx)
            await self._feedback.replace(tx, about, answers.add(answer))

        try:
            await self._mongo.transaction(work)
        except MongoError as error:
            twice = duplicated_key(error) is not None
            if twice and await self._feedback.is_given(about, person_id):
                raise FeedbackGiven from error
            raise
