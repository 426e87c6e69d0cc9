"""What `services/applications` tells. Never an entry's code together with a person (anonymity)."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from shared.contracts.base import Event
from shared.text import Localized


class CallOpened(Event):
    """Entries are taken until the deadline. `rules_hash` is the hash of the frozen rules."""

    type: Literal["applications.call.opened.v1"] = "applications.call.opened.v1"
    call_id: UUID
    title: Localized
    closes_at: datetime
    rules_hash: str


class EntrySubmitted(Event):
    """An entry is in. `receipt` is a salted SHA-256 of what was submitted: it tells the author
    that this was it, and nobody else whose it is."""

    type: Literal["applications.entry.submitted.v1"] = "applications.entry.submitted.v1"
    entry_id: UUID
    call_id: UUID
    person_id: UUID
    receipt: str


class EntryDecided(Event):
    """The jury's result for one entry, told to the person who entered."""

    type: Literal["applications.entry.decided.v1"] = "applications.entry.decided.v1"
    entry_id: UUID
    call_id: UUID
    person_id: UUID
    outcome: Literal["awarded", "not_awarded"]
