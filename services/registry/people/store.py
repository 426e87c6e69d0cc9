"""People, by their e-mail address."""

from typing import ClassVar

from services.registry.people import rules
from services.registry.people.contact import email_key
from services.registry.people.rules import Command, EmailTaken, Person, PersonUnknown
from shared.mongo import ASCENDING, Index, Tx
from shared.repositories import Repository

INDEXES = [Index("people", [("email_key", ASCENDING)], unique=True)]


class People(Repository[Person, Command]):
    collection = "people"
    model = Person
    decide = staticmethod(rules.decide)
    not_found_error = PersonUnknown
    duplicate_errors: ClassVar = {"email_key": EmailTaken}

    async def by_email(self, email: str, tx: Tx | None = None) -> Person | None:
        found = await self.documents.find_one(
            {"email_key": email_key(email)}, session=tx and tx.session
        )
        return None if found is None else self.state(found)
