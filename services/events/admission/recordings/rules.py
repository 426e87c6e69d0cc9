"""A recording: a session in which one episode of a television season is recorded.

Everybody in the audience signs a consent form. Its text has versions, and each version a hash.
"""

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
    """Which episode it is. Only one session records an episode."""

    model_config = ConfigDict(frozen=True)

    season: Slug  # `tai-nang-sang-tao-2026`
    round: Line
    episode: Annotated[int, Field(ge=1, le=1_000)]


def _has_vietnamese(text: LocalizedProse) -> LocalizedProse:
    if not text.vi:
        raise ValueError("there is no Vietnamese")
    return text


ConsentText = Annotated[LocalizedProse, AfterValidator(_has_vietnamese)]


class ConsentForm(BaseModel):
    """One version of the consent form. Versions are added, and never changed or deleted."""

    model_config = ConfigDict(frozen=True)

    version: int
    text: LocalizedProse
    sha256: str  # of the text as JSON, keys sorted, no spaces
    again: bool  # people who signed an earlier version have to sign again
    at: datetime


class Recording(Aggregate):
    """Its id is that of the session."""

    edition_id: UUID
    facts: RecordingFacts
    forms: tuple[ConsentForm, ...] = ()
    changed_at: datetime

    @property
    def form(self) -> ConsentForm | None:
        """The version that has to be signed now; None before the first."""
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
            form = ConsentForm(
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
    """SHA-256 of the text in both languages, in hexadecimal digits."""
    words = json.dumps(text.model_dump(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(words.encode()).hexdigest()
