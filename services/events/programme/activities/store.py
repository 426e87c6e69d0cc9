"""The collection `activities`, with the words that people search for."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.events.programme.activities import rules
from services.events.programme.activities.queries import ActivityFilter
from services.events.programme.activities.rules import Activity, ActivityUnknown, Describe
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, Document, Index, Tx
from shared.repositories import Repository
from shared.search import matching, words
from shared.text import Localized

INDEXES = [
    Index("activities", [("edition_id", ASCENDING), ("_id", ASCENDING)]),
    Index("activities", [("edition_id", ASCENDING), ("facts.strand_id", ASCENDING)]),
    Index("activities", [("edition_id", ASCENDING), ("facts.disciplines", ASCENDING)]),
    Index("activities", [("edition_id", ASCENDING), ("facts.goals", ASCENDING)]),
    Index("activities", [("words", ASCENDING)]),
]


class Activities(Repository[Activity, Describe]):
    collection = "activities"
    model = Activity
    decide = staticmethod(rules.decide)
    not_found_error = ActivityUnknown

    def document(self, state: Activity) -> Document:
        facts = state.facts
        return super().document(state) | {
            "words": words(facts.title.vi, facts.title.en or "", facts.about.vi, facts.about.en)
        }

    async def titles(self, tx: Tx, keys: Iterable[UUID]) -> dict[UUID, Localized]:
        query = {"_id": {"$in": list(keys)}}
        rows = self.documents.find(query, {"facts.title": 1}, session=tx.session)
        return {
            row["_id"]: Localized.model_validate(row["facts"]["title"])
            for row in await rows.to_list(None)
        }

    async def people(
        self, query: Document, tx: Tx | None = None
    ) -> dict[UUID, tuple[list[UUID], list[UUID]]]:
        """The hosts and the speakers of each activity of which this is true."""
        fields = {"facts.hosts": 1, "facts.speakers": 1}
        rows = self.documents.find(query, fields, session=tx and tx.session)
        return {
            row["_id"]: (row["facts"]["hosts"], row["facts"]["speakers"])
            for row in await rows.to_list(None)
        }

    async def strands(self, edition_id: UUID) -> dict[UUID, UUID | None]:
        """The strand of each activity of an edition; None if it has none."""
        rows = self.documents.find({"edition_id": edition_id}, {"facts.strand_id": 1})
        return {row["_id"]: row["facts"].get("strand_id") for row in await rows.to_list(None)}

    async def of_edition(
        self, edition_id: UUID, wanted: ActivityFilter, text: str, page: PageRequest, **query: Any
    ) -> tuple[list[Activity], str | None]:
        """An edition's activities that match the filter, the text and the query."""
        matches = {"edition_id": edition_id, **wanted.query(), **query, **matching("words", text)}
        found, following = await read_page(self.documents, matches, [("_id", 1)], page)
        return [self.state(document) for document in found], following

    async def all_of_edition(self, edition_id: UUID) -> list[Activity]:
        rows = await self.documents.find({"edition_id": edition_id}).to_list(None)
        return [self.state(row) for row in rows]

    async def ids(self, edition_id: UUID, wanted: ActivityFilter) -> list[UUID]:
        query = {"edition_id": edition_id, **wanted.query()}
        rows = await self.documents.find(query, {"_id": 1}).to_list(None)
        return [row["_id"] for row in rows]

    async def is_named(self, edition_id: UUID, person_id: UUID) -> bool:
        """True if this person is a host or speaker of one of the edition's activities."""
        named = [{"facts.hosts": person_id}, {"facts.speakers": person_id}]
        query = {"edition_id": edition_id, "$or": named}
        return await self.documents.find_one(query, {"_id": 1}) is not None
