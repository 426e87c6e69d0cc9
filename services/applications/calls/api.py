"""Calls: the public ones, and the changes of staff."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict
from starlette.responses import Response

from services.applications.calls import rules
from services.applications.calls.rules import (
    Call,
    CallFacts,
    CallNotOpen,
    CallStatus,
    CallUnknown,
    DeadlineAhead,
    Outcome,
    RulesFrozen,
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
from shared.schema import Schema, example

router = APIRouter(prefix="/v1/calls", tags=["calls"])


class CallView(Schema):
    """A call; its outcomes are by code, as the jury knew the entries."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                "status": "decided",
                "facts": {
                    "title": {
                        "vi": "Thiết kế bao bì cho làng nghề",
                        "en": "Packaging for craft villages",
                    },
                    "about": "Dành cho sinh viên và nhà thiết kế dưới 30 tuổi.",
                    "form": {"type": "object", "required": ["title"]},
                    "criteria": [{"key": "idea", "label": {"vi": "Ý tưởng"}, "weight": 100}],
                    "jurors": [
                        "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                        "0199f3a2-8d10-7c35-a2b4-91f6d0c7e583",
                    ],
                    "opens_at": "2026-08-01T02:00:00Z",
                    "closes_at": "2026-09-30T10:00:00Z",
                },
                "rules_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "outcomes": [{"code": "K7RW2M", "score": 86.5, "awarded": True}],
                "reasons": "Ý tưởng rõ, dùng đúng chất liệu của làng nghề.",
            }
        )
    )

    id: UUID
    status: CallStatus
    """`draft`, `open` for entries, `judging` after the deadline, `decided`."""
    facts: CallFacts
    """What the call says; it no longer changes once the call is open."""
    rules_hash: str | None
    """SHA-256 of `facts`, hexadecimal, from the opening on: it shows that the rules did not change.
    """
    outcomes: tuple[Outcome, ...]
    """The ranking, the best first, once the jury has decided."""
    reasons: str | None
    """Why the jury decided so."""

    @classmethod
    def of(cls, call: Call) -> "CallView":
        return cls.model_validate(call, from_attributes=True)


@router.get("", dependencies=[anyone])
async def list_calls(calls: AllCalls, page: Paging) -> Page[CallView]:
    """Calls that are or were open, the latest deadline first."""
    found, following = await calls.public(page)
    return Page(items=[CallView.of(call) for call in found], next=following)


@router.get("/{call_id}", response_model=CallView, responses=problems(CallUnknown))
async def read_call(call_id: UUID, who: MaybeSignedIn, calls: AllCalls) -> Response:
    """A call that is or was open; for the staff also a draft."""
    call = await calls.get(call_id)
    if call.status is CallStatus.DRAFT and not (who and who.may(Role.CALLS)):
        raise CallUnknown
    return reply(CallView.of(call), version=call.version).response()


@router.post("", status_code=201, response_model=CallView, responses=problems(InvalidInput))
async def create_call(
    body: CallFacts, who: CallStaff, calls: AllCalls, execute: Execute
) -> Response:
    """Write a call. Nobody else sees it until it opens."""
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
async def update_call(
    call_id: UUID, body: CallFacts, who: CallStaff, calls: AllCalls, execute: Execute
) -> Response:
    """Replace a call that is still a draft."""
    check_form(body.form)
    return await execute(
        calls, call_id, rules.WriteCall(call_id, body), CallView.of, must_match=True
    )


@router.post(
    "/{call_id}/opening", response_model=CallView, responses=problems(CallUnknown, RulesFrozen)
)
async def open_call(call_id: UUID, who: CallStaff, calls: AllCalls, execute: Execute) -> Response:
    """Open a call.

    It is announced. From then on its rules do not change; their hash stands in the answer.
    """
    return await execute(calls, call_id, rules.Open(), CallView.of)


@router.post(
    "/{call_id}/closing",
    response_model=CallView,
    responses=problems(CallUnknown, CallNotOpen, DeadlineAhead),
)
async def close_call(call_id: UUID, who: CallStaff, calls: AllCalls, execute: Execute) -> Response:
    """Close a call after its deadline, and hand its entries to the jury."""
    return await execute(calls, call_id, rules.Close(), CallView.of)
