"""Where people join a session that is held online, wholly or also: told to those who hold a place.

It stands apart from the session's facts, which everybody reads.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.events.programme.activities.rules import Address
from shared.aggregates import Decision, Described, create_or_replace
from shared.errors import Conflict
from shared.text import WrittenProse


class NotOnline(Conflict):
    code = "session.on_site"
    vi = "Phiên này chỉ diễn ra tại chỗ."
    en = "This session is held on site only."


class OnlineAccessFacts(BaseModel):
    """Blank until organisers know it. `note`: what else one has to know, a meeting's code say."""

    model_config = ConfigDict(frozen=True)

    url: Address | None = None  # https
    note: WrittenProse | None = None


class OnlineAccess(Described):
    """Its id is the session's."""

    facts: OnlineAccessFacts


@dataclass(frozen=True, slots=True)
class Describe:
    session_id: UUID
    facts: OnlineAccessFacts


def decide(known: OnlineAccess | None, command: Describe, now: datetime) -> Decision[OnlineAccess]:
    described = OnlineAccess(id=command.session_id, facts=command.facts, changed_at=now)
    return create_or_replace(known, described)
