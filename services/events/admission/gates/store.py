from uuid import UUID

from services.events.admission.gates import rules
from services.events.admission.gates.rules import Describe, Gate, GateUnknown
from shared.mongo import ASCENDING, Document, Index
from shared.repositories import Repository

INDEXES = [Index("gates", [("edition_id", ASCENDING)])]


class Gates(Repository[Gate, Describe]):
    collection = "gates"
    model = Gate
    decide = staticmethod(rules.decide)
    not_found_error = GateUnknown

    def document(self, state: Gate) -> Document:
        fields = super().document(state)
        facts = {name: _plain(value) for name, value in fields["facts"].items()}
        return fields | {"facts": facts}

    async def of_edition(self, edition_id: UUID) -> list[Gate]:
        rows = self.documents.find({"edition_id": edition_id}).sort("_id", 1)
        return [self.state(row) for row in await rows.to_list(None)]


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else value
