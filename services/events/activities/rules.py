"""An activity of an edition: an exhibition, a talk, a workshop. It is held in sessions."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.aggregates import Aggregate, Decision
from shared.errors import NotFound
from shared.text import Localized, Prose


class ActivityUnknown(NotFound):
    code = "activity.unknown"
    vi = "Không tìm thấy hoạt động này."
    en = "There is no such activity."


class Kind(StrEnum):
    EXHIBITION = "exhibition"
    TALK = "talk"
    WORKSHOP = "workshop"
    TOUR = "tour"
    PERFORMANCE = "performance"
    CEREMONY = "ceremony"
    RECORDING = "recording"
    COURSE = "course"
    FORUM = "forum"


class Facts(BaseModel):
    model_config = ConfigDict(frozen=True)

    title: Localized
    kind: Kind
    about: Prose = ""


class Activity(Aggregate):
    edition_id: UUID
    facts: Facts
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Describe:
    activity_id: UUID
    edition_id: UUID
    facts: Facts


def decide(activity: Activity | None, command: Describe, now: datetime) -> Decision[Activity]:
    if activity is None:
        return Decision(
            Activity(
                id=command.activity_id,
                edition_id=command.edition_id,
                facts=command.facts,
                changed_at=now,
            )
        )
    if command.facts == activity.facts:
        return Decision(activity)
    return Decision(activity.but(facts=command.facts, changed_at=now))
