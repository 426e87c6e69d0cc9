from datetime import datetime
from uuid import UUID

from services.events.admission.gates import rules
from services.events.admission.gates.rules import Describe, Gate, GateUnknown
from shared.aggregates import Decision, Repository
from shared.mongo import ASCENDING, Document, Index

INDEXES = [Index("gates", [("edition_id", ASCENDING)])]


class Gates(Repository[Gate, Describe]):
    collection = "gates"
    model = Gate
    missing = GateUnknown

    def decide(self, state: Gate | None, command: Describe, now: datetime) -> Decision[Gate]:
        return rules.decide(state, command, now)

    def document(self, state: Gate) -> Document:
        fields = super().document(state)
        facts = {name: _plain(value) for name, value in fields["facts"].items()}
        return fields | {"facts": facts}

    async def of_edition(self, edition_id: UUID) -> list[Gate]:
        rows = self.documents.find({"edition_id": edition_id}).sort("_id", 1)
        return [self.state(row) for row in await rows.to_list(None)]


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else value
