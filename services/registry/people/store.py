from datetime import datetime
from typing import ClassVar

from services.registry.people import rules
from services.registry.people.contact import email_key
from services.registry.people.rules import Command, EmailTaken, Person, PersonUnknown
from shared.aggregates import Decision, Repository
from shared.mongo import ASCENDING, Index, Tx

INDEXES = [Index("people", [("email_key", ASCENDING)], unique=True)]


class People(Repository[Person, Command]):
    collection = "people"
    model = Person
    missing = PersonUnknown
    taken: ClassVar = {"email_key": EmailTaken}

    def decide(self, state: Person | None, command: Command, now: datetime) -> Decision[Person]:
        return rules.decide(state, command, now)

    async def by_email(self, email: str, tx: Tx | None = None) -> Person | None:
        found = await self.documents.find_one(
            {"email_key": email_key(email)}, session=tx and tx.session
        )
        return None if found is None else self.state(found)
