"""An activity of an edition, such as an exhibition, a talk or a workshop. It has sessions."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    TypeAdapter,
    model_validator,
)

from shared.aggregates import Decision, Described, create_or_replace
from shared.errors import Conflict, NotFound
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


class Image(BaseModel):
    model_config = ConfigDict(frozen=True)

    url: HttpsUrl
    alt: Localized  # what is in it, for those who do not see it


class ActivityFacts(BaseModel):
    """What organisers say about an activity. People and organisations are ids of the registry."""

    model_config = ConfigDict(frozen=True)

    title: Localized
    kind: ActivityKind
    about: LocalizedProse = LocalizedProse()
    strand_id: UUID | None = None
    images: Annotated[tuple[Image, ...], Field(max_length=12)] = ()
    hosts: Ids = ()  # who runs it
    speakers: Ids = ()  # who is heard or seen there
    partners: Ids = ()  # organisations that take part
    delegations: Ids = ()  # guests from other provinces and countries
    goals: Annotated[tuple[Goal, ...], Field(max_length=17)] = ()
    disciplines: Annotated[tuple[Discipline, ...], Field(max_length=10)] = ()
    audiences: Annotated[tuple[Audience, ...], Field(max_length=7)] = ()
    min_age: Annotated[int, Field(ge=0, le=120)] | None = None  # years
    access: Annotated[tuple[AccessNeed, ...], Field(max_length=9)] = ()

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
