"""An activity of an edition, such as an exhibition, a talk or a workshop. It has sessions."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    HttpUrl,
    TypeAdapter,
    model_validator,
)

from shared.aggregates import Decision, Described, create_or_replace
from shared.errors import Conflict, NotFound
from shared.schema import Schema, example
from shared.text import Localized, LocalizedProse


class ActivityUnknown(NotFound):
    code = "activity.unknown"
    vi = "Không tìm thấy hoạt động này."
    en = "There is no such activity."


class ActivityKindFixed(Conflict):
    code = "activity.kind_stays"
    vi = "Hoạt động đã có buổi, không đổi được thành khoá học hoặc từ khoá học sang loại khác."
    en = "The activity has sessions, so it cannot become a course or stop being one."


class ActivityKind(StrEnum):
    EXHIBITION = "exhibition"
    TALK = "talk"
    WORKSHOP = "workshop"
    TOUR = "tour"
    PERFORMANCE = "performance"
    CEREMONY = "ceremony"
    RECORDING = "recording"
    COURSE = "course"
    FORUM = "forum"


class Audience(StrEnum):
    EVERYBODY = "everybody"
    CHILDREN = "children"
    FAMILIES = "families"
    STUDENTS = "students"
    PROFESSIONALS = "professionals"
    ARTISANS = "artisans"
    SENIORS = "seniors"


class AccessNeed(StrEnum):
    """What some people need in order to take part, and what this activity offers them."""

    WHEELCHAIR = "wheelchair"
    SIGN_LANGUAGE = "sign_language"
    AUDIO_DESCRIPTION = "audio_description"
    CAPTIONS = "captions"
    HEARING_LOOP = "hearing_loop"
    TACTILE = "tactile"  # things that may be touched, braille
    PLAIN_LANGUAGE = "plain_language"
    QUIET_HOURS = "quiet_hours"
    COMPANION_FREE = "companion_free"  # a person who assists somebody needs no ticket


_HTTP_URL: TypeAdapter[HttpUrl] = TypeAdapter(HttpUrl)


def _https(address: str) -> str:
    url = _HTTP_URL.validate_python(address)
    if url.scheme != "https":
        raise ValueError("not an https address")
    return str(url)


HttpsUrl = Annotated[str, Field(max_length=500), AfterValidator(_https)]
Discipline = Annotated[str, Field(pattern=r"^[a-z][a-z-]{1,39}$")]
"""The same words that designers use in the registry: craft, fashion, graphic …"""
Goal = Annotated[int, Field(ge=1, le=17)]
"""A Sustainable Development Goal of the 2030 Agenda (A/RES/70/1)."""
Ids = Annotated[tuple[UUID, ...], Field(max_length=50)]


class Image(Schema):
    """A picture of an activity."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "url": "https://hanoi.example/anh/gom-bat-trang.jpg",
                "alt": {
                    "vi": "Một nghệ nhân vuốt bình gốm trên bàn xoay",
                    "en": "A potter shapes a vase on a wheel",
                },
            }
        ),
    )

    url: HttpsUrl
    """Where the picture is: an `https` address."""
    alt: Localized
    """What is in the picture, for those who do not see it."""


class ActivityFacts(Schema):
    """What organisers say of an activity. People and organisations are ids in the registry."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "title": {"vi": "Nặn gốm Bát Tràng", "en": "Bát Tràng pottery"},
                "kind": "workshop",
                "about": {"vi": "Nghệ nhân Bát Tràng hướng dẫn nặn và vẽ gốm.", "en": ""},
                "hosts": ["0199f3a2-6e75-7f66-8192-a3b4c5d6e7f8"],
                "goals": [11],
                "disciplines": ["craft"],
                "audiences": ["families"],
                "min_age": 6,
                "access": ["wheelchair"],
            }
        ),
    )

    title: Localized
    """Its name in the programme."""
    kind: ActivityKind
    """What it is. A `course` is enrolled in as a whole; a `forum` takes papers and records
    outcomes."""
    about: LocalizedProse = LocalizedProse()
    """What it is about."""
    strand_id: UUID | None = None
    """The strand of the edition that it belongs to."""
    images: Annotated[tuple[Image, ...], Field(max_length=12)] = ()
    """Pictures, the most important first."""
    hosts: Ids = ()
    """Ids of the people who run it."""
    speakers: Ids = ()
    """Ids of the people who are heard or seen there."""
    partners: Ids = ()
    """Ids of organisations that take part."""
    delegations: Ids = ()
    """Ids of delegations of guests who take part."""
    goals: Annotated[tuple[Goal, ...], Field(max_length=17)] = ()
    """Sustainable Development Goals of the 2030 Agenda that it serves, by number."""
    disciplines: Annotated[tuple[Discipline, ...], Field(max_length=10)] = ()
    """Fields of design, each as a short word: `craft`, `fashion`, …"""
    audiences: Annotated[tuple[Audience, ...], Field(max_length=7)] = ()
    """Whom it is for; empty: nobody in particular."""
    min_age: Annotated[int, Field(ge=0, le=120)] | None = None
    """The age from which one can take part, in years."""
    access: Annotated[tuple[AccessNeed, ...], Field(max_length=9)] = ()
    """What people with special needs find there."""

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        for name in (
            "hosts", "speakers", "partners", "delegations", "goals", "disciplines", "audiences",
            "access",
        ):  # fmt: skip
            named = getattr(self, name)
            if len(set(named)) < len(named):
                raise ValueError(f"{name} names something twice")
        return self


class Activity(Described):
    edition_id: UUID
    facts: ActivityFacts


@dataclass(frozen=True, slots=True)
class Describe:
    activity_id: UUID
    edition_id: UUID
    facts: ActivityFacts


def decide(activity: Activity | None, command: Describe, now: datetime) -> Decision[Activity]:
    described = Activity(
        id=command.activity_id, edition_id=command.edition_id, facts=command.facts, changed_at=now
    )
    return create_or_replace(activity, described)
