"""Creative spaces, with the search of the public ones."""

from typing import ClassVar

from services.registry.spaces import rules
from services.registry.spaces.rules import Command, SlugTaken, Space, SpaceUnknown
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, Document, Index
from shared.repositories import Repository
from shared.search import matching, words

INDEXES = [
    Index("spaces", [("slug", ASCENDING)], unique=True),
    Index("spaces", [("words", ASCENDING)]),
]


class Spaces(Repository[Space, Command]):
    collection = "spaces"
    model = Space
    decide = staticmethod(rules.decide)
    not_found_error = SpaceUnknown
    duplicate_errors: ClassVar = {"slug": SlugTaken}

    def document(self, state: Space) -> Document:
        facts = state.facts
        return super().document(state) | {
            "words": words(facts.name.vi, facts.name.en or "", facts.address, facts.ward)
        }

    async def search(
        self, text: str, kind: rules.SpaceKind | None, page: PageRequest
    ) -> tuple[list[Space], str | None]:
        """Public spaces, by slug."""
        query: Document = {"public": True, **matching("words", text)}
        if kind is not None:
            query["facts.kind"] = kind.value
        found, following = await read_page(self.documents, query, [("slug", 1), ("_id", 1)], page)
        return [self.state(document) for document in found], following
