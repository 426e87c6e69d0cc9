"""A recording: a session in which one episode of a television season is recorded.

Everybody in the audience signs a consent form. Its text has versions, and each version a hash.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, assert_never
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field

from services.events.admission.recordings.consent import ConsentFormVersion
from services.events.admission.recordings.errors import RecordingUnknown
from shared.aggregates import Aggregate, Decision
from shared.errors import Conflict
from shared.schema import Schema, example
from shared.text import Line, LocalizedProse, Slug


class RecordingFacts(Schema):
    """Which episode of a television season is recorded."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {"season": "tai-nang-sang-tao-2026", "round": "Vòng bán kết", "episode": 7}
        ),
    )

    season: Slug
    """The season, as a slug."""
    round: Line
    """The round of the competition, in words."""
    episode: Annotated[int, Field(ge=1, le=1_000)]
    """The number of the episode in the season, from 1."""


def _has_vietnamese(text: LocalizedProse) -> LocalizedProse:
    if not text.vi:
        raise ValueError("there is no Vietnamese")
    return text


ConsentText = Annotated[LocalizedProse, AfterValidator(_has_vietnamese)]


class ConsentForm(Schema):
    """One version of the words that people sign. Versions are only ever added."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "version": 1,
                "text": {
                    "vi": "Tôi đồng ý để hình ảnh của mình được phát trên truyền hình.",
                    "en": "",
                },
                "sha256": "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
                "again": False,
                "at": "2026-10-01T02:00:00Z",
            }
        ),
    )

    version: int
    """Its number, from 1."""
    text: LocalizedProse
    """What people agree to."""
    sha256: str
    """The hash of the text as JSON (keys sorted, no spaces), hexadecimal."""
    again: bool
    """Whether those who signed an earlier one are asked to sign again."""
    at: datetime
    """When it was added: RFC 3339, in UTC."""


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
