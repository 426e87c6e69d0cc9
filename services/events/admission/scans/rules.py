"""The results of a ticket's scans: a pure function of all of them, in whatever order they arrive.

Gates can be offline. Then they store their scans with the time of their own clocks, tell the holder
something, and send the scans later, perhaps twice, perhaps after newer scans of another gate. So it
does not matter which gate sends first: the scans of a ticket are sorted by the time when they were
made, and judged from the first one on. What the holder was told is stored beside the right result.
If the two differ, it is a conflict.

A gate that is online asks before it tells the holder anything. Its scan counts at the server's
time, and after all scans that are stored by then, whatever its own clock says. So if two gates ask
at the same instant, one is told "already in".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from services.events.admission.gates.rules import GateFacts, ReEntry
from services.events.booking.registrations.state import Ending, Registration
from services.events.programme.sessions.rules import Session


class ScanDirection(StrEnum):
    IN = "in"
    OUT = "out"


class ScanResult(StrEnum):
    ADMITTED = "admitted"
    LEFT = "left"
    ALREADY_IN = "already_in"
    NOT_IN = "not_in"  # scanned on the way out, but was never let in, or has left already
    CANCELLED = "cancelled"
    BLOCKED = "blocked"
    WRONG_SESSION = "wrong_session"
    WRONG_KIND = "wrong_kind"
    NO_CONSENT = "no_release"  # it is a recording, and not all of them have agreed to be filmed
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Scan:
    """A ticket that was shown at a gate. Two scans with one nonce are one scan, sent twice."""

    nonce: UUID
    at: datetime  # by the device's clock
    effective_at: datetime  # the time at which it counts; see `effective_time`
    gate_id: UUID
    device: str
    direction: ScanDirection
    told: ScanResult | None  # what the holder was told then; None: nothing yet
    refusal: ScanResult | None  # why the holder is refused, whatever the other scans are
    re_entry: ReEntry


class JudgedScan(NamedTuple):
    scan: Scan
    answer: ScanResult

    @property
    def conflict(self) -> bool:
        """True if the holder was told something else."""
        return self.scan.told is not None and self.scan.told is not self.answer


def session_at(gate: GateFacts, sessions: Sequence[Session], at: datetime) -> Session:
    """The session of a course for which a ticket is shown: the nearest in time of the gate's.

    If a gate opens for one session before another has ended, it is the one that is running. It is a
    cancelled session only if the gate has no other.
    """
    here = [one for one in sessions if one.id in gate.sessions] or sessions
    here = [one for one in here if not _cancelled(one, at)] or here
    before, after = timedelta(minutes=gate.opens_before), timedelta(minutes=gate.closes_after)

    def distance(one: Session) -> tuple[timedelta, timedelta]:
        starts, ends = one.facts.starts_at, one.facts.ends_at
        return _distance(at, starts - before, ends + after), _distance(at, starts, ends)

    return min(here, key=distance)


def _distance(at: datetime, starts: datetime, ends: datetime) -> timedelta:
    if at < starts:
        return starts - at
    return timedelta() if at < ends else at - ends + timedelta(milliseconds=1)


def _cancelled(session: Session, at: datetime) -> bool:
    return session.cancelled is not None and session.cancelled.at <= at


def refusal(
    gate: GateFacts,
    registration: Registration,
    session: Session,
    direction: ScanDirection,
    at: datetime,
    *,
    consented: bool = True,
) -> ScanResult | None:
    """Why the holder is refused at that moment, whatever the other scans are; None if they are not.

    On the way out nobody is refused. `consented`: everybody on the ticket had agreed to be filmed,
    or the session is not recorded.
    """
    if session.id not in gate.sessions:
        return ScanResult.WRONG_SESSION
    if direction is ScanDirection.OUT:
        return None
    if gate.kinds and registration.kind not in gate.kinds:
        return ScanResult.WRONG_KIND
    if registration.blocked_at is not None and registration.blocked_at <= at:
        return ScanResult.BLOCKED
    ended = registration.ended_at is not None and registration.ended_at <= at
    if registration.confirmed_at is None or ended or _cancelled(session, at):
        return ScanResult.CANCELLED
    if at < session.facts.starts_at - timedelta(minutes=gate.opens_before):
        return ScanResult.TOO_EARLY
    if at >= session.facts.ends_at + timedelta(minutes=gate.closes_after):
        return ScanResult.TOO_LATE
    return None if consented else ScanResult.NO_CONSENT


def effective_time(at: datetime, told: ScanResult | None, others: Iterable[Scan]) -> datetime:
    """When a scan counts: at its own time, or after all others if somebody waits for its answer."""
    latest = max((scan.effective_at for scan in others), default=None)
    if told is not None or latest is None:
        return at
    return max(at, latest + timedelta(milliseconds=1))


def judge(scans: Iterable[Scan]) -> tuple[list[JudgedScan], bool]:
    """Every scan of one ticket with its result, in order; and whether the holder is inside."""
    inside = entered = False
    judged: list[JudgedScan] = []
    for scan in sorted(scans, key=lambda scan: (scan.effective_at, scan.nonce)):
        if scan.refusal is not None:
            answer = scan.refusal
        elif scan.direction is ScanDirection.OUT:
            answer = ScanResult.LEFT if inside else ScanResult.NOT_IN
            inside = False
        elif _may_enter(scan.re_entry, inside, entered):
            answer = ScanResult.ADMITTED
            inside = entered = True
        else:
            answer = ScanResult.ALREADY_IN
        judged.append(JudgedScan(scan, answer))
    return judged, inside


def _may_enter(re_entry: ReEntry, inside: bool, entered: bool) -> bool:
    if not entered or re_entry is ReEntry.ALWAYS:
        return True
    return re_entry is ReEntry.AFTER_EXIT and not inside


def given_up(registration: Registration, judged: Iterable[JudgedScan]) -> bool:
    """True if an offline gate let in a holder who had given up or transferred the seat by then.

    The person who has the seat now is let in as well.
    """
    ended, by = registration.ended_at, registration.ended_by
    if ended is None or by is Ending.SESSION:
        return False  # nobody else gets a seat in a cancelled session
    return any(
        one.answer is ScanResult.ADMITTED and one.scan.effective_at < ended for one in judged
    )


def admitted_at(judged: Iterable[JudgedScan]) -> datetime | None:
    """When the holder was first let in."""
    return next((one.scan.at for one in judged if one.answer is ScanResult.ADMITTED), None)
