"""The collection `sessions`, with the words that people search for."""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from services.events.programme.sessions import rules
from services.events.programme.sessions.rules import Command, Session, SessionUnknown
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, Document, Index, Tx
from shared.repositories import Repository
from shared.search import matching, words

INDEXES = [
    Index(
        "sessions",
        [("edition_id", ASCENDING), ("facts.starts_at", ASCENDING), ("_id", ASCENDING)],
    ),
    Index("sessions", [("facts.venue_id", ASCENDING), ("facts.starts_at", ASCENDING)]),
    Index("sessions", [("activity_id", ASCENDING), ("facts.starts_at", ASCENDING)]),
    Index("sessions", [("words", ASCENDING)]),
    Index(
        "sessions",
        [("series_id", ASCENDING), ("facts.starts_at", ASCENDING)],
        only_where={"series_id": {"$type": "binData"}},
    ),
]


class SessionOutline(NamedTuple):
    """The few fields of a session that reports over a whole edition need."""

    id: UUID
    activity_id: UUID
    ends_at: datetime
    hosts: list[UUID]  # that the session names
    course_id: UUID | None  # of a course's session that is published and not cancelled


class Sessions(Repository[Session, Command]):
    collection = "sessions"
    model = Session
    decide = staticmethod(rules.decide)
    not_found_error = SessionUnknown

    def document(self, state: Session) -> Document:
        return super().document(state) | {
            "words": words(state.title.vi, state.title.en or "", state.place.name.vi)
        }

    async def of_activity(
        self, activity_id: UUID, tx: Tx | None = None, *, cancelled: bool = False
    ) -> list[Session]:
        """A course's published sessions, in order of time; at most 1,000.

        `cancelled`: those that were cancelled too.
        """
        query: Document = {"activity_id": activity_id, "of_course": True, "published": True}
        if not cancelled:
            query["cancelled"] = None
        by_time = [("facts.starts_at", 1), ("_id", 1)]
        rows = self.documents.find(query, session=tx and tx.session).sort(by_time)
        return [self.state(row) for row in await rows.to_list(1_000)]

    async def any_of_activity(self, activity_id: UUID) -> bool:
        """True if the activity has a session, whether planned, public or cancelled."""
        return await self.documents.find_one({"activity_id": activity_id}, {"_id": 1}) is not None

    async def any_booked_alone(self, activity_id: UUID) -> bool:
        """True if people book one of the activity's sessions by itself, not with a course."""
        query = {"activity_id": activity_id, "of_course": {"$ne": True}}
        return await self.documents.find_one(query, {"_id": 1}) is not None

    async def courses_of(self, sessions: Iterable[UUID], tx: Tx | None = None) -> dict[UUID, UUID]:
        """The course of each session. Sessions that belong to no course are left out."""
        query = {"_id": {"$in": list(sessions)}, "of_course": True}
        rows = self.documents.find(query, {"activity_id": 1}, session=tx and tx.session)
        return {row["_id"]: row["activity_id"] for row in await rows.to_list(None)}

    async def of_edition(self, tx: Tx | None, edition_id: UUID, **query: Any) -> list[Session]:
        """An edition's sessions of which this is true, public or not, in order of time."""
        rows = self.documents.find({"edition_id": edition_id, **query}, session=tx and tx.session)
        return [self.state(row) for row in await rows.sort("facts.starts_at", 1).to_list(None)]

    async def outlines(self, edition_id: UUID) -> AsyncIterator[SessionOutline]:
        """All of an edition's sessions, public or not, in no order."""
        names = ("activity_id", "facts.ends_at", "facts.hosts", "of_course", "published")
        fields = dict.fromkeys((*names, "cancelled"), 1)
        async for row in self.documents.find({"edition_id": edition_id}, fields):
            of_course = row.get("of_course") and row["published"] and not row["cancelled"]
            yield SessionOutline(
                id=row["_id"],
                activity_id=row["activity_id"],
                ends_at=row["facts"]["ends_at"],
                hosts=row["facts"].get("hosts", []),
                course_id=row["activity_id"] if of_course else None,
            )

    async def ids(self, edition_id: UUID, **query: Any) -> list[UUID]:
        """The ids of an edition's sessions of which this is true, read outside a transaction."""
        rows = self.documents.find({"edition_id": edition_id, **query}, {"_id": 1})
        return [row["_id"] for row in await rows.to_list(None)]

    async def revisions(self, tx: Tx, keys: Iterable[UUID]) -> dict[UUID, int]:
        query = {"_id": {"$in": list(keys)}}
        rows = self.documents.find(query, {"revision": 1}, session=tx.session)
        return {row["_id"]: row["revision"] for row in await rows.to_list(None)}

    async def planned(self, **query: Any) -> list[Session]:
        """Sessions that match, public or not, in order of time; at most 5,000."""
        by_time = [("facts.starts_at", 1), ("_id", 1)]
        rows = self.documents.find(query).sort(by_time).limit(5_000)
        return [self.state(row) for row in await rows.to_list(None)]

    async def public(self, **query: Any) -> list[Session]:
        """Published sessions that match, in order of time; at most 5,000."""
        by_time = [("facts.starts_at", 1), ("_id", 1)]
        rows = self.documents.find({"published": True, **query}).sort(by_time).limit(5_000)
        return [self.state(row) for row in await rows.to_list(None)]

    async def activity_ids(self, edition_id: UUID, query: Document) -> list[UUID]:
        """The activities that have a session that matches."""
        found = await self.documents.distinct("activity_id", {"edition_id": edition_id, **query})
        return list(found)

    async def published(
        self, edition_id: UUID, text: str, page: PageRequest, **more: Any
    ) -> tuple[list[Session], str | None]:
        """An edition's public sessions that match, in order of time."""
        query: Document = {
            "edition_id": edition_id,
            "published": True,
            **more,
            **matching("words", text),
        }
        by_time = [("facts.starts_at", 1), ("_id", 1)]
        found, following = await read_page(self.documents, query, by_time, page)
        return [self.state(document) for document in found], following

    async def of_series(self, series_id: UUID, tx: Tx | None = None) -> list[Session]:
        """In order of time."""
        found = self.documents.find({"series_id": series_id}, session=tx and tx.session)
        rows = await found.sort("facts.starts_at", 1).to_list(None)
        return [self.state(row) for row in rows]

    async def is_named(self, edition_id: UUID, person_id: UUID) -> bool:
        """True if this person hosts one of the edition's sessions, in a draft or in force."""
        named = [{"facts.hosts": person_id}, {"draft.hosts": person_id}]
        query = {"edition_id": edition_id, "$or": named}
        return await self.documents.find_one(query, {"_id": 1}) is not None
