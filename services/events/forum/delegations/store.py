"""The collection `delegations`."""

from collections.abc import Iterable
from uuid import UUID

from services.events.forum.delegations import rules
from services.events.forum.delegations.rules import (
    HOME_COUNTRY,
    Delegation,
    DelegationUnknown,
    Describe,
)
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, Index
from shared.repositories import Repository

INDEXES = [Index("delegations", [("edition_id", ASCENDING), ("_id", ASCENDING)])]


class Delegations(Repository[Delegation, Describe]):
    collection = "delegations"
    model = Delegation
    decide = staticmethod(rules.decide)
    not_found_error = DelegationUnknown

    async def of_edition(
        self, edition_id: UUID, page: PageRequest
    ) -> tuple[list[Delegation], str | None]:
        query = {"edition_id": edition_id}
        found, following = await read_page(self.documents, query, [("_id", 1)], page)
        return [self.state(row) for row in found], following

    async def foreign(self, keys: Iterable[UUID]) -> set[UUID]:
        """The delegations among these that come from another country."""
        query = {"_id": {"$in": list(keys)}, "facts.country": {"$ne": HOME_COUNTRY}}
        return {row["_id"] async for row in self.documents.find(query, {"_id": 1})}
