"""Bookables: the sessions, courses and calls that messages are about. A projection of events.

It has only what a message says about them.
"""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from services.notifications.recipients.store import NotKnownYet
from shared.contracts.applications import CallOpened
from shared.contracts.events import CoursePublished, SessionPublished
from shared.mongo import Mongo, Tx
from shared.projections import project
from shared.text import Localized


class Bookable(BaseModel):
    id: UUID
    title: Localized
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    venue: Localized | None = None
    room: Localized | None = None
    address: str | None = None
    revision: int = 0  # of a session's calendar entry
    mode: str = "on_site"
    course: bool = False  # a course is not in calendars; its sessions are


SESSION = {"title", "starts_at", "ends_at", "venue", "room", "address", "revision", "mode"}


class Bookables:
    def __init__(self, mongo: Mongo) -> None:
        self._documents = mongo.collection("bookables")

    async def learn_session(self, tx: Tx, session: SessionPublished, sequence: int) -> None:
        fields = session.model_dump(include=SESSION)
        await project(tx, self._documents, session.session_id, fields, sequence)

    async def learn_course(self, tx: Tx, course: CoursePublished, sequence: int) -> None:
        fields = course.model_dump(include={"title", "starts_at", "ends_at", "venue", "address"})
        fields["course"] = True
        await project(tx, self._documents, course.course_id, fields, sequence)

    async def learn_call(self, tx: Tx, call: CallOpened, sequence: int) -> None:
        fields = call.model_dump(include={"title"})
        await project(tx, self._documents, call.call_id, fields, sequence)

    async def get(self, key: UUID, tx: Tx) -> Bookable:
        """Raises `NotKnownYet`."""
        found = await self._documents.find_one({"_id": key}, session=tx.session)
        if found is None:
            raise NotKnownYet(f"bookable {key}")
        return Bookable.model_validate({"id": key, **found})
