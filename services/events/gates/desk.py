"""The gate desk: takes in scans, as they happen or long after, and says what each is worth."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.events.gates.rules import Facts
from services.events.gates.scans import Answer, Judged, Scan, Way, admitted_at, barred, judge, turn
from services.events.gates.store import Entries
from services.events.registrations.state import Registration
from services.events.registrations.store import Registrations
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
    ) -> None:
        self._mongo = mongo
        self._outbox = outbox
        self._audit = audit
        self._clock = clock
        self._tickets = tickets
        self._sessions = sessions
        self._registrations = registrations
        self._entries = entries

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
        now = self._clock()
        registrations = await self._registrations.read(tx, tickets)
        known = await self._entries.read(tx, tickets)
        sessions = {one.session_id for one in registrations}
        facts = {key: (await self._sessions.get(key, tx)).facts for key in sessions}
        verdicts: dict[tuple[UUID | None, UUID], Verdict] = {}
        for registration in registrations:
            session = facts[registration.session_id]
            scans = {scan.nonce: scan for scan in known.get(registration.id, ())}
            before = len(scans)
            for one in tickets[registration.id]:
                if one.nonce not in scans:
                    moment = now if one.told is None else one.at
                    keeps_out = barred(gate, registration, session, one.way, moment)
                    stands = turn(moment, one.told, scans.values())
                    scans[one.nonce] = _scan(one, stands, gate_id, gate, keeps_out)
            judged, inside = judge(scans.values())
            judged = [_said(one) for one in judged]
            after = registration
            if len(scans) > before:
                self._entries.write(tx, registration, judged, inside)
                after = self._note_admission(tx, registration, judged)
                self._audit.note(
                    tx, "registration.scan", "registration", after.id, now, version=after.version
                )
            wanted = {one.nonce for one in tickets[registration.id]}
            verdicts |= {
                (registration.id, one.scan.nonce): Verdict(
                    one.scan.nonce, one.answer, one.conflict, after
                )
                for one in judged
                if one.scan.nonce in wanted
            }
        return verdicts

    def _note_admission(
        self, tx: Tx, registration: Registration, judged: Sequence[Judged]
    ) -> Registration:
        """Others hear of the first admission once, even if an earlier one turns up later."""
        first = admitted_at(judged)
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
