"""Outcomes: what a session of a forum decided.

    recorded ──correct──▶ recorded ──withdraw──▶ withdrawn

Each of these steps is published. The service `programme` keeps the follow-ups.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import ConfigDict

from shared.aggregates import Aggregate, Decision
from shared.clock import Day
from shared.contracts.events import OutcomeRecorded
from shared.errors import Conflict, NotFound
from shared.schema import Schema, example
from shared.text import Localized, Slug, WrittenProse


class OutcomeUnknown(NotFound):
    code = "outcome.unknown"
    vi = "Không tìm thấy kết quả này."
    en = "There is no such outcome."


class NotAForum(Conflict):
    code = "activity.not_a_forum"
    vi = "Hoạt động này không phải là diễn đàn."
    en = "This activity is not a forum."


class OutcomeWithdrawn(Conflict):
    code = "outcome.withdrawn"
    vi = "Kết quả này đã được rút lại."
    en = "This outcome has been withdrawn."


class OutcomeKind(StrEnum):
    DECLARATION = "declaration"
    AGREEMENT = "agreement"
    RECOMMENDATION = "recommendation"
    FOLLOW_UP = "follow_up"  # something that an agency should do by a day


class OutcomeFacts(Schema):
    """What a session of a forum came to."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "kind": "follow_up",
                "title": {"vi": "Lập bản đồ làng nghề", "en": "Map the craft villages"},
                "text": {"vi": "Sở Văn hoá lập bản đồ số các làng nghề còn hoạt động.", "en": ""},
                "responsible": "so-van-hoa-the-thao",
                "due_on": "2027-03-31",
            }
        ),
    )

    kind: OutcomeKind
    """`declaration`, `agreement`, `recommendation`, or `follow_up`: somebody is to do something
    until a day."""
    title: Localized
    """What it is, in a few words."""
    text: WrittenProse
    """What was agreed, in full."""
    responsible: Slug | None = None
    """The slug of the agency that is to do it."""
    due_on: Day | None = None
    """Until which day, in Hanoi."""


class Outcome(Aggregate):
    session_id: UUID
    edition_id: UUID
    facts: OutcomeFacts
    withdrawn: bool = False
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Record:
    outcome_id: UUID
    session_id: UUID
    edition_id: UUID
    facts: OutcomeFacts


@dataclass(frozen=True, slots=True)
class Withdraw:
    """It was recorded by mistake."""


Command = Record | Withdraw


def decide(outcome: Outcome | None, command: Command, now: datetime) -> Decision[Outcome]:
    if isinstance(command, Withdraw):
        if outcome is None:
            raise OutcomeUnknown
        return _next(outcome, outcome.changed(withdrawn=True), now)
    if outcome is None:
        after = Outcome(
            id=command.outcome_id,
            session_id=command.session_id,
            edition_id=command.edition_id,
            facts=command.facts,
            changed_at=now,
        )
        return Decision(after, (_recorded(after),))
    if outcome.withdrawn:
        raise OutcomeWithdrawn
    return _next(outcome, outcome.changed(facts=command.facts), now)


def _next(before: Outcome, after: Outcome, now: datetime) -> Decision[Outcome]:
    if after == before:
        return Decision(before)
    return Decision(after.changed(changed_at=now), (_recorded(after),))


def _recorded(outcome: Outcome) -> OutcomeRecorded:
    facts = outcome.facts
    return OutcomeRecorded(
        outcome_id=outcome.id,
        session_id=outcome.session_id,
        edition_id=outcome.edition_id,
        kind=facts.kind.value,
        title=facts.title,
        text=facts.text,
        responsible=facts.responsible,
        due_on=facts.due_on and facts.due_on.isoformat(),
        withdrawn=outcome.withdrawn,
    )
