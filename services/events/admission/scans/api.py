"""Scans: what gates see of tickets, online or offline."""

from uuid import UUID, uuid4

from fastapi import APIRouter

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
from services.events.admission.scans.rules import ScanResult, judge
from services.events.admission.scans.views import (
    Batch,
    ConflictView,
    ListedTicket,
    OneTicket,
    Results,
    ScanOut,
    ScanTrace,
)
from services.events.admission.tickets.rules import TicketCancelled, TicketInvalid
from services.events.booking.dependencies import AllRegistrations
from services.events.booking.registrations.views import RegistrationView, view
from services.events.dependencies import GateStaff, Organiser
from services.events.programme.dependencies import AllSessions
from services.events.programme.sessions.rules import SessionUnknown
from shared.clock import now
from shared.http.paging import Page, Paging
from shared.http.problems import problems

router = APIRouter(prefix="/v1", tags=["scans"])


@router.get("/gates/{gate_id}/tickets", responses=problems(GateUnknown))
async def list_tickets_of_gate(
    gate_id: UUID,
    who: GateStaff,
    gates: AllGates,
    sessions: AllSessions,
    registrations: AllRegistrations,
    entries: AllTicketScans,
    recordings: AllRecordings,
    page: Paging,
) -> Page[ListedTicket]:
    """All tickets that this gate lets in, for a device that goes offline. It has no names."""
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
async def scan_tickets(gate_id: UUID, body: Batch, who: GateStaff, desk: TheScanService) -> Results:
    """Send scans, as they happen or long after, in any order, as often as needed."""
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
async def admit_ticket(
    session_id: UUID, body: OneTicket, who: GateStaff, sessions: AllSessions, desk: TheScanService
) -> RegistrationView:
    """Let the holder of this ticket in at a session that has no gate of its own.

    This is possible once, from two hours before the session.
    """
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
async def list_scan_conflicts(
    session_id: UUID, who: GateStaff, entries: AllTicketScans
) -> list[ConflictView]:
    """Tickets about which a device that was offline was wrong, at most 500.

    It said something else than what was right, or let somebody in with a seat that somebody
    else has by now.
    """
    return [
        ConflictView(
            registration_id=key,
            given_up=given_up,
            scans=[ScanTrace.of(one) for one in judge(scans)[0]],
        )
        for key, (scans, given_up) in (await entries.conflicts(session_id)).items()
    ]


@router.get("/registrations/{registration_id}/scans")
async def list_scans(
    registration_id: UUID, who: Organiser, entries: AllTicketScans
) -> list[ScanTrace]:
    """Where and when a ticket was shown, in order of time."""
    judged = [one for scans in await entries.of(registration_id) for one in judge(scans)[0]]
    return [ScanTrace.of(one) for one in sorted(judged, key=lambda one: one.scan.effective_at)]
