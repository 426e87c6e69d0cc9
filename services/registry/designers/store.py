"""Profiles of designers, with the search of the public directory."""

from services.registry.designers import rules
from services.registry.designers.rules import Command, Profile, ProfileUnknown
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, Document, Index
from shared.repositories import Repository
from shared.search import matching, words

INDEXES = [
    Index("designers", [("words", ASCENDING)]),
    Index("designers", [("public_name", ASCENDING), ("_id", ASCENDING)]),
    Index("designers", [("status", ASCENDING), ("changed_at", ASCENDING), ("_id", ASCENDING)]),
]


class Profiles(Repository[Profile, Command]):
    collection = "designers"
    model = Profile
    decide = staticmethod(rules.decide)
    not_found_error = ProfileUnknown

    def document(self, state: Profile) -> Document:
        public = state.published
        return super().document(state) | {
            "public_name": public.display_name if public else None,
            "words": words(public.display_name, public.bio, *public.disciplines) if public else [],
        }

    async def search(
        self, text: str, discipline: str | None, page: PageRequest
    ) -> tuple[list[Profile], str | None]:
        """Public profiles. Each word of `text` is the beginning of a word of the profile."""
        query: Document = {"public_name": {"$ne": None}, **matching("words", text)}
        if discipline is not None:
            query["published.disciplines"] = discipline
        by_name = [("public_name", 1), ("_id", 1)]
        found, following = await read_page(self.documents, query, by_name, page)
        return [self.state(document) for document in found], following

    async def waiting(self, page: PageRequest) -> tuple[list[Profile], str | None]:
        """Profiles that wait for a registrar, the one that waits longest first."""
        by_age = [("changed_at", 1), ("_id", 1)]
        found, following = await read_page(
            self.documents, {"status": rules.Status.SUBMITTED.value}, by_age, page
        )
        return [self.state(document) for document in found], following
