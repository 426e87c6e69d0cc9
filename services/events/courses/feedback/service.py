"""Takes feedback: from whoever was there, once it is over, once each.

Two writes in one transaction: a row that says that this person has answered, and the answer in its
box. Neither knows of the other. Nothing else may be kept of the request: no Idempotency-Key (a
fingerprint of the answer beside a person's id could be guessed), no event, no time.
"""

from uuid import UUID

from services.events.booking.registrations.store import Registrations
from services.events.courses.attendance.rules import Standing
from services.events.courses.attendance.service import AttendanceService
from services.events.courses.courses.service import CourseService
from services.events.courses.feedback.errors import FeedbackGiven, FeedbackTooEarly, NotThere
from services.events.courses.feedback.rules import FeedbackAnswer, FeedbackSubject
from services.events.programme.sessions.rules import SessionUnknown
from services.events.programme.sessions.store import Sessions
from shared.clock import Clock
from shared.mongo import Document, Mongo, MongoError, Tx, duplicated_key


class FeedbackService:
    def __init__(
        self,
        mongo: Mongo,
        clock: Clock,
        sessions: Sessions,
        registrations: Registrations,
        courses: CourseService,
        attendances: AttendanceService,
    ) -> None:
        self._mongo = mongo
        self._clock = clock
        self._sessions = sessions
        self._registrations = registrations
        self._courses = courses
        self._attendances = attendances
        self._given = mongo.collection("feedback_given")
        self._boxes = mongo.collection("feedback")

    async def of_session(self, session_id: UUID, person_id: UUID, answer: FeedbackAnswer) -> None:
        """Raises `SessionUnknown`, `FeedbackTooEarly`, `NotThere`, `FeedbackGiven`."""
        session = await self._sessions.get(session_id)
        if not session.published:
            raise SessionUnknown
        if self._clock() < session.facts.ends_at:
            raise FeedbackTooEarly
        if session.of_course:
            standing = await self._standing(session.activity_id, person_id)
            days = standing.sessions if standing else ()
            was_there = any(day.present for day in days if day.session_id == session_id)
        else:
            mine = await self._registrations.live_one(session_id, person_id)
            was_there = mine is not None and mine.admitted_at is not None
        if not was_there:
            raise NotThere
        await self._put(session_id, person_id, answer)

    async def of_course(self, course_id: UUID, person_id: UUID, answer: FeedbackAnswer) -> None:
        """Raises `CourseUnknown`, `FeedbackTooEarly`, `NotThere`, `FeedbackGiven`."""
        await self._courses.known(course_id)
        dates = await self._courses.dates(course_id)
        if dates is None or self._clock() < dates.ends_at:
            raise FeedbackTooEarly
        standing = await self._standing(course_id, person_id)
        if standing is None or not standing.attended:
            raise NotThere
        await self._put(course_id, person_id, answer)

    async def box(self, about: UUID) -> FeedbackSubject:
        found = await self._boxes.find_one({"_id": about})
        return _box(found)

    async def _standing(self, course_id: UUID, person_id: UUID) -> Standing | None:
        mine = await self._registrations.live_one(course_id, person_id)
        return None if mine is None else await self._attendances.standing(mine)

    async def _put(self, about: UUID, person_id: UUID, answer: FeedbackAnswer) -> None:
        async def work(tx: Tx) -> None:
            given = {"_id": {"about": about, "person": person_id}}
            await self._given.insert_one(given, session=tx.session)
            box = _box(await self._boxes.find_one({"_id": about}, session=tx.session)).put(answer)
            answers = {name: [one.model_dump() for one in part] for name, part in _parts(box)}
            await self._boxes.replace_one({"_id": about}, answers, upsert=True, session=tx.session)

        try:
            await self._mongo.transaction(work)
        except MongoError as error:
            if duplicated_key(error) is not None and await self._has_given(about, person_id):
                raise FeedbackGiven from error
            raise

    async def _has_given(self, about: UUID, person_id: UUID) -> bool:
        given = {"_id": {"about": about, "person": person_id}}
        return await self._given.find_one(given) is not None


def _parts(box: FeedbackSubject) -> list[tuple[str, tuple[FeedbackAnswer, ...]]]:
    return [("waiting", box.waiting), ("shown", box.shown)]


def _box(found: Document | None) -> FeedbackSubject:
    if found is None:
        return FeedbackSubject()
    waiting, shown = [
        tuple(FeedbackAnswer.model_validate(one) for one in found[name])
        for name in ("waiting", "shown")
    ]
    return FeedbackSubject(waiting, shown)
