"""The signed-in person; people and their roles, for administrators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.responses import Response

from services.registry.dependencies import Admin, AllPeople
from services.registry.people.contact import Email, Phone
from services.registry.people.rules import ChangeContact, Person, PersonUnknown, SetRoles
from shared.errors import PreconditionFailed
from shared.http.access import SignedIn
from shared.http.execute import Execute, reply
from shared.http.problems import problems
from shared.roles import Role
from shared.text import Language, Line

router = APIRouter(prefix="/v1", tags=["people"])


class PersonView(BaseModel):
    id: UUID
    email: str
    phone: str | None
    name: str | None
    language: Language
    roles: tuple[Role, ...]

    @classmethod
    def of(cls, person: Person) -> "PersonView":
        return cls.model_validate(person, from_attributes=True)


class Contact(BaseModel):
    name: Line | None = None
    phone: Phone | None = None
    language: Language = "vi"


class Roles(BaseModel):
    roles: tuple[Role, ...]


@router.get("/me", response_model=PersonView, responses=problems(PersonUnknown))
async def read_me(who: SignedIn, people: AllPeople) -> Response:
    """The signed-in person, as the registry knows them."""
    person = await people.get(who.person_id)
    return reply(PersonView.of(person), version=person.version).response()


@router.put("/me", response_model=PersonView, responses=problems(PersonUnknown, PreconditionFailed))
async def change_me(body: Contact, who: SignedIn, people: AllPeople, execute: Execute) -> Response:
    """Replace name, phone and language. The e-mail address is who one is, and stays."""
    return await execute(
        people, who.person_id, ChangeContact(body.name, body.phone, body.language), PersonView.of
    )


@router.get("/people", response_model=PersonView, responses=problems(PersonUnknown))
async def find_person(
    who: Admin, people: AllPeople, email: Annotated[Email, Query(max_length=254)]
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
    """Give a person exactly these jobs. They count from their next access token."""
    return await execute(people, person_id, SetRoles(body.roles), PersonView.of)
