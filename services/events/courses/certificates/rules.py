"""A certificate: somebody attended enough of a course. It is issued once and never deleted.

    issued ──enter the name──▶ named ──erase the name──▶ nameless        revoked, from any of them

The name to print is entered by the holder or by staff. No event, audit row or stored answer has it.
It can be erased; the certificate stays valid without it.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.events.courses.certificates.errors import (
    CertificateNamed,
    CertificateNameless,
    CertificateRevoked,
    CertificateUnknown,
    NameUnprintable,
)
from shared.aggregates import Aggregate, Decision
from shared.contracts import events
from shared.contracts.base import Event
from shared.text import Localized

_PUNCTUATION = frozenset(" .,'’-–()·")


class Completion(BaseModel):
    """The course and the attendance, as they were when it was issued."""

    model_config = ConfigDict(frozen=True)

    course_id: UUID
    title: Localized
    starts_at: datetime
    ends_at: datetime
    attended: int  # sessions
    held: int


class Revocation(BaseModel):
    model_config = ConfigDict(frozen=True)

    at: datetime
    by: UUID
    reason: str  # for the staff


class Certificate(Aggregate):
    number: str
    code: str  # printed on the certificate; it shows the name to whoever enters it
    registration_id: UUID
    person_id: UUID
    completion: Completion
    issued_at: datetime
    issued_by: UUID
    name: str | None = None
    erased_at: datetime | None = None
    revoked: Revocation | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """`number` and `code` are made for this command."""

    certificate_id: UUID
    number: str
    code: str
    registration_id: UUID
    person_id: UUID
    completion: Completion
    by: UUID
    name: str | None


@dataclass(frozen=True, slots=True)
class Name:
    text: str
    by_staff: bool


@dataclass(frozen=True, slots=True)
class EraseName:
    pass


@dataclass(frozen=True, slots=True)
class Revoke:
    by: UUID
    reason: str


Command = Issue | Name | EraseName | Revoke


def decide(one: Certificate | None, command: Command, now: datetime) -> Decision[Certificate]:
    if isinstance(command, Issue):
        return _issue(one, command, now)
    if one is None:
        raise CertificateUnknown
    match command:
        case Name():
            return _named(one, command)
        case EraseName():
            if one.name is None:
                return Decision(one)
            return Decision(one.changed(name=None, erased_at=now))
        case Revoke():
            if one.revoked is not None:
                return Decision(one)
            after = one.changed(revoked=Revocation(at=now, by=command.by, reason=command.reason))
            return Decision(after, (_revoked(after, now),))
        case _:
            assert_never(command)


def _issue(one: Certificate | None, command: Issue, now: datetime) -> Decision[Certificate]:
    if one is not None:
        return Decision(one)
    if command.name is not None:
        check_printable(command.name)
    made = Certificate(
        id=command.certificate_id,
        number=command.number,
        code=command.code,
        registration_id=command.registration_id,
        person_id=command.person_id,
        completion=command.completion,
        issued_at=now,
        issued_by=command.by,
        name=command.name,
    )
    return Decision(made, (_issued(made),))


def _named(one: Certificate, command: Name) -> Decision[Certificate]:
    """The holder enters it only once: a certificate must not be passed on. Staff may correct it."""
    if one.revoked is not None:
        raise CertificateRevoked
    if not command.by_staff and (one.name or one.erased_at) and command.text != one.name:
        raise CertificateNamed
    check_printable(command.text)
    return Decision(one.changed(name=command.text))


def check_printable(name: str) -> None:
    """Our font has only Latin letters (printing/house.typ). Raises `NameUnprintable`."""
    for char in name:
        if char not in _PUNCTUATION and not unicodedata.name(char, "").startswith("LATIN "):
            raise NameUnprintable(character=char)


def name_to_print(one: Certificate) -> str:
    """Raises `CertificateRevoked`, `CertificateNameless`."""
    if one.revoked is not None:
        raise CertificateRevoked
    if one.name is None:
        raise CertificateNameless
    return one.name


def _issued(one: Certificate) -> Event:
    return events.CertificateIssued(
        certificate_id=one.id,
        number=one.number,
        course_id=one.completion.course_id,
        registration_id=one.registration_id,
        person_id=one.person_id,
        issued_at=one.issued_at,
    )


def _revoked(one: Certificate, now: datetime) -> Event:
    return events.CertificateRevoked(
        certificate_id=one.id,
        number=one.number,
        course_id=one.completion.course_id,
        person_id=one.person_id,
        revoked_at=now,
    )
