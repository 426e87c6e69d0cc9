"""A recording: the session in which one episode of a television season is recorded."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, assert_never
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.events.admission.recordings.consent import ConsentFormVersion
from services.events.admission.recordings.errors import RecordingUnknown
from shared.aggregates import Aggregate, Decision
from shared.errors import Conflict
from shared.text import Line, LocalizedProse, Slug


class RecordingFacts(BaseModel):
    """Which episode it is. One session records it."""

    model_config = ConfigDict(frozen=True)

    season: Slug  # `tai-nang-sang-tao-2026`
    round: Line
    episode: Annotated[int, Field(ge=1, le=1_000)]


def _in_vietnamese(text: LocalizedProse) -> LocalizedProse:
    if not text.vi:
        raise ValueError("there is no Vietnamese")
    return text


FormWords = Annotated[LocalizedProse, AfterValidator(_in_vietnamese)]


class FormText(BaseModel):
    """One version of the release form. Versions are only ever added."""

    model_config = ConfigDict(frozen=True)

    version: int
    text: LocalizedProse
    sha256: str  # of the text as JSON, keys sorted, no spaces
    again: bool  # those who signed an earlier one are asked to sign again
    at: datetime


class Recording(Aggregate):
    """The id is the session's."""

    edition_id: UUID
    facts: RecordingFacts
    forms: tuple[FormText, ...] = ()
    changed_at: datetime

    @property
    def form(self) -> FormText | None:
        """What is to be signed now."""
        return self.forms[-1] if self.forms else None

    @property
    def versions(self) -> list[ConsentFormVersion]:
        return [ConsentFormVersion(one.version, one.at, one.again) for one in self.forms]


@dataclass(frozen=True, slots=True)
class Bind:
    session_id: UUID
    edition_id: UUID
    facts: RecordingFacts


@dataclass(frozen=True, slots=True)
class Rebind:
    facts: RecordingFacts


@dataclass(frozen=True, slots=True)
class AddForm:
    text: LocalizedProse
    again: bool


Command = Bind | Rebind | AddForm


def decide(recording: Recording | None, command: Command, now: datetime) -> Decision[Recording]:
    if isinstance(command, Bind):
        if recording is not None:
            raise Conflict
        return Decision(
            Recording(
                id=command.session_id,
                edition_id=command.edition_id,
                facts=command.facts,
                changed_at=now,
            )
        )
    if recording is None:
        raise RecordingUnknown
    match command:
        case Rebind():
            if command.facts == recording.facts:
                return Decision(recording)
            return Decision(recording.changed(facts=command.facts, changed_at=now))
        case AddForm():
            form = FormText(
                version=len(recording.forms) + 1,
                text=command.text,
                sha256=fingerprint(command.text),
                again=command.again,
                at=now,
            )
            return Decision(recording.changed(forms=(*recording.forms, form), changed_at=now))
        case _:
            assert_never(command)


def fingerprint(text: LocalizedProse) -> str:
    """SHA-256, in hexadecimal digits, of the words in both languages."""
    words = json.dumps(text.model_dump(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(words.encode()).hexdigest()
