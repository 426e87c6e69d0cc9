"""Tickets as devices show them, put beside what is on record: what becomes a scan, and of which
session. Pure, as gates/scans.py is, which says what each is worth then."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from uuid import UUID

from services.events.admission.gates.rules import GateFacts
from services.events.admission.recordings.consent import ConsentFormVersion, Signed, complete
from services.events.admission.scans.rules import (
    JudgedScan,
    Scan,
    ScanDirection,
    ScanResult,
    barred,
    session_at,
    turn,
)
from services.events.booking.registrations.state import Registration
from services.events.programme.sessions.rules import Session


@dataclass(frozen=True, slots=True)
class PresentedTicket:
    """A ticket that a device has read."""

    nonce: UUID
    ticket: str
    at: datetime
    device: str
    way: ScanDirection = ScanDirection.IN
    told: ScanResult | None = None


def by_session(
    gate: GateFacts,
    sessions: Sequence[Session],
    known: Mapping[UUID, Sequence[Scan]],
    shown: Sequence[PresentedTicket],
    now: datetime,
) -> list[tuple[Session, list[PresentedTicket]]]:
    """For which session each is: a scan sent again is for the one it was for before, one on the
    way out for the one that was last entered by then."""
    noted = {scan.nonce: key for key, scans in known.items() for scan in scans}
    entered = [
        (scan.turn, key)
        for key, scans in known.items()
        for scan in scans
        if scan.way is ScanDirection.IN and scan.barred is None and key in gate.sessions
    ]
    found: defaultdict[UUID, list[PresentedTicket]] = defaultdict(list)
    for moment, one in sorted(
        ((now if one.told is None else one.at, one) for one in shown), key=itemgetter(0)
    ):
        key = noted.get(one.nonce)
        if key is None and one.way is ScanDirection.OUT:
            key = max((each for each in entered if each[0] <= moment), default=(now, None))[1]
        if key is None:
            key = session_at(gate, sessions, moment).id
            if one.way is ScanDirection.IN:
                entered.append((moment, key))
        found[key].append(one)
    return [(session, found[session.id]) for session in sessions if session.id in found]


def noted(
    gate_id: UUID,
    gate: GateFacts,
    registration: Registration,
    session: Session,
    before: Sequence[Scan],
    shown: Sequence[PresentedTicket],
    now: datetime,
    released: Callable[[datetime | None], bool],
) -> list[Scan]:
    """All scans of a ticket at a session, with those that are new."""
    scans = {scan.nonce: scan for scan in before}
    for one in shown:
        if one.nonce not in scans:
            moment = now if one.told is None else one.at
            signed = released(None if one.told is None else one.at)
            keeps_out = barred(gate, registration, session, one.way, moment, released=signed)
            stands = turn(moment, one.told, scans.values())
            scans[one.nonce] = _scan(one, stands, gate_id, gate, keeps_out)
    return list(scans.values())


def released(
    session: Session, forms: Sequence[ConsentFormVersion], signed: Sequence[Signed], size: int
) -> Callable[[datetime | None], bool]:
    """Whether everybody on a ticket had agreed to be seen, at a moment or (None) now."""
    return lambda at: not session.consent_required or complete(forms, signed, size, at)


def said(one: JudgedScan) -> JudgedScan:
    """Who asked before saying anything says this."""
    return JudgedScan(replace(one.scan, told=one.scan.told or one.answer), one.answer)


def _scan(
    one: PresentedTicket,
    stands: datetime,
    gate_id: UUID,
    gate: GateFacts,
    keeps_out: ScanResult | None,
) -> Scan:
    return Scan(
        nonce=one.nonce,
        at=one.at,
        turn=stands,
        gate_id=gate_id,
        device=one.device,
        way=one.way,
        told=one.told,
        barred=keeps_out,
        re_entry=gate.re_entry,
    )
