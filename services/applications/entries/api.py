"""One's own entry to a call."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import ConfigDict
from starlette.responses import Response

from services.applications.calls.rules import Call, CallNotOpen, CallStatus, CallUnknown
from services.applications.dependencies import AllCalls, AllEntries
from services.applications.entries.codes import new_code, new_salt
from services.applications.entries.rules import (
    Draft,
    Entry,
    EntrySealed,
    EntryStatus,
    EntryUnknown,
    JurorMayNotEnter,
    Submit,
    shown_status,
)
from shared.errors import InvalidInput, PreconditionFailed
from shared.forms import check_content
from shared.http.access import SignedIn
from shared.http.execute import Execute, reply
from shared.http.problems import problems
from shared.ids import new_id
from shared.json_object import JsonObject
from shared.schema import Schema, example

router = APIRouter(prefix="/v1/calls/{call_id}/entry", tags=["entries"])


class Content(Schema):
    """What one enters."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"content": {"title": "Hộp trà sen Tây Hồ", "village": "Quảng An"}}
        )
    )

    content: JsonObject
    """It satisfies the call's `form` when it is submitted; before that it may be incomplete."""


class EntryView(Schema):
    """An entry as its author sees it. The code by which the jury knows it is not shown."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                "call_id": "0199f3a2-8d10-7c35-a2b4-91f6d0c7e583",
                "status": "submitted",
                "content": {"title": "Hộp trà sen Tây Hồ", "village": "Quảng An"},
                "receipt": "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9",
                "salt": "4f1c2b0de9a87765a0b3c4d5e6f70819",
                "submitted_at": "2026-09-28T09:14:00Z",
                "outcome": None,
            }
        )
    )

    id: UUID
    call_id: UUID
    """The call that it is entered for."""
    status: EntryStatus
    """`draft`, `submitted`, `under_review` by the jury, `decided`."""
    content: dict[str, Any]
    """What was entered."""
    receipt: str | None
    """SHA-256 of the salt and the content as canonical JSON, hexadecimal; once it is submitted."""
    salt: str
    """Random text that is hashed with the content."""
    submitted_at: datetime | None
    """When it was submitted: RFC 3339, in UTC."""
    outcome: Literal["awarded", "not_awarded"] | None
    """What the jury decided; null until then."""

    @classmethod
    def of(cls, entry: Entry, call: Call) -> "EntryView":
        return cls(
            id=entry.id,
            call_id=entry.call_id,
            status=shown_status(entry, call),
            content=json.loads(entry.content),
            receipt=entry.receipt,
            salt=entry.salt,
            submitted_at=entry.submitted_at,
            outcome=entry.outcome,
        )


async def public_call(call_id: UUID, calls: AllCalls) -> Call:
    call = await calls.get(call_id)
    if call.status is CallStatus.DRAFT:
        raise CallUnknown
    return call


PublicCall = Annotated[Call, Depends(public_call)]


@router.get("", response_model=EntryView, responses=problems(CallUnknown, EntryUnknown))
async def read_my_entry(who: SignedIn, call: PublicCall, entries: AllEntries) -> Response:
    """One's own entry to this call."""
    key = await entries.vault.entry_of(call.id, who.person_id)
    if key is None:
        raise EntryUnknown
    entry = await entries.get(key)
    return reply(EntryView.of(entry, call), version=entry.version).response()


@router.put(
    "",
    response_model=EntryView,
    responses=problems(
        CallUnknown, CallNotOpen, EntrySealed, JurorMayNotEnter, InvalidInput, PreconditionFailed
    ),
)
async def write_my_entry(
    body: Content, who: SignedIn, call: PublicCall, entries: AllEntries, execute: Execute
) -> Response:
    """Write one's entry.

    This is possible as often as one likes before it is submitted. Nobody else sees it.
    """
    key = await entries.vault.entry_of(call.id, who.person_id) or new_id()
    command = Draft(key, call, who.person_id, new_code(), new_salt(), body.content)
    return await execute(entries, key, command, lambda entry: EntryView.of(entry, call))


@router.post(
    "/submission",
    response_model=EntryView,
    responses=problems(
        CallUnknown,
        EntryUnknown,
        CallNotOpen,
        EntrySealed,
        JurorMayNotEnter,
        InvalidInput,
        PreconditionFailed,
    ),
)
async def submit_my_entry(
    who: SignedIn, call: PublicCall, entries: AllEntries, execute: Execute
) -> Response:
    """Submit one's entry.

    The receipt in the answer is the hash of what was submitted with a salt, so that it tells
    nobody else whose work it is for.
    """
    key = await entries.vault.entry_of(call.id, who.person_id)
    if key is None:
        raise EntryUnknown
    entry = await entries.get(key)
    check_content(call.facts.form, json.loads(entry.content))
    command = Submit(call, who.person_id, entry.content)
    return await execute(entries, key, command, lambda after: EntryView.of(after, call))
