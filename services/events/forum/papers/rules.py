"""Papers of a forum: submitted, accepted or declined, presented in a session.

The file is stored elsewhere. Here are its address and its SHA-256, so that a reader can check that
it is the file that was accepted.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self, assert_never
from uuid import UUID

from pydantic import ConfigDict, Field, HttpUrl, StringConstraints, model_validator
from pydantic.functional_serializers import PlainSerializer
from pydantic.networks import UrlConstraints

from shared.aggregates import Aggregate, Decision
from shared.errors import Conflict, NotFound
from shared.schema import Schema, example
from shared.text import Line, WrittenProse


class PaperUnknown(NotFound):
    code = "paper.unknown"
    vi = "Không tìm thấy tham luận này."
    en = "There is no such paper."


class PaperDecided(Conflict):
    code = "paper.decided"
    vi = "Tham luận này đã được xét duyệt, không sửa được nữa."
    en = "This paper has been reviewed and can no longer be changed."


class PaperNotAccepted(Conflict):
    code = "paper.not_accepted"
    vi = "Tham luận này chưa được chấp nhận."
    en = "This paper has not been accepted."


class NotOfThisForum(Conflict):
    code = "paper.other_forum"
    vi = "Buổi này không thuộc diễn đàn của tham luận."
    en = "This session does not belong to the paper's forum."


class PaperStatus(StrEnum):
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    PRESENTED = "presented"
    WITHDRAWN = "withdrawn"  # by the person who submitted it


PUBLIC = frozenset({PaperStatus.ACCEPTED, PaperStatus.PRESENTED})


class Author(Schema):
    """A person of the registry, or a name as the author wants it printed, or both."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "person_id": None,
                "name": "Trần Thu Hà",
                "affiliation": "Đại học Mỹ thuật Công nghiệp",
            }
        ),
    )

    person_id: UUID | None = None
    """The author, if they are in the registry."""
    name: Line | None = None
    """The name, as it is to be printed."""
    affiliation: Line | None = None
    """The body that they work for."""

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if self.person_id is None and self.name is None:
            raise ValueError("an author has neither person_id nor name")
        return self


class PaperTitle(Schema):
    """In Vietnamese, in English, or both. A guest from abroad may not write Vietnamese."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example({"vi": "Gốm và thành phố", "en": "Ceramics and the city"}),
    )

    vi: Line | None = None
    """The title in Vietnamese."""
    en: Line | None = None
    """The title in English."""

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.vi is None and self.en is None:
            raise ValueError("a title in neither language")
        return self


HttpsUrl = Annotated[
    HttpUrl, UrlConstraints(allowed_schemes=["https"], max_length=500), PlainSerializer(str)
]


class PaperFile(Schema):
    """The file of a paper."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "url": "https://hanoi.example/tham-luan/gom.pdf",
                "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            }
        ),
    )

    url: HttpsUrl
    """Where it is: an `https` address."""
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    """Its hash, hexadecimal: it shows that the file has not changed."""


class PaperFacts(Schema):
    """A paper, as it is submitted."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "title": {"vi": "Gốm và thành phố", "en": "Ceramics and the city"},
                "abstract": {"vi": "Bài viết so sánh ba làng gốm ven sông Hồng.", "en": ""},
                "authors": [
                    {
                        "person_id": None,
                        "name": "Trần Thu Hà",
                        "affiliation": "Đại học Mỹ thuật Công nghiệp",
                    }
                ],
                "file": None,
            }
        ),
    )

    title: PaperTitle
    """Its title."""
    abstract: WrittenProse
    """What it says, in brief."""
    authors: Annotated[tuple[Author, ...], Field(min_length=1, max_length=20)]
    """Its authors, in the order in which they are printed."""
    file: PaperFile | None = None
    """The paper itself."""


class Paper(Aggregate):
    edition_id: UUID
    activity_id: UUID
    submitted_by: UUID
    facts: PaperFacts
    status: PaperStatus = PaperStatus.SUBMITTED
    session_id: UUID | None = None  # in which it is presented
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Submit:
    """Submit a paper, or replace one that is neither accepted nor declined."""

    paper_id: UUID
    edition_id: UUID
    activity_id: UUID
    person_id: UUID
    facts: PaperFacts


@dataclass(frozen=True, slots=True)
class Judge:
    accepted: bool


@dataclass(frozen=True, slots=True)
class Present:
    """`activity_id` is that of the session, looked up for this command."""

    session_id: UUID
    activity_id: UUID


@dataclass(frozen=True, slots=True)
class Withdraw:
    pass


Command = Submit | Judge | Present | Withdraw


def decide(paper: Paper | None, command: Command, now: datetime) -> Decision[Paper]:
    after = _after(paper, command, now)
    return Decision(after if after == paper else after.changed(changed_at=now))


def _after(paper: Paper | None, command: Command, now: datetime) -> Paper:
    if paper is None:
        if not isinstance(command, Submit):
            raise PaperUnknown
        return Paper(
            id=command.paper_id,
            edition_id=command.edition_id,
            activity_id=command.activity_id,
            submitted_by=command.person_id,
            facts=command.facts,
            changed_at=now,
        )
    match command:
        case Submit():
            if paper.status is not PaperStatus.SUBMITTED:
                raise PaperDecided
            changed = paper.changed(facts=command.facts)
        case Judge():
            status = PaperStatus.ACCEPTED if command.accepted else PaperStatus.DECLINED
            if paper.status not in (PaperStatus.SUBMITTED, status):
                raise PaperDecided
            changed = paper.changed(status=status)
        case Present():
            if paper.status not in PUBLIC:
                raise PaperNotAccepted
            if command.activity_id != paper.activity_id:
                raise NotOfThisForum
            changed = paper.changed(status=PaperStatus.PRESENTED, session_id=command.session_id)
        case Withdraw():
            if paper.status is PaperStatus.PRESENTED:
                raise PaperDecided
            changed = paper.changed(status=PaperStatus.WITHDRAWN)
        case _:
            assert_never(command)
    return changed
