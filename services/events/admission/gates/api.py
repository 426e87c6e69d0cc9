from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from services.events.admission.gates import errors
from services.events.admission.gates.rules import Describe, Gate, GateFacts, GateUnknown, door
from services.events.admission.gates.store import Gates, TicketScans
from services.events.admission.recordings.consent import complete
from services.events.admission.recordings.store import Recordings
from services.events.admission.scans.presented import PresentedTicket
from services.events.admission.scans.rules import JudgedScan, ScanDirection, ScanResult, judge
from services.events.admission.scans.service import ScanService
from services.events.admission.tickets.rules import TicketCancelled, TicketInvalid
from services.events.booking.registrations.store import Registrations
from services.events.booking.registrations.views import RegistrationView, view
from services.events.programme.editions.rules import EditionUnknown
from services.events.programme.editions.store import Editions
from services.events.programme.sessions.rules import SessionUnknown
from services.events.programme.sessions.store import Sessions
from services.events.programme.ticket_kinds.rules import TicketKind
from shared.clock import Moment, now
from shared.errors import PreconditionFailed, PreconditionRequired
from shared.http.access import requires
from shared.http.execute import Execute, reply
from shared.http.paging import Page, Paging
from shared.http.principal import Principal
from shared.http.problems import problems
from shared.http.provided import provided
from shared.ids import new_id
from shared.roles import Role

router = APIRouter(prefix="/v1", tags=["gates"])
AllGates = Annotated[Gates, Depends(provided(Gates))]
AllEntries = Annotated[TicketScans, Depends(provided(TicketScans))]
AllEditions = Annotated[Editions, Depends(provided(Editions))]
AllSessions = Annotated[Sessions, Depends(provided(Sessions))]
AllRecordings = Annotated[Recordings, Depends(provided(Recordings))]
AllRegistrations = Annotated[Registrations, Depends(provided(Registrations))]
Desk = Annotated[ScanService, Depends(provided(ScanService))]
Organiser = Annotated[Principal, Depends(requires(Role.ORGANISER))]
Staff = Annotated[Principal, Depends(requires(Role.GATE))]
Ticket = Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class GateView(BaseModel):
    id: UUID
    edition_id: UUID
    facts: GateFacts

    @classmethod
    def of(cls, gate: Gate) -> "GateView":
        return cls.model_validate(gate, from_attributes=True)


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
    session_id: UUID  # or the course that it is for
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
            way=scan.way,
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


@router.post(
    "/editions/{edition_id}/gates",
    status_code=201,
    response_model=GateView,
    responses=problems(EditionUnknown, SessionUnknown),
)
async def describe(
    edition_id: UUID,
    body: GateFacts,
    who: Organiser,
    editions: AllEditions,
    sessions: AllSessions,
    gates: AllGates,
    execute: Execute,
) -> Response:
    """A gate, for one session or many (a venue's front door)."""
    await editions.get(edition_id)
    for session_id in body.sessions:
        await sessions.get(session_id)
    key = new_id()
    return await execute(gates, key, Describe(key, edition_id, body), GateView.of, status=201)


@router.put(
    "/gates/{gate_id}",
    response_model=GateView,
    responses=problems(GateUnknown, SessionUnknown, PreconditionFailed, PreconditionRequired),
)
async def correct(
    gate_id: UUID,
    body: GateFacts,
    who: Organiser,
    sessions: AllSessions,
    gates: AllGates,
    execute: Execute,
) -> Response:
    """Other rules from now on; scans that are in already keep what they were worth."""
    known = await gates.get(gate_id)
    for session_id in body.sessions:
        await sessions.get(session_id)
    command = Describe(gate_id, known.edition_id, body)
    return await execute(gates, gate_id, command, GateView.of, must_match=True)


@router.get("/editions/{edition_id}/gates")
async def browse(edition_id: UUID, who: Staff, gates: AllGates) -> list[GateView]:
    return [GateView.of(gate) for gate in await gates.of_edition(edition_id)]


@router.get("/gates/{gate_id}", response_model=GateView, responses=problems(GateUnknown))
async def read(gate_id: UUID, who: Staff, gates: AllGates) -> Response:
    gate = await gates.get(gate_id)
    return reply(GateView.of(gate), version=gate.version).response()


@router.get("/gates/{gate_id}/tickets", responses=problems(GateUnknown))
async def tickets(
    gate_id: UUID,
    who: Staff,
    gates: AllGates,
    sessions: AllSessions,
    registrations: AllRegistrations,
    entries: AllEntries,
    recordings: AllRecordings,
    page: Paging,
) -> Page[ListedTicket]:
    """All that this gate lets in, to take along offline. No names: those stand on the ticket."""
    gate = await gates.get(gate_id)
    here = await sessions.public(_id={"$in": list(gate.facts.sessions)}, cancelled=None)
    found, following = await registrations.confirmed({one.owner_id for one in here}, page)
    inside = await entries.inside((one.id for one in found), (one.id for one in here))
    recorded = {one.id for one in here if one.asks_release}
    forms = await recordings.forms(recorded) if recorded else {}
    signed = await entries.released(one.id for one in found) if recorded else {}
    items = [
        ListedTicket(
            registration_id=one.id,
            session_id=one.session_id,
            kind=one.kind,
            size=one.size,
            blocked=one.blocked_at is not None,
            inside=one.id in inside,
            released=one.session_id not in recorded
            or complete(forms.get(one.session_id, ()), signed.get(one.id, ()), one.size, None),
        )
        for one in found
        if not gate.facts.kinds or one.kind in gate.facts.kinds
    ]
    return Page(items=items, next=following)


@router.post("/gates/{gate_id}/scans", responses=problems(GateUnknown))
async def scan(gate_id: UUID, body: Batch, who: Staff, desk: Desk) -> Results:
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
    session_id: UUID, body: OneTicket, who: Staff, sessions: AllSessions, desk: Desk
) -> RegistrationView:
    """Let the holder of this ticket in, at a session's plain door: once, from two hours before."""
    await sessions.get(session_id)
    shown = PresentedTicket(uuid4(), body.ticket, now(), "door")
    [verdict] = await desk.take(session_id, door(session_id), [shown])
    one = verdict.registration
    if verdict.answer is ScanResult.ALREADY_IN and one is not None:
        raise errors.AlreadyIn(admitted_at=verdict.admitted_at)
    if verdict.answer is not ScanResult.ADMITTED or one is None:
        raise errors.REFUSALS[verdict.answer]
    return view(one, None)


@router.get("/sessions/{session_id}/conflicts")
async def conflicts(session_id: UUID, who: Staff, entries: AllEntries) -> list[ConflictView]:
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
async def trace(registration_id: UUID, who: Organiser, entries: AllEntries) -> list[ScanTrace]:
    """Where and when a ticket was shown, in order of time."""
    judged = [one for scans in await entries.of(registration_id) for one in judge(scans)[0]]
    return [ScanTrace.of(one) for one in sorted(judged, key=lambda one: one.scan.turn)]
