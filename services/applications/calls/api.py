"""Calls: the public ones, and the changes of staff."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from services.applications.calls import rules
from services.applications.calls.rules import (
    Call,
    CallFacts,
    CallNotOpen,
    CallUnknown,
    DeadlineAhead,
    Outcome,
    RulesFrozen,
    Status,
)
from services.applications.dependencies import AllCalls, CallStaff
from shared.errors import InvalidInput, PreconditionFailed, PreconditionRequired
from shared.forms import check_form
from shared.http.access import MaybeSignedIn, anyone
from shared.http.execute import Execute, reply
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.ids import new_id
from shared.roles import Role

router = APIRouter(prefix="/v1/calls", tags=["calls"])


class CallView(BaseModel):
    """A call; the outcomes are by code, as the jury knew them."""

    id: UUID
    status: Status
    facts: CallFacts
    rules_hash: str | None
    outcomes: tuple[Outcome, ...]
    reasons: str | None

    @classmethod
    def of(cls, call: Call) -> "CallView":
        return cls.model_validate(call, from_attributes=True)


@router.get("", dependencies=[anyone])
async def browse(calls: AllCalls, page: Paging) -> Page[CallView]:
    """Calls that are or were open, the latest deadline first."""
    found, following = await calls.public(page)
    return Page(items=[CallView.of(call) for call in found], next=following)


@router.get("/{call_id}", response_model=CallView, responses=problems(CallUnknown))
async def read(call_id: UUID, who: MaybeSignedIn, calls: AllCalls) -> Response:
    """A call that is or was open; for the staff also a draft."""
    call = await calls.get(call_id)
    if call.status is Status.DRAFT and not (who and who.may(Role.CALLS)):
        raise CallUnknown
    return reply(CallView.of(call), version=call.version).response()


@router.post("", status_code=201, response_model=CallView, responses=problems(InvalidInput))
async def write(body: CallFacts, who: CallStaff, calls: AllCalls, execute: Execute) -> Response:
    """Write a call. Nobody sees it until it opens."""
    check_form(body.form)
    key = new_id()
    return await execute(calls, key, rules.WriteCall(key, body), CallView.of, status=201)


@router.put(
    "/{call_id}",
    response_model=CallView,
    responses=problems(
        CallUnknown, RulesFrozen, InvalidInput, PreconditionFailed, PreconditionRequired
    ),
)
async def rewrite(
    call_id: UUID, body: CallFacts, who: CallStaff, calls: AllCalls, execute: Execute
) -> Response:
    """Replace a draft."""
    check_form(body.form)
    return await execute(
        calls, call_id, rules.WriteCall(call_id, body), CallView.of, must_match=True
    )


@router.post(
    "/{call_id}/opening", response_model=CallView, responses=problems(CallUnknown, RulesFrozen)
)
async def open_call(call_id: UUID, who: CallStaff, calls: AllCalls, execute: Execute) -> Response:
    """Announce it. From here on its rules are frozen; their hash stands in the answer."""
    return await execute(calls, call_id, rules.Open(), CallView.of)


@router.post(
    "/{call_id}/closing",
    response_model=CallView,
    responses=problems(CallUnknown, CallNotOpen, DeadlineAhead),
)
async def close(call_id: UUID, who: CallStaff, calls: AllCalls, execute: Execute) -> Response:
    """After the deadline: hand the entries to the jury."""
    return await execute(calls, call_id, rules.Close(), CallView.of)
