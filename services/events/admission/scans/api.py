from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from services.events.admission.dependencies import (
    AllGates,
    AllRecordings,
    AllTicketScans,
    TheScanService,
)
from services.events.admission.gates.rules import GateUnknown, default_gate
from services.events.admission.recordings.consent import complete
from services.events.admission.scans import errors
from services.events.admission.scans.presented import PresentedTicket
from services.events.admission.scans.rules import JudgedScan, ScanDirection, ScanResult, judge
from services.events.admission.tickets.rules import TicketCancelled, TicketInvalid
from services.events.booking.dependencies import AllRegistrations
from services.events.booking.registrations.views import RegistrationView, view
from services.events.dependencies import GateStaff, Organiser
from services.events.programme.dependencies import AllSessions
from services.events.programme.sessions.rules import SessionUnknown
from services.events.programme.ticket_kinds.rules import TicketKind
from shared.clock import Moment, now
from shared.contracts.events import BookableKind
from shared.http.paging import Page, Paging
from shared.http.problems import problems

router = APIRouter(prefix="/v1", tags=["gates"])
Ticket = Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class ScanIn(BaseModel):
    """A scan as the device noted it. Sent again under its nonce it is the same scan."""

    nonce: UUID
    ticket: Ticket
    at: Moment  # when the ticket was shown, by the device's clock
    device: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    way: ScanDirection = ScanDirection.IN
    told: ScanResult | None = None  # what the device said to the holder while it was offline


class Batch(BaseModel):
    scans: Annotated[list[ScanIn], Field(min_length=1, max_length=500)]


class ScanOut(BaseModel):
    nonce: UUID
    answer: ScanResult
    conflict: bool  # the holder was told otherwise, or somebody else has the place by now
    registration_id: UUID | None
    kind: TicketKind | None
    size: int | None
    admitted_at: Moment | None  # when the holder was first let in


class Results(BaseModel):
    results: list[ScanOut]


class ListedTicket(BaseModel):
    """What a device needs in order to go on alone."""

    registration_id: UUID
    bookable_id: UUID  # the session or course that it is for
    bookable_kind: BookableKind
    kind: TicketKind
    size: int
    blocked: bool
    inside: bool
    released: bool  # everybody has signed the release form, or none is asked for


class ScanTrace(BaseModel):
    nonce: UUID
    gate_id: UUID
    device: str
    way: ScanDirection
    at: Moment
    told: ScanResult | None
    answer: ScanResult
    conflict: bool

    @classmethod
    def of(cls, one: JudgedScan) -> "ScanTrace":
        scan = one.scan
        return cls(
            nonce=scan.nonce,
            gate_id=scan.gate_id,
            device=scan.device,
            way=scan.direction,
            at=scan.at,
            told=scan.told,
            answer=one.answer,
            conflict=one.conflict,
        )


class ConflictView(BaseModel):
    registration_id: UUID
    given_up: bool  # the place was given up or passed on before the scan was known
    scans: list[ScanTrace]


class OneTicket(BaseModel):
    ticket: Ticket


@router.get("/gates/{gate_id}/tickets", responses=problems(GateUnknown))
async def tickets(
    gate_id: UUID,
    who: GateStaff,
    gates: AllGates,
    sessions: AllSessions,
    registrations: AllRegistrations,
    entries: AllTicketScans,
    recordings: AllRecordings,
    page: Paging,
) -> Page[ListedTicket]:
    """All that this gate lets in, to take along offline. No names: those stand on the ticket."""
    gate = await gates.get(gate_id)
    here = await sessions.public(_id={"$in": list(gate.facts.sessions)}, cancelled=None)
    found, following = await registrations.confirmed({one.bookable_id for one in here}, page)
    inside = await entries.inside((one.id for one in found), (one.id for one in here))
    recorded = {one.id for one in here if one.consent_required}
    forms = await recordings.forms(recorded) if recorded else {}
    signed = await entries.consents(one.id for one in found) if recorded else {}
    items = [
        ListedTicket(
            registration_id=one.id,
            bookable_id=one.bookable_id,
            bookable_kind=one.bookable_kind,
            kind=one.kind,
            size=one.size,
            blocked=one.blocked_at is not None,
            inside=one.id in inside,
            released=one.bookable_id not in recorded
            or complete(forms.get(one.bookable_id, ()), signed.get(one.id, ()), one.size, None),
        )
        for one in found
        if not gate.facts.kinds or one.kind in gate.facts.kinds
    ]
    return Page(items=items, next=following)


@router.post("/gates/{gate_id}/scans", responses=problems(GateUnknown))
async def scan(gate_id: UUID, body: Batch, who: GateStaff, desk: TheScanService) -> Results:
    """Scans, as they happen or long after, in any order, as often as the network needs."""
    shown = [PresentedTicket(s.nonce, s.ticket, s.at, s.device, s.way, s.told) for s in body.scans]
    verdicts = await desk.take(gate_id, None, shown)
    return Results(
        results=[
            ScanOut(
                nonce=verdict.nonce,
                answer=verdict.answer,
                conflict=verdict.conflict,
                registration_id=one.id if (one := verdict.registration) else None,
                kind=one.kind if one else None,
                size=one.size if one else None,
                admitted_at=verdict.admitted_at,
            )
            for verdict in verdicts
        ]
    )


@router.post(
    "/sessions/{session_id}/admissions",
    status_code=201,
    responses=problems(SessionUnknown, TicketInvalid, TicketCancelled, *errors.REFUSALS.values()),
)
async def admit(
    session_id: UUID, body: OneTicket, who: GateStaff, sessions: AllSessions, desk: TheScanService
) -> RegistrationView:
    """Let the holder of this ticket in, at a session's plain door: once, from two hours before."""
    await sessions.get(session_id)
    shown = PresentedTicket(uuid4(), body.ticket, now(), "door")
    [verdict] = await desk.take(session_id, default_gate(session_id), [shown])
    one = verdict.registration
    if verdict.answer is ScanResult.ALREADY_IN and one is not None:
        raise errors.AlreadyIn(admitted_at=verdict.admitted_at)
    if verdict.answer is not ScanResult.ADMITTED or one is None:
        raise errors.REFUSALS[verdict.answer]
    return view(one, None)


@router.get("/sessions/{session_id}/conflicts")
async def conflicts(
    session_id: UUID, who: GateStaff, entries: AllTicketScans
) -> list[ConflictView]:
    """Tickets of which an offline device said something else than what was right, or let in with a
    place that somebody else has by now (at most 500)."""
    return [
        ConflictView(
            registration_id=key,
            given_up=given_up,
            scans=[ScanTrace.of(one) for one in judge(scans)[0]],
        )
        for key, (scans, given_up) in (await entries.conflicts(session_id)).items()
    ]


@router.get("/registrations/{registration_id}/scans")
async def trace(registration_id: UUID, who: Organiser, entries: AllTicketScans) -> list[ScanTrace]:
    """Where and when a ticket was shown, in order of time."""
    judged = [one for scans in await entries.of(registration_id) for one in judge(scans)[0]]
    return [ScanTrace.of(one) for one in sorted(judged, key=lambda one: one.scan.effective_at)]
