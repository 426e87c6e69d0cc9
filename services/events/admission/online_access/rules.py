"""How people join a session online. Only holders of a seat may read it.

So it is stored apart from the facts of the session, which everybody may read.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict

from services.events.programme.activities.rules import HttpsUrl
from shared.aggregates import Decision, Described, create_or_replace
from shared.errors import Conflict
from shared.schema import Schema, example
from shared.text import WrittenProse


class NotOnline(Conflict):
    code = "session.on_site"
    vi = "Buổi này chỉ diễn ra trực tiếp, không có trực tuyến."
    en = "This session is held on site only, not online."


class OnlineAccessFacts(Schema):
    """Where people join a session online; blank until organisers know it."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {"url": "https://hop.example/duong-gom", "note": {"vi": "Mã phòng: 483 201"}}
        ),
    )

    url: HttpsUrl | None = None
    """The address to join at (`https`)."""
    note: WrittenProse | None = None
    """What else one has to know, such as a meeting's code."""


class OnlineAccess(Described):
    """Its id is that of the session."""

    facts: OnlineAccessFacts


@dataclass(frozen=True, slots=True)
class Describe:
    session_id: UUID
    facts: OnlineAccessFacts


def decide(known: OnlineAccess | None, command: Describe, now: datetime) -> Decision[OnlineAccess]:
    described = OnlineAccess(id=command.session_id, facts=command.facts, changed_at=now)
    return create_or_replace(known, described)
