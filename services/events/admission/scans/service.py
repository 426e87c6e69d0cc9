"""The gate desk: takes in scans, as they happen or long after, and says what each is worth."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.events.admission.gates.rules import GateFacts, GateUnknown
from services.events.admission.scans.presented import (
    PresentedTicket,
    by_session,
    noted,
    released,
    said,
)
from services.events.admission.scans.queries import ScanContext, ScanQueries, Ticket
from services.events.admission.scans.rules import Scan, ScanResult, admitted_at, given_up, judge
from services.events.admission.scans.store import NOTHING, TicketScans, entry_id
from services.events.admission.tickets.rules import TicketInvalid
from services.events.admission.tickets.signature import TicketSigner
from services.events.booking.registrations.commands import Admit
from services.events.booking.registrations.state import Registration
from services.events.booking.registrations.store import Registrations
from services.events.programme.sessions.rules import Session
from shared.audit import Audit
from shared.batcher import Batcher
from shared.cause import Cause, current_cause
from shared.clock import Clock
from shared.mongo import Mongo, Tx
from shared.outbox.store import Outbox


class Verdict(NamedTuple):
    nonce: UUID
    answer: ScanResult
    conflict: bool
    registration: Registration | None  # None for an unknown ticket
    admitted_at: datetime | None = None  # when the holder was first let in, at this session


class Request(NamedTuple):
    gate_id: UUID
    gate: GateFacts | None  # None: as the gate is described
    tickets: dict[Ticket, list[PresentedTicket]]
    cause: Cause


Verdicts = dict[tuple[UUID, UUID], Verdict]
"""By registration and nonce."""


class ScanService:
    def __init__(
        self, mongo: Mongo, outbox: Outbox, audit: Audit, clock: Clock, tickets: TicketSigner,
        registrations: Registrations, entries: TicketScans, shelf: ScanQueries,
    ) -> None:  # fmt: skip
        self._mongo = mongo
        self._outbox = outbox
        self._audit = audit
        self._clock = clock
        self._tickets = tickets
        self._registrations = registrations
        self._entries = entries
        self._shelf = shelf
        self._gather: Batcher[Request, Verdicts] = Batcher(self._flush, max_batch=64)

    async def take(
        self, gate_id: UUID, gate: GateFacts | None, shown: Sequence[PresentedTicket]
    ) -> list[Verdict]:
        """What each is worth, in the order given. Sent again, they are answered the same.

        Whoever stands at a gate waits for no batch of another: single scans are judged together
        with others that come at the same moment, a batch by itself. Two replicas that scan one
        ticket at the same instant write the same document: one of the transactions runs again and
        finds the holder in. Raises `GateUnknown`.
        """
        tickets: defaultdict[Ticket, list[PresentedTicket]] = defaultdict(list)
        holders = [self._holder(one.ticket) for one in shown]
        for ticket, one in zip(holders, shown, strict=True):
            if ticket is not None:
                tickets[ticket].append(one)
        request = Request(gate_id, gate, tickets, current_cause())
        if len(shown) == 1:
            verdicts = await self._gather(request)
        else:
            [done] = await self._flush([request])
            if isinstance(done, Exception):
                raise done
            verdicts = done
        unknown = (Verdict(one.nonce, ScanResult.UNKNOWN, False, None) for one in shown)
        return [
            verdicts.get((ticket[0], no.nonce), no) if ticket else no
            for ticket, no in zip(holders, unknown, strict=True)
        ]

    def _holder(self, ticket: str) -> Ticket | None:
        """What a ticket is for; None if it is none of ours."""
        try:
            return self._tickets.read(ticket)
        except TicketInvalid:
            return None

    async def _flush(self, requests: Sequence[Request]) -> list[Verdicts | Exception]:
        return await self._mongo.transaction(lambda tx: self._serve(tx, requests))

    async def _serve(self, tx: Tx, requests: Sequence[Request]) -> list[Verdicts | Exception]:
        """Each in turn: what one changes, the next one sees."""
        gates = {one.gate_id for one in requests if one.gate is None}
        at_hand = await self._shelf.read(tx, gates, {t for one in requests for t in one.tickets})
        now = self._clock()  # after what is known: nothing of that is later
        answers: list[Verdicts | Exception] = []
        for one in requests:
            gate = one.gate or at_hand.gates.get(one.gate_id)
            if gate is None:
                answers.append(GateUnknown())
                continue
            verdicts: Verdicts = {}
            for (registration_id, bookable_id), shown in one.tickets.items():
                registration = at_hand.registrations.get(registration_id)
                if registration is not None and registration.bookable_id == bookable_id:
                    here = at_hand.sessions.get(bookable_id, ())
                    verdicts |= self._judge(tx, one, gate, registration, here, shown, at_hand, now)
            answers.append(verdicts)
        return answers

    def _judge(
        self, tx: Tx, request: Request, gate: GateFacts, registration: Registration,
        sessions: Sequence[Session], shown: Sequence[PresentedTicket],
        at_hand: ScanContext, now: datetime,
    ) -> Verdicts:  # fmt: skip
        """One ticket's scans. What it comes to is written, and put back where it was at hand."""
        keys = {session.id: entry_id(registration, session.id) for session in sessions}
        signed = at_hand.entries.get(registration.id, NOTHING).released
        scans = {key: at_hand.entries.get(entry, NOTHING).scans for key, entry in keys.items()}
        after = registration
        verdicts: Verdicts = {}
        for session, some in by_session(gate, sessions, scans, shown, now):
            before = scans[session.id]
            forms = at_hand.forms.get(session.id, ())
            agreed = released(session, forms, signed, registration.size)
            all_scans = noted(
                request.gate_id, gate, registration, session, before, some, now, agreed
            )
            judged, inside = judge(all_scans)
            judged = [said(one) for one in judged]
            scans[session.id] = [one.scan for one in judged]
            if len(judged) > len(before):
                known = at_hand.entries.get(keys[session.id], NOTHING)
                at_hand.entries[keys[session.id]] = known._replace(scans=scans[session.id])
                self._entries.write(
                    tx,
                    registration,
                    session.id,
                    judged,
                    inside,
                    lost=given_up(registration, judged),
                )
                after = self._note_admission(tx, after, scans.values(), request.cause)
                self._audit.record(
                    tx, "registration.scan", "registration", after.id, now,
                    version=after.version, cause=request.cause,
                )  # fmt: skip
            wanted = {one.nonce for one in some}
            first, lost = admitted_at(judged), given_up(registration, judged)
            verdicts |= {
                (registration.id, one.scan.nonce): Verdict(
                    one.scan.nonce, one.answer, one.conflict or lost, after, first
                )
                for one in judged
                if one.scan.nonce in wanted
            }
        at_hand.registrations[registration.id] = after
        return verdicts

    def _note_admission(
        self,
        tx: Tx,
        registration: Registration,
        scans: Iterable[Sequence[Scan]],
        cause: Cause,
    ) -> Registration:
        """Others hear of the first admission once, even if an earlier one turns up later."""
        moments = [admitted_at(judge(of_session)[0]) for of_session in scans]
        first = min((at for at in moments if at is not None), default=None)
        if first is None:
            return registration
        decision = Admit(first).decide(registration)
        after = decision.stored()
        if after != registration:
            self._registrations.write(tx, registration, after)
        for event in decision.events:
            self._outbox.add(tx, event, sequence=after.version, cause=cause)
        return after
