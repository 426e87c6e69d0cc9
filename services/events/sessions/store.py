from datetime import datetime
from uuid import UUID

from services.events.places.store import PlacesStore
from services.events.sessions import rules
from services.events.sessions.rules import Command, Session, SessionUnknown
from shared.aggregates import Decision, Repository
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, Document, Index, Mongo, Tx
from shared.outbox.store import Outbox
from shared.search import matching, words

INDEXES = [
    Index(
        "sessions",
        [("edition_id", ASCENDING), ("facts.starts_at", ASCENDING), ("_id", ASCENDING)],
    ),
    Index("sessions", [("words", ASCENDING)]),
]


class Sessions(Repository[Session, Command]):
    collection = "sessions"
    model = Session
    missing = SessionUnknown

    def __init__(self, mongo: Mongo, outbox: Outbox, places: PlacesStore) -> None:
        super().__init__(mongo, outbox)
        self._places = places

    def decide(self, state: Session | None, command: Command, now: datetime) -> Decision[Session]:
        return rules.decide(state, command, now)

    def document(self, state: Session) -> Document:
        return super().document(state) | {
            "words": words(state.title.vi, state.title.en or "", state.place.name.vi)
        }

    async def _write(self, tx: Tx, before: Session | None, decision: Decision[Session]) -> Session:
        """A published session's places can be taken: keep their terms in step with it."""
        after = await super()._write(tx, before, decision)
        if after.published and after != before:
            facts = after.facts
            await self._places.open(
                tx, after.id, facts.capacity, opens_at=facts.opens_at, closes_at=facts.closes_at
            )
        return after

    async def published(
        self, edition_id: UUID, text: str, page: PageRequest
    ) -> tuple[list[Session], str | None]:
        """An edition's public sessions in order of time."""
        query: Document = {
            "edition_id": edition_id,
            "published": True,
            **matching("words", text),
        }
        by_time = [("facts.starts_at", 1), ("_id", 1)]
        found, following = await read_page(self.documents, query, by_time, page)
        return [self.state(document) for document in found], following
