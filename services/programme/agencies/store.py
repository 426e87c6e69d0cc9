from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from services.programme.agencies import rules
from services.programme.agencies.rules import Agency, AgencySlugTaken, AgencyUnknown, Describe
from shared.aggregates import Decision, Repository
from shared.mongo import ASCENDING, Index

INDEXES = [Index("agencies", [("slug", ASCENDING)], unique=True)]


class Agencies(Repository[Agency, Describe]):
    collection = "agencies"
    model = Agency
    missing = AgencyUnknown
    taken: ClassVar = {"slug": AgencySlugTaken}

    def decide(self, state: Agency | None, command: Describe, now: datetime) -> Decision[Agency]:
        return rules.decide(state, command, now)

    async def all(self) -> list[Agency]:
        return [self.state(row) async for row in self.documents.find().sort("slug", 1)]

    async def must_exist(self, keys: Iterable[UUID]) -> None:
        """Raises `AgencyUnknown` if one of them is none of ours."""
        wanted = set(keys)
        if await self.documents.count_documents({"_id": {"$in": list(wanted)}}) != len(wanted):
            raise AgencyUnknown
