"""What a scan is worth: a pure function of all scans of a ticket, in whatever order they came.

Gates go offline. Each notes its scans with its own clock, says something to the holder, and sends
them later, perhaps twice, perhaps after another gate has sent newer ones. So nothing is decided by
who sent first: a ticket's scans are put in order of the moment they were made, and judged from the
beginning. What the holder was told is kept beside what is right; where they differ is a conflict.

A gate that is online asks before it says anything. Its scan counts at the server's time and stands
after all that is known by then, whatever its own clock says: of two gates that ask at the same
instant one is told "already in".
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
    NOT_IN = "not_in"  # on the way out: was never let in, or has left
    CANCELLED = "cancelled"
    BLOCKED = "blocked"
    WRONG_SESSION = "wrong_session"
    WRONG_KIND = "wrong_kind"
    NO_RELEASE = "no_release"  # it is a recording, and not all of them have agreed to be seen
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Scan:
    """A ticket shown at a gate. Two with one nonce are the same scan, sent twice."""

    nonce: UUID
    at: datetime  # by the device's clock
    turn: datetime  # where it stands among the others
    gate_id: UUID
    device: str
    way: ScanDirection
    told: ScanResult | None  # what the holder was told at the time; None: is about to be
    barred: ScanResult | None  # what kept them out whatever else was scanned
    re_entry: ReEntry


class JudgedScan(NamedTuple):
    scan: Scan
    answer: ScanResult

    @property
    def conflict(self) -> bool:
        """The holder was told otherwise."""
        return self.scan.told is not None and self.scan.told is not self.answer


def session_at(gate: GateFacts, sessions: Sequence[Session], at: datetime) -> Session:
    """Which of a course's sessions a ticket is shown for: one of the gate's, the nearest in time.

    Where a gate opens for one before another has ended, it is the one under way. It is one that was
    called off only where the gate had no other.
    """
    here = [one for one in sessions if one.id in gate.sessions] or sessions
    here = [one for one in here if not _called_off(one, at)] or here
    before, after = timedelta(minutes=gate.opens_before), timedelta(minutes=gate.closes_after)

    def far(one: Session) -> tuple[timedelta, timedelta]:
        starts, ends = one.facts.starts_at, one.facts.ends_at
        return _distance(at, starts - before, ends + after), _distance(at, starts, ends)

    return min(here, key=far)


def _distance(at: datetime, starts: datetime, ends: datetime) -> timedelta:
    if at < starts:
        return starts - at
    return timedelta() if at < ends else at - ends + timedelta(milliseconds=1)


def _called_off(session: Session, at: datetime) -> bool:
    return session.cancelled is not None and session.cancelled.at <= at


def barred(
    gate: GateFacts,
    registration: Registration,
    session: Session,
    way: ScanDirection,
    at: datetime,
    *,
    released: bool = True,
) -> ScanResult | None:
    """What keeps the holder out at that moment, whatever else was scanned; None if nothing does.

    Nobody is kept in. `released`: at that moment a release form was signed, or none is asked for.
    """
    if session.id not in gate.sessions:
        return ScanResult.WRONG_SESSION
    if way is ScanDirection.OUT:
        return None
    if gate.kinds and registration.kind not in gate.kinds:
        return ScanResult.WRONG_KIND
    if registration.blocked_at is not None and registration.blocked_at <= at:
        return ScanResult.BLOCKED
    ended = registration.ended_at is not None and registration.ended_at <= at
    if registration.confirmed_at is None or ended or _called_off(session, at):
        return ScanResult.CANCELLED
    if at < session.facts.starts_at - timedelta(minutes=gate.opens_before):
        return ScanResult.TOO_EARLY
    if at >= session.facts.ends_at + timedelta(minutes=gate.closes_after):
        return ScanResult.TOO_LATE
    return None if released else ScanResult.NO_RELEASE


def turn(at: datetime, told: ScanResult | None, others: Iterable[Scan]) -> datetime:
    """Where a new scan stands: at its own moment, or, if somebody waits for the answer, last."""
    latest = max((scan.turn for scan in others), default=None)
    if told is not None or latest is None:
        return at
    return max(at, latest + timedelta(milliseconds=1))


def judge(scans: Iterable[Scan]) -> tuple[list[JudgedScan], bool]:
    """Every scan of one ticket in order, what each is worth, and whether the holder is inside."""
    inside = entered = False
    judged: list[JudgedScan] = []
    for scan in sorted(scans, key=lambda scan: (scan.turn, scan.nonce)):
        if scan.barred is not None:
            answer = scan.barred
        elif scan.way is ScanDirection.OUT:
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
    """Somebody was let in, offline, with a place that was given up or passed on before anybody
    knew: whoever has it now is let in as well."""
    ended, by = registration.ended_at, registration.ended_by
    if ended is None or by is Ending.SESSION:
        return False  # with a session that was called off nobody else got the place
    return any(one.answer is ScanResult.ADMITTED and one.scan.turn < ended for one in judged)


def admitted_at(judged: Iterable[JudgedScan]) -> datetime | None:
    """When the holder was first let in."""
    return next((one.scan.at for one in judged if one.answer is ScanResult.ADMITTED), None)
