"""What people book: a session, or a course as a whole, whose ticket opens each of its sessions."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.events.programme.sessions.rules import Session, SessionTimes, SessionUnknown
from services.events.programme.sessions.store import Sessions
from services.events.programme.venues.state import Place
from shared.contracts.events import BookableKind
from shared.mongo import Document, Tx
from shared.text import Localized


class Bookable(NamedTuple):
    id: UUID
    kind: BookableKind
    sessions: tuple[Session, ...]
    """The session itself; or all public ones of the course in order of time, also the cancelled."""

    @property
    def held(self) -> tuple[Session, ...]:
        """What its ticket opens: the session, or those of the course that are not cancelled. None
        is left of a course that is cancelled."""
        if self.kind == "session":
            return self.sessions
        return tuple(one for one in self.sessions if one.cancelled is None)

    @property
    def edition_id(self) -> UUID:
        return self.sessions[0].edition_id

    @property
    def published(self) -> bool:
        return self.sessions[0].published

    @property
    def title(self) -> Localized:
        return self._counted[0].title

    @property
    def place(self) -> Place:
        """Of the first session."""
        return self._counted[0].place

    @property
    def starts_at(self) -> datetime:
        """The start of the first session."""
        return self._counted[0].facts.starts_at

    @property
    def ends_at(self) -> datetime:
        """The end of the last session."""
        return max(one.facts.ends_at for one in self._counted)

    @property
    def _counted(self) -> tuple[Session, ...]:
        return self.held or self.sessions


class BookableQueries:
    """Finds what registrations are for. Nothing is stored twice: a course is its sessions."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def find(self, bookable_id: UUID, tx: Tx | None = None) -> Bookable | None:
        rows = self._sessions.documents.find(self.query([bookable_id]), session=tx and tx.session)
        return self.group(await rows.to_list(None)).get(bookable_id)

    async def get(self, bookable_id: UUID, tx: Tx | None = None) -> Bookable:
        """Raises `SessionUnknown`."""
        found = await self.find(bookable_id, tx)
        if found is None:
            raise SessionUnknown
        return found

    def query(self, keys: Collection[UUID]) -> Document:
        """For the sessions of these."""
        these = {"$in": list(keys)}
        return {
            "$or": [{"_id": these}, {"activity_id": these, "of_course": True, "published": True}]
        }

    def group(self, rows: Iterable[Document]) -> dict[UUID, Bookable]:
        """What that query has found, by the ids of sessions and of courses."""
        found: defaultdict[UUID, list[Session]] = defaultdict(list)
        for one in sorted(map(self._sessions.state, rows), key=_by_time):
            found[one.id].append(one)
            if one.of_course:
                found[one.activity_id].append(one)
        return {
            key: Bookable(key, "session" if key == some[0].id else "course", tuple(some))
            for key, some in found.items()
        }

    async def times(self, keys: Collection[UUID]) -> dict[UUID, dict[UUID, SessionTimes]]:
        """When public sessions are, by what is booked: a session its own time, a course those of
        each session that is not cancelled."""
        wanted = {"$and": [self.query(keys), {"published": True}]}
        fields = {
            "activity_id": 1,
            "of_course": 1,
            "cancelled": 1,
            "facts.starts_at": 1,
            "facts.ends_at": 1,
        }
        found: defaultdict[UUID, dict[UUID, SessionTimes]] = defaultdict(dict)
        async for row in self._sessions.documents.find(wanted, fields):
            facts = row["facts"]
            times = SessionTimes(facts["starts_at"], facts["ends_at"])
            if not row["of_course"]:
                found[row["_id"]][row["_id"]] = times
            elif row["cancelled"] is None:
                found[row["activity_id"]][row["_id"]] = times
        return found


def _by_time(one: Session) -> tuple[datetime, UUID]:
    return one.facts.starts_at, one.id
