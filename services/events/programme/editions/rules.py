"""An edition of the festival: its name, theme and days.

planned ──announce──▶ announced        cancelled, from either
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Self, assert_never
from uuid import UUID

from pydantic import ConfigDict, model_validator

from shared.aggregates import Aggregate, Decision
from shared.clock import Day
from shared.contracts.events import EditionAnnounced, EditionCancelled
from shared.errors import Conflict, NotFound
from shared.schema import Schema, example
from shared.text import Localized, Prose, Slug


class EditionUnknown(NotFound):
    code = "edition.unknown"
    vi = "Không tìm thấy mùa lễ hội này."
    en = "There is no such edition."


class EditionIsCancelled(Conflict):
    code = "edition.cancelled"
    vi = "Mùa lễ hội này đã bị huỷ."
    en = "This edition is cancelled."


class EditionSlugTaken(Conflict):
    code = "edition.slug_taken"
    vi = "Tên định danh này đã được dùng."
    en = "This slug is in use."


class EditionFacts(Schema):
    """What organisers say of an edition."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "slug": "le-hoi-thiet-ke-2026",
                "name": {
                    "vi": "Lễ hội Thiết kế Sáng tạo Hà Nội 2026",
                    "en": "Hanoi Festival of Creative Design 2026",
                },
                "theme": {"vi": "Giao lộ", "en": "Crossroads"},
                "about": "Mười ngày trong các không gian sáng tạo của thành phố.",
                "starts_on": "2026-11-06",
                "ends_on": "2026-11-15",
            }
        ),
    )

    slug: Slug
    """Its name in addresses, used by no other edition: lower-case letters, digits, hyphens."""
    name: Localized
    """Its name."""
    theme: Localized | None = None
    """Its theme, in a few words."""
    about: Prose = ""
    """What it is about, in Vietnamese."""
    starts_on: Day
    """Its first day, in Hanoi."""
    ends_on: Day
    """Its last day, in Hanoi."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_on < self.starts_on:
            raise ValueError("ends_on is before starts_on")
        return self


class Cancellation(Schema):
    """That something was cancelled, and why."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {"at": "2026-11-05T03:20:00Z", "reason": {"vi": "Bão số 9", "en": "Typhoon no. 9"}}
        ),
    )

    at: datetime
    """When it was cancelled: RFC 3339, in UTC."""
    reason: Localized
    """Why; everybody reads it."""


class Edition(Aggregate):
    facts: EditionFacts
    slug: str
    announced: bool = False
    cancelled: Cancellation | None = None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    edition_id: UUID
    facts: EditionFacts


@dataclass(frozen=True, slots=True)
class Announce:
    pass


@dataclass(frozen=True, slots=True)
class Cancel:
    reason: Localized


Command = Plan | Announce | Cancel


def decide(edition: Edition | None, command: Command, now: datetime) -> Decision[Edition]:
    if edition is not None and edition.cancelled is not None:
        if isinstance(command, Cancel):
            return Decision(edition)
        raise EditionIsCancelled
    if isinstance(command, Plan):
        return _plan(edition, command, now)
    if edition is None:
        raise EditionUnknown
    match command:
        case Cancel(reason):
            after = edition.changed(cancelled=Cancellation(at=now, reason=reason), changed_at=now)
            event = EditionCancelled(edition_id=edition.id, reason=reason)
            return Decision(after, (event,) if after.announced else ())
        case Announce():
            if edition.announced:
                return Decision(edition)
            after = edition.changed(announced=True, changed_at=now)
            return Decision(after, (_announced(after),))
        case _:
            assert_never(command)


def _plan(edition: Edition | None, command: Plan, now: datetime) -> Decision[Edition]:
    facts = command.facts
    if edition is None:
        return Decision(
            Edition(id=command.edition_id, facts=facts, slug=facts.slug, changed_at=now)
        )
    if facts == edition.facts:
        return Decision(edition)
    after = edition.changed(facts=facts, slug=facts.slug, changed_at=now)
    return Decision(after, (_announced(after),) if after.announced else ())


def _announced(edition: Edition) -> EditionAnnounced:
    facts = edition.facts
    return EditionAnnounced(
        edition_id=edition.id,
        slug=facts.slug,
        name=facts.name,
        starts_on=facts.starts_on.isoformat(),
        ends_on=facts.ends_on.isoformat(),
    )
