"""The gate desk: takes in scans, as they happen or long after, and says what each is worth."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple
from uuid import UUID

from services.events.gates.rules import Facts
from services.events.gates.scans import (
    Answer,
    Judged,
    Scan,
    Way,
    admitted_at,
    barred,
    judge,
    session_at,
    turn,
)
from services.events.gates.store import NOTHING, Entries, entry_id
from services.events.recordings.release import Form, Signed, complete
from services.events.recordings.store import Recordings
from services.events.registrations.state import Registration
from services.events.registrations.store import Registrations
from services.events.sessions.rules import Session
from services.events.sessions.store import Sessions
from services.events.tickets.rules import TicketInvalid
from services.events.tickets.signer import Tickets
from shared.audit import Audit
from shared.clock import Clock
from shared.contracts.events import RegistrationAdmitted
from shared.mongo import Mongo, Tx
from shared.outbox.store import Outbox


@dataclass(frozen=True, slots=True)
class Shown:
    """A ticket that a device has read."""

    nonce: UUID
    ticket: str
    at: datetime
    device: str
    way: Way = Way.IN
    told: Answer | None = None


class Verdict(NamedTuple):
    nonce: UUID
    answer: Answer
    conflict: bool
    registration: Registration | None  # None for an unknown ticket
    admitted_at: datetime | None = None  # when the holder was first let in, at this session


class GateDesk:
    def __init__(
        self,
        mongo: Mongo,
        outbox: Outbox,
        audit: Audit,
        clock: Clock,
        tickets: Tickets,
        sessions: Sessions,
        registrations: Registrations,
        entries: Entries,
        recordings: Recordings,
    ) -> None:
        self._mongo = mongo
        self._outbox = outbox
        self._audit = audit
        self._clock = clock
        self._tickets = tickets
        self._sessions = sessions
        self._registrations = registrations
        self._entries = entries
        self._recordings = recordings

    async def take(self, gate_id: UUID, gate: Facts, shown: Sequence[Shown]) -> list[Verdict]:
        """What each is worth, in the order given. Sent again, they are answered the same.

        Two gates that scan one ticket at the same instant write the same document: one of the
        transactions runs again and finds the holder in.
        """
        tickets: defaultdict[UUID, list[Shown]] = defaultdict(list)
        holders: list[UUID | None] = []
        for one in shown:
            holders.append(self._holder(one.ticket))
            if (holder := holders[-1]) is not None:
                tickets[holder].append(one)
        verdicts = await self._mongo.transaction(lambda tx: self._judge(tx, gate_id, gate, tickets))
        return [
            verdicts.get((holder, one.nonce), Verdict(one.nonce, Answer.UNKNOWN, False, None))
            for holder, one in zip(holders, shown, strict=True)
        ]

    def _holder(self, ticket: str) -> UUID | None:
        """The registration that a ticket is for; None if it is none of ours."""
        try:
            return self._tickets.read(ticket)[0]
        except TicketInvalid:
            return None

    async def _judge(
        self, tx: Tx, gate_id: UUID, gate: Facts, tickets: dict[UUID, list[Shown]]
    ) -> dict[tuple[UUID | None, UUID], Verdict]:
        registrations = await self._registrations.read(tx, tickets)
        owners = {one.session_id for one in registrations}
        sessions = {key: await self._sessions.of_owner(key, tx) for key in owners}
        known = await self._entries.read(
            tx, [entry_id(one, s.id) for one in registrations for s in sessions[one.session_id]]
        )
        now = self._clock()  # after what is known: nothing of that is later
        recorded = [s.id for held in sessions.values() for s in held if s.asks_release]
        forms = await self._recordings.forms(recorded, tx) if recorded else {}
        verdicts: dict[tuple[UUID | None, UUID], Verdict] = {}
        for registration in registrations:
            here = sessions[registration.session_id]
            signed = known.get(registration.id, NOTHING).released
            scans = {s.id: known.get(entry_id(registration, s.id), NOTHING).scans for s in here}
            shown = _by_session(gate, here, scans, tickets[registration.id], now)
            after = registration
            for session, some in shown:
                before = scans[session.id]
                at_session = replace(registration, session_id=session.id)
                released = _released(session, forms.get(session.id, ()), signed, registration.size)
                all_scans = _noted(gate_id, gate, at_session, session, before, some, now, released)
                judged, inside = judge(all_scans)
                judged = [_said(one) for one in judged]
                scans[session.id] = [one.scan for one in judged]
                if len(judged) > len(before):
                    self._entries.write(tx, registration, session.id, judged, inside)
                    after = self._note_admission(tx, after, scans.values())
                    key, version = after.id, after.version
                    self._audit.note(
                        tx, "registration.scan", "registration", key, now, version=version
                    )
                wanted = {one.nonce for one in some}
                first = admitted_at(judged)
                verdicts |= {
                    (registration.id, one.scan.nonce): Verdict(
                        one.scan.nonce, one.answer, one.conflict, after, first
                    )
                    for one in judged
                    if one.scan.nonce in wanted
                }
        return verdicts

    def _note_admission(
        self, tx: Tx, registration: Registration, scans: Iterable[Sequence[Scan]]
    ) -> Registration:
        """Others hear of the first admission once, even if an earlier one turns up later."""
        moments = [admitted_at(judge(of_session)[0]) for of_session in scans]
        first = min((at for at in moments if at is not None), default=None)
        if first is None or first == registration.admitted_at:
            return registration
        after = replace(registration, admitted_at=first, version=registration.version + 1)
        self._registrations.write(tx, registration, after)
        if registration.admitted_at is None:
            told = RegistrationAdmitted(
                registration_id=after.id,
                session_id=after.session_id,
                person_id=after.person_id,
                admitted_at=first,
            )
            self._outbox.tell(tx, told, sequence=after.version)
        return after


def _by_session(
    gate: Facts,
    sessions: Sequence[Session],
    known: Mapping[UUID, Sequence[Scan]],
    shown: Sequence[Shown],
    now: datetime,
) -> list[tuple[Session, list[Shown]]]:
    """For which session each is: a scan sent again is for the one it was for before, one on the
    way out for the one that was last entered by then."""
    noted = {scan.nonce: key for key, scans in known.items() for scan in scans}
    entered = [
        (scan.turn, key)
        for key, scans in known.items()
        for scan in scans
        if scan.way is Way.IN and scan.barred is None and key in gate.sessions
    ]
    found: defaultdict[UUID, list[Shown]] = defaultdict(list)
    for moment, one in sorted(
        ((now if one.told is None else one.at, one) for one in shown), key=itemgetter(0)
    ):
        key = noted.get(one.nonce)
        if key is None and one.way is Way.OUT:
            key = max((each for each in entered if each[0] <= moment), default=(now, None))[1]
        if key is None:
            key = session_at(gate, sessions, moment).id
            if one.way is Way.IN:
                entered.append((moment, key))
        found[key].append(one)
    return [(session, found[session.id]) for session in sessions if session.id in found]


def _noted(
    gate_id: UUID,
    gate: Facts,
    registration: Registration,
    session: Session,
    before: Sequence[Scan],
    shown: Sequence[Shown],
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


def _released(
    session: Session, forms: Sequence[Form], signed: Sequence[Signed], size: int
) -> Callable[[datetime | None], bool]:
    """Whether everybody on a ticket had agreed to be seen, at a moment or (None) now."""
    return lambda at: not session.asks_release or complete(forms, signed, size, at)


def _said(one: Judged) -> Judged:
    """Who asked before saying anything says this."""
    return Judged(replace(one.scan, told=one.scan.told or one.answer), one.answer)


def _scan(
    one: Shown, stands: datetime, gate_id: UUID, gate: Facts, keeps_out: Answer | None
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
