from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from services.events.admission.gates.store import entry_id
from services.events.booking.opening.service import open_places
from services.events.booking.registrations.state import Registration
from services.events.booking.unit_of_work.service import BookingStores, BookingUnitOfWork
from services.events.courses.courses import rules
from services.events.courses.courses.attendance import Mark
from services.events.courses.courses.errors import CourseUnknown
from services.events.courses.courses.rules import Command, Correct, Course, PlanCourse
from services.events.programme.ticket_kinds.errors import NoAccount
from shared.aggregates import Decision, Repository
from shared.cause import current_cause
from shared.clock import Clock
from shared.contracts.events import CalledOff
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, Document, Index, Mongo, Tx, UpdateOne
from shared.outbox.store import Outbox

INDEXES = [
    Index("courses", [("edition_id", ASCENDING), ("_id", ASCENDING)]),
    Index("attendance", [("registration_id", ASCENDING)]),
]


class Courses(Repository[Course, Command]):
    collection = "courses"
    model = Course
    missing = CourseUnknown

    def __init__(self, mongo: Mongo, outbox: Outbox, stores: BookingStores, clock: Clock) -> None:
        super().__init__(mongo, outbox)
        self._stores = stores
        self._clock = clock

    def decide(self, state: Course | None, command: Command, now: datetime) -> Decision[Course]:
        planned = command.facts.kinds if isinstance(command, PlanCourse | Correct) else ()
        if self._stores.account is None and any(kind.fee for kind in planned):
            raise NoAccount
        return rules.decide(state, command, now)

    async def _write(self, tx: Tx, before: Course | None, decision: Decision[Course]) -> Course:
        """A published course can be enrolled in: keep the terms of its places in step with it."""
        after = await super()._write(tx, before, decision)
        if after == before or not after.published:
            return after
        if after.cancelled is not None:
            await self._close(tx, after.id, CalledOff(reason=after.cancelled.reason, revision=0))
        else:
            facts = after.facts
            await open_places(
                tx,
                self._stores,
                after.id,
                facts.capacity,
                facts.kinds,
                facts.opens_at,
                facts.closes_at,
                self._clock(),
                starts_at=after.dates.starts_at if after.dates else None,
                ends_at=after.dates.ends_at if after.dates else None,
                largest=1,
            )
        return after

    async def _close(self, tx: Tx, course_id: UUID, why: CalledOff) -> None:
        """As that of a session: nobody gets in, what people have there is ended afterwards."""
        await self._stores.places.cancel(tx, course_id, why)
        book = BookingUnitOfWork(tx, self._stores)
        await book.resize(course_id, 0, self._clock(), current_cause())
        book.close()

    async def whole(self, edition_id: UUID) -> list[Course]:
        """All of an edition's, planned ones too."""
        rows = await self.documents.find({"edition_id": edition_id}).to_list(None)
        return [self.state(row) for row in rows]

    async def of_edition(
        self, edition_id: UUID, page: PageRequest, *, planned: bool
    ) -> tuple[list[Course], str | None]:
        """Published ones, or with `planned` all of them."""
        query: Document = {"edition_id": edition_id} | ({} if planned else {"published": True})
        found, following = await read_page(self.documents, query, [("_id", 1)], page)
        return [self.state(row) for row in found], following


class AttendanceSheets:
    """What staff recorded by hand of who was there: one document for each person and session."""

    def __init__(self, mongo: Mongo) -> None:
        self._documents = mongo.collection("attendance")

    def record(self, tx: Tx, registration: Registration, session_id: UUID, mark: Mark) -> None:
        change = {
            "$setOnInsert": {"registration_id": registration.id, "session_id": session_id},
            "$push": {"marks": mark._asdict()},
        }
        key = entry_id(registration, session_id)
        tx.at_commit(self._documents, UpdateOne({"_id": key}, change, upsert=True))

    async def marks(
        self, registrations: Iterable[UUID], tx: Tx | None = None
    ) -> dict[tuple[UUID, UUID], tuple[Mark, ...]]:
        """By (registration, session); the latest last."""
        query = {"registration_id": {"$in": list(registrations)}}
        rows = await self._documents.find(query, session=tx and tx.session).to_list(None)
        return {
            (row["registration_id"], row["session_id"]): tuple(Mark(**one) for one in row["marks"])
            for row in rows
        }
