"""The collection `editions`."""

from typing import ClassVar

from services.events.programme.editions import rules
from services.events.programme.editions.rules import (
    Command,
    Edition,
    EditionSlugTaken,
    EditionUnknown,
)
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, DESCENDING, Index
from shared.repositories import Repository

INDEXES = [
    Index("editions", [("slug", ASCENDING)], unique=True),
    Index("editions", [("facts.starts_on", DESCENDING), ("_id", ASCENDING)]),
]


class Editions(Repository[Edition, Command]):
    collection = "editions"
    model = Edition
    decide = staticmethod(rules.decide)
    not_found_error = EditionUnknown
    duplicate_errors: ClassVar = {"slug": EditionSlugTaken}

    async def by_slug(self, slug: str) -> Edition:
        found = await self.documents.find_one({"slug": slug})
        if found is None:
            raise EditionUnknown
        return self.state(found)

    async def announced(self, page: PageRequest) -> tuple[list[Edition], str | None]:
        """Public editions, the latest first."""
        newest = [("facts.starts_on", -1), ("_id", 1)]
        found, following = await read_page(self.documents, {"announced": True}, newest, page)
        return [self.state(document) for document in found], following
