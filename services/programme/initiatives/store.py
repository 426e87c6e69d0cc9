from datetime import datetime
from typing import ClassVar

from services.programme.initiatives import rules
from services.programme.initiatives.rules import (
    Describe,
    Initiative,
    InitiativeSlugTaken,
    InitiativeUnknown,
)
from shared.aggregates import Decision, Repository
from shared.mongo import ASCENDING, Index

INDEXES = [Index("initiatives", [("slug", ASCENDING)], unique=True)]


class Initiatives(Repository[Initiative, Describe]):
    collection = "initiatives"
    model = Initiative
    missing = InitiativeUnknown
    taken: ClassVar = {"slug": InitiativeSlugTaken}

    def decide(
        self, state: Initiative | None, command: Describe, now: datetime
    ) -> Decision[Initiative]:
        return rules.decide(state, command, now)

    async def all(self) -> list[Initiative]:
        by_scope = [("facts.scope", -1), ("slug", 1)]
        return [self.state(row) async for row in self.documents.find().sort(by_scope)]
