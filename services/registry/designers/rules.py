"""A designer's profile: the designer writes it, a registrar approves it, then it is public.

The public text is the one that was approved. Later edits are public only after another approval.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, assert_never
from uuid import UUID

from pydantic import ConfigDict, Field, HttpUrl, PlainSerializer

from shared.aggregates import Aggregate, Decision
from shared.contracts.base import Event
from shared.contracts.registry import DesignerApproved, DesignerReturned, DesignerSubmitted
from shared.errors import Conflict, NotFound
from shared.schema import Schema, example
from shared.text import Line, Prose

Discipline = Annotated[str, Field(pattern=r"^[a-z][a-z-]{1,39}$")]
"""A field of design as a short word: `architecture`, `graphic`, `craft`, `fashion`, …"""

Link = Annotated[HttpUrl, PlainSerializer(str)]


class ProfileUnknown(NotFound):
    code = "designer.unknown"
    vi = "Không tìm thấy hồ sơ nhà thiết kế."
    en = "There is no such designer profile."


class NothingToReview(Conflict):
    code = "designer.not_submitted"
    vi = "Hồ sơ này không chờ duyệt."
    en = "This profile is not waiting for review."


class AlreadySubmitted(Conflict):
    code = "designer.under_review"
    vi = "Hồ sơ đang chờ duyệt, chưa sửa được."
    en = "The profile is under review and cannot be edited now."


class NothingNew(Conflict):
    code = "designer.nothing_new"
    vi = "Hồ sơ đã được duyệt và chưa có gì thay đổi."
    en = "The profile is approved and nothing has changed since."


class Status(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"


class ProfileContent(Schema):
    """What a designer says of themselves."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "display_name": "Xưởng Giấy Dó Lan Phạm",
                "bio": "Làm giấy dó và đèn giấy ở làng Phong Khê từ năm 2015.",
                "disciplines": ["craft", "graphic"],
                "links": ["https://giaydo.example/"],
            }
        ),
    )

    display_name: Line
    """The name in the public directory: a person's or a studio's."""
    bio: Prose = ""
    """Who they are and what they make; shown in the public directory."""
    disciplines: Annotated[tuple[Discipline, ...], Field(min_length=1, max_length=10)]
    """Fields of design, each as a short word: `architecture`, `graphic`, `craft`, `fashion`, …"""
    links: Annotated[tuple[Link, ...], Field(max_length=10)] = ()
    """Addresses of their own pages, shown in the public directory."""


class Profile(Aggregate):
    """`id` is the person's id, so a person has one profile."""

    status: Status
    content: ProfileContent
    published: ProfileContent | None = None  # as last approved
    note: str | None = None  # why it was returned
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    designer_id: UUID
    content: ProfileContent


@dataclass(frozen=True, slots=True)
class Submit:
    pass


@dataclass(frozen=True, slots=True)
class Approve:
    pass


@dataclass(frozen=True, slots=True)
class Return:
    note: str


Command = Draft | Submit | Approve | Return


def decide(profile: Profile | None, command: Command, now: datetime) -> Decision[Profile]:
    if isinstance(command, Draft):
        return _draft(profile, command, now)
    if profile is None:
        raise ProfileUnknown
    match command:
        case Submit():
            if profile.status is Status.APPROVED:
                raise NothingNew
            _must_be(profile, Status.DRAFT, Status.RETURNED, otherwise=AlreadySubmitted)
            return _to(profile, Status.SUBMITTED, now, DesignerSubmitted(designer_id=profile.id))
        case Approve():
            _must_be(profile, Status.SUBMITTED, otherwise=NothingToReview)
            approved = DesignerApproved(
                designer_id=profile.id, disciplines=profile.content.disciplines
            )
            return _to(profile.changed(published=profile.content), Status.APPROVED, now, approved)
        case Return():
            _must_be(profile, Status.SUBMITTED, otherwise=NothingToReview)
            returned = DesignerReturned(designer_id=profile.id)
            return _to(profile.changed(note=command.note), Status.RETURNED, now, returned)
        case _:
            assert_never(command)


def _draft(profile: Profile | None, command: Draft, now: datetime) -> Decision[Profile]:
    if profile is None:
        return Decision(
            Profile(
                id=command.designer_id,
                status=Status.DRAFT,
                content=command.content,
                changed_at=now,
            )
        )
    _must_be(profile, Status.DRAFT, Status.RETURNED, Status.APPROVED, otherwise=AlreadySubmitted)
    if command.content == profile.content:
        return Decision(profile)
    return Decision(
        profile.changed(status=Status.DRAFT, content=command.content, note=None, changed_at=now)
    )


def _must_be(profile: Profile, *allowed: Status, otherwise: type[Conflict]) -> None:
    if profile.status not in allowed:
        raise otherwise


def _to(profile: Profile, status: Status, now: datetime, event: Event) -> Decision[Profile]:
    return Decision(profile.changed(status=status, changed_at=now), (event,))
