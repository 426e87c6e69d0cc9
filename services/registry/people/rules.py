"""A person: their contact details, their language, and their roles."""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from uuid import UUID

from services.registry.people.contact import email_key
from shared.aggregates import Aggregate, Decision
from shared.contracts.registry import PersonContactChanged, PersonRegistered
from shared.errors import Conflict, NotFound
from shared.roles import Role
from shared.text import Language


class PersonUnknown(NotFound):
    code = "person.unknown"
    vi = "Không tìm thấy người này."
    en = "There is no such person."


class EmailTaken(Conflict):
    code = "person.email_taken"
    vi = "Địa chỉ e-mail này đã thuộc về một tài khoản khác."
    en = "This e-mail address belongs to another account."


class Person(Aggregate):
    email: str
    email_key: str
    phone: str | None = None  # E.164
    name: str | None = None  # surname first, as Vietnamese names are written
    language: Language = "vi"
    roles: tuple[Role, ...] = ()
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class Register:
    person_id: UUID
    email: str
    language: Language
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeContact:
    name: str | None
    phone: str | None
    language: Language


@dataclass(frozen=True, slots=True)
class SetRoles:
    roles: tuple[Role, ...]


Command = Register | ChangeContact | SetRoles


def decide(person: Person | None, command: Command, now: datetime) -> Decision[Person]:
    if isinstance(command, Register):
        return _register(person, command, now)
    if person is None:
        raise PersonUnknown
    match command:
        case ChangeContact():
            after = person.changed(
                name=command.name, phone=command.phone, language=command.language
            )
            return Decision(after, (_contact(after),) if after != person else ())
        case SetRoles():
            return Decision(person.changed(roles=tuple(sorted(set(command.roles)))))
        case _:
            assert_never(command)


def _register(person: Person | None, command: Register, now: datetime) -> Decision[Person]:
    if person is not None:
        return Decision(person)  # they are registered already
    after = Person(
        id=command.person_id,
        email=command.email,
        email_key=email_key(command.email),
        language=command.language,
        roles=command.roles,
        registered_at=now,
    )
    told = PersonRegistered(person_id=after.id, email=after.email, language=after.language)
    return Decision(after, (told,))


def _contact(person: Person) -> PersonContactChanged:
    return PersonContactChanged(
        person_id=person.id,
        email=person.email,
        phone=person.phone,
        name=person.name,
        language=person.language,
    )
