"""Initiatives."""

from typing import ClassVar

from services.programme.initiatives import rules
from services.programme.initiatives.rules import (
    Describe,
    Initiative,
    InitiativeSlugTaken,
    InitiativeUnknown,
)
from shared.mongo import ASCENDING, Index
from shared.repositories import Repository

INDEXES = [Index("initiatives", [("slug", ASCENDING)], unique=True)]


class Initiatives(Repository[Initiative, Describe]):
    collection = "initiatives"
    model = Initiative
    decide = staticmethod(rules.decide)
    not_found_error = InitiativeUnknown
    duplicate_errors: ClassVar = {"slug": InitiativeSlugTaken}

    async def all(self) -> list[Initiative]:
        by_scope = [("facts.scope", -1), ("slug", 1)]
        return [self.state(row) async for row in self.documents.find().sort(by_scope)]
