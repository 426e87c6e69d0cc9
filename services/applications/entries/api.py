"""One's own entry to a call."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from starlette.responses import Response

from services.applications.calls.rules import Call, CallNotOpen, CallUnknown
from services.applications.calls.rules import Status as CallStatus
from services.applications.dependencies import AllCalls, AllEntries
from services.applications.entries.codes import new_code, new_salt
from services.applications.entries.rules import (
    Draft,
    Entry,
    EntrySealed,
    EntryUnknown,
    JurorMayNotEnter,
    Status,
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

router = APIRouter(prefix="/v1/calls/{call_id}/entry", tags=["entries"])


class Content(BaseModel):
    content: JsonObject


class EntryView(BaseModel):
    """An entry as its author sees it. The code is the jury's affair and is not shown."""

    id: UUID
    call_id: UUID
    status: Status
    content: dict[str, Any]
    receipt: str | None  # SHA-256 of the salt and the content as canonical JSON
    salt: str
    submitted_at: datetime | None
    outcome: Literal["awarded", "not_awarded"] | None

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
async def read(who: SignedIn, call: PublicCall, entries: AllEntries) -> Response:
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
async def draft(
    body: Content, who: SignedIn, call: PublicCall, entries: AllEntries, execute: Execute
) -> Response:
    """Write one's entry, as often as one likes before submitting it. Nobody else sees it."""
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
async def submit(
    who: SignedIn, call: PublicCall, entries: AllEntries, execute: Execute
) -> Response:
    """Hand the entry in. The receipt is the hash of what was handed in,
    salted, so that it tells nobody else whose work it is for."""
    key = await entries.vault.entry_of(call.id, who.person_id)
    if key is None:
        raise EntryUnknown
    entry = await entries.get(key)
    check_content(call.facts.form, json.loads(entry.content))
    command = Submit(call, who.person_id, entry.content)
    return await execute(entries, key, command, lambda after: EntryView.of(after, call))
