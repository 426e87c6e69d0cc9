"""The signed-in person; people and their roles, for administrators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ConfigDict
from starlette.responses import Response

from services.registry.dependencies import Admin, AllPeople
from services.registry.people.contact import Email, Phone
from services.registry.people.rules import ChangeContact, Person, PersonUnknown, SetRoles
from shared.errors import PreconditionFailed
from shared.http.access import SignedIn
from shared.http.execute import Execute, reply
from shared.http.problems import problems
from shared.roles import Role
from shared.schema import Schema, example
from shared.text import Language, Line

router = APIRouter(prefix="/v1", tags=["people"])


class PersonView(Schema):
    """A person as the registry knows them."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                "email": "lan@example.com",
                "phone": "+84912345678",
                "name": "Nguyễn Thị Lan",
                "language": "vi",
                "roles": [],
            }
        )
    )

    id: UUID
    """The person's id, by which all services know them."""
    email: str
    """Their e-mail address, by which they sign in."""
    phone: str | None
    """Their phone number in E.164, such as `+84912345678`."""
    name: str | None
    """Their name, surname first, as Vietnamese names are written. Null until they say it."""
    language: Language
    """The language in which messages reach them."""
    roles: tuple[Role, ...]
    """Their roles on the platform; empty for participants."""

    @classmethod
    def of(cls, person: Person) -> "PersonView":
        return cls.model_validate(person, from_attributes=True)


class Contact(Schema):
    """How a person is called and reached. It replaces what was there."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"name": "Nguyễn Thị Lan", "phone": "0912 345 678", "language": "vi"}
        )
    )

    name: Line | None = None
    """The name, surname first, as Vietnamese names are written."""
    phone: Phone | None = None
    """A phone number in use; without a country code it is Vietnamese. Kept in E.164."""
    language: Language = "vi"
    """The language in which messages are to reach them."""


class Roles(Schema):
    """The roles that a person has from now on."""

    model_config = ConfigDict(json_schema_extra=example({"roles": ["organiser", "gate"]}))

    roles: tuple[Role, ...]
    """All of them: a role that is not named is taken away."""


@router.get("/me", response_model=PersonView, responses=problems(PersonUnknown))
async def read_me(who: SignedIn, people: AllPeople) -> Response:
    """The signed-in person, as the registry knows them."""
    person = await people.get(who.person_id)
    return reply(PersonView.of(person), version=person.version).response()


@router.put("/me", response_model=PersonView, responses=problems(PersonUnknown, PreconditionFailed))
async def update_me(body: Contact, who: SignedIn, people: AllPeople, execute: Execute) -> Response:
    """Replace one's own name, phone and language. The e-mail address cannot be changed."""
    return await execute(
        people, who.person_id, ChangeContact(body.name, body.phone, body.language), PersonView.of
    )


@router.get("/people", response_model=PersonView, responses=problems(PersonUnknown))
async def find_person(
    who: Admin,
    people: AllPeople,
    email: Annotated[Email, Query(max_length=254, description="Upper or lower case.")],
) -> Response:
    """The person with that e-mail address."""
    person = await people.by_email(email)
    if person is None:
        raise PersonUnknown
    return reply(PersonView.of(person), version=person.version).response()


@router.put(
    "/people/{person_id}/roles",
    response_model=PersonView,
    responses=problems(PersonUnknown, PreconditionFailed),
)
async def set_roles(
    person_id: UUID, body: Roles, who: Admin, people: AllPeople, execute: Execute
) -> Response:
    """Give a person exactly these roles. They hold from the next access token on."""
    return await execute(people, person_id, SetRoles(body.roles), PersonView.of)
