"""Which tickets that devices present become new scans, and of which session.

Pure, like rules.py, which then gives the results of the scans.
"""

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
    effective_time,
    refusal,
    session_at,
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
    direction: ScanDirection = ScanDirection.IN
    told: ScanResult | None = None


def by_session(
    gate: GateFacts,
    sessions: Sequence[Session],
    known: Mapping[UUID, Sequence[Scan]],
    shown: Sequence[PresentedTicket],
    now: datetime,
) -> list[tuple[Session, list[PresentedTicket]]]:
    """The presented tickets by session.

    A scan that is sent again belongs to the same session as before. A scan on the way out belongs
    to the session that the holder had entered last by then.
    """
    known_nonces = {scan.nonce: key for key, scans in known.items() for scan in scans}
    entered = [
        (scan.effective_at, key)
        for key, scans in known.items()
        for scan in scans
        if scan.direction is ScanDirection.IN and scan.refusal is None and key in gate.sessions
    ]
    found: defaultdict[UUID, list[PresentedTicket]] = defaultdict(list)
    for moment, one in sorted(
        ((now if one.told is None else one.at, one) for one in shown), key=itemgetter(0)
    ):
        key = known_nonces.get(one.nonce)
        if key is None and one.direction is ScanDirection.OUT:
            key = max((each for each in entered if each[0] <= moment), default=(now, None))[1]
        if key is None:
            key = session_at(gate, sessions, moment).id
            if one.direction is ScanDirection.IN:
                entered.append((moment, key))
        found[key].append(one)
    return [(session, found[session.id]) for session in sessions if session.id in found]


def with_new_scans(
    gate_id: UUID,
    gate: GateFacts,
    registration: Registration,
    session: Session,
    before: Sequence[Scan],
    shown: Sequence[PresentedTicket],
    now: datetime,
    consented: Callable[[datetime | None], bool],
) -> list[Scan]:
    """All scans of a ticket at a session, the new ones too. `consented`: see `consent_check`."""
    scans = {scan.nonce: scan for scan in before}
    for one in shown:
        if one.nonce not in scans:
            moment = now if one.told is None else one.at
            signed = consented(None if one.told is None else one.at)
            refused = refusal(gate, registration, session, one.direction, moment, consented=signed)
            effective_at = effective_time(moment, one.told, scans.values())
            scans[one.nonce] = _scan(one, effective_at, gate_id, gate, refused)
    return list(scans.values())


def consent_check(
    session: Session, forms: Sequence[ConsentFormVersion], signed: Sequence[Signed], size: int
) -> Callable[[datetime | None], bool]:
    """A function that tells if everybody on a ticket had agreed to be filmed, at a moment or
    (None) now."""
    return lambda at: not session.consent_required or complete(forms, signed, size, at)


def as_told(one: JudgedScan) -> JudgedScan:
    """A gate that asked before it told the holder anything tells them this result."""
    return JudgedScan(replace(one.scan, told=one.scan.told or one.answer), one.answer)


def _scan(
    one: PresentedTicket,
    effective_at: datetime,
    gate_id: UUID,
    gate: GateFacts,
    refused: ScanResult | None,
) -> Scan:
    return Scan(
        nonce=one.nonce,
        at=one.at,
        effective_at=effective_at,
        gate_id=gate_id,
        device=one.device,
        direction=one.direction,
        told=one.told,
        refusal=refused,
        re_entry=gate.re_entry,
    )
