"""The events of `services/applications`. None has both the code of an entry and a person."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from shared.contracts.base import Event
from shared.text import Localized


class CallOpened(Event):
    """A call is open for entries until its deadline. `rules_hash`: of its frozen rules."""

    type: Literal["applications.call.opened.v1"] = "applications.call.opened.v1"
    call_id: UUID
    title: Localized
    closes_at: datetime
    rules_hash: str


class EntrySubmitted(Event):
    """An entry is submitted. `receipt` is a salted SHA-256 of it: a proof for the author, which
    tells nobody else whose entry it is."""

    type: Literal["applications.entry.submitted.v1"] = "applications.entry.submitted.v1"
    entry_id: UUID
    call_id: UUID
    person_id: UUID
    receipt: str


class EntryDecided(Event):
    """The jury's result for one entry, for its author."""

    type: Literal["applications.entry.decided.v1"] = "applications.entry.decided.v1"
    entry_id: UUID
    call_id: UUID
    person_id: UUID
    outcome: Literal["awarded", "not_awarded"]
