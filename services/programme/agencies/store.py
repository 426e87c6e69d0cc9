"""Agencies, by slug."""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from services.programme.agencies import rules
from services.programme.agencies.rules import Agency, AgencySlugTaken, AgencyUnknown, Describe
from shared.mongo import ASCENDING, Index
from shared.repositories import Repository

INDEXES = [Index("agencies", [("slug", ASCENDING)], unique=True)]


class Agencies(Repository[Agency, Describe]):
    collection = "agencies"
    model = Agency
    decide = staticmethod(rules.decide)
    not_found_error = AgencyUnknown
    duplicate_errors: ClassVar = {"slug": AgencySlugTaken}

    async def all(self) -> list[Agency]:
        return [self.state(row) async for row in self.documents.find().sort("slug", 1)]

    async def must_exist(self, keys: Iterable[UUID]) -> None:
        """Raises `AgencyUnknown` if there is no agency with one of these ids."""
        wanted = set(keys)
        if await self.documents.count_documents({"_id": {"$in": list(wanted)}}) != len(wanted):
            raise AgencyUnknown
