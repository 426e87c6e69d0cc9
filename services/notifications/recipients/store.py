"""Recipients: the contact details of people, a projection of the registry's events.

It is the only copy outside the registry.
"""

from uuid import UUID

from pydantic import BaseModel

from shared.contracts.registry import PersonContactChanged, PersonRegistered
from shared.mongo import Mongo, Tx
from shared.projections import project
from shared.text import Language


class NotKnownYet(Exception):
    """An event of another service has not arrived here yet. The delivery is tried again later."""


class Recipient(BaseModel):
    person_id: UUID
    email: str
    phone: str | None
    name: str | None
    language: Language


class Recipients:
    def __init__(self, mongo: Mongo) -> None:
        self._documents = mongo.collection("recipients")

    async def learn(
        self, tx: Tx, contact: PersonRegistered | PersonContactChanged, sequence: int
    ) -> None:
        fields = contact.model_dump(include={"email", "phone", "name", "language"})
        await project(tx, self._documents, contact.person_id, fields, sequence)

    async def get(self, person_id: UUID, tx: Tx | None = None) -> Recipient:
        """Raises `NotKnownYet`."""
        found = await self._documents.find_one({"_id": person_id}, session=tx and tx.session)
        if found is None:
            raise NotKnownYet(f"person {person_id}")
        return Recipient.model_validate({"person_id": person_id, **found})
