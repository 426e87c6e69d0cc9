"""The events of `services/registry`: people (only for `notifications`), designers, spaces."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Event, Personal
from shared.text import Language, Localized


class PersonChallenged(Event):
    """Somebody wants to sign in with this address: send the one-time code there, soon."""

    type: Literal["registry.person.challenged.v1"] = "registry.person.challenged.v1"
    person_id: UUID
    email: Personal
    code: Personal
    language: Language
    expires_at: datetime


class PersonRegistered(Event):
    """A new person, and how to contact them."""

    type: Literal["registry.person.registered.v1"] = "registry.person.registered.v1"
    person_id: UUID
    email: Personal
    phone: Personal | None = None  # E.164
    name: Personal | None = None
    language: Language


class PersonContactChanged(Event):
    """All contact details of a person, after a change."""

    type: Literal["registry.person.contact_changed.v1"] = "registry.person.contact_changed.v1"
    person_id: UUID
    email: Personal
    phone: Personal | None = None
    name: Personal | None = None
    language: Language


class DesignerSubmitted(Event):
    """A profile waits for a registrar. `designer_id` is the person's id."""

    type: Literal["registry.designer.submitted.v1"] = "registry.designer.submitted.v1"
    designer_id: UUID


class DesignerApproved(Event):
    """A profile is in the public directory."""

    type: Literal["registry.designer.approved.v1"] = "registry.designer.approved.v1"
    designer_id: UUID
    disciplines: tuple[str, ...]


class DesignerReturned(Event):
    """A registrar asks for changes first. The reason is only in the registry."""

    type: Literal["registry.designer.returned.v1"] = "registry.designer.returned.v1"
    designer_id: UUID


class SpacePublished(Event):
    """A creative space or venue is public, or its public facts have changed."""

    type: Literal["registry.space.published.v1"] = "registry.space.published.v1"
    space_id: UUID
    slug: str
    name: Localized
    kind: str
    address: str
    ward: str
    capacity: Annotated[int, Field(ge=0)] | None = None  # people, where known
