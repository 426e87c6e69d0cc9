"""Takes scans, as they happen or long after, and returns the result of each."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.events.admission.gates.rules import GateFacts, GateUnknown
from services.events.admission.scans.presented import (
    PresentedTicket,
    as_told,
    by_session,
    consent_check,
    with_new_scans,
)
from services.events.admission.scans.queries import ScanContext, ScanQueries, Ticket
from services.events.admission.scans.rules import Scan, ScanResult, admitted_at, given_up, judge
from services.events.admission.scans.store import NO_SCANS, TicketScans, ticket_scans_id
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


class ScanAnswer(NamedTuple):
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


ScanAnswers = dict[tuple[UUID, UUID], ScanAnswer]
"""By registration and nonce."""


class ScanService:
    def __init__(
        self, mongo: Mongo, outbox: Outbox, audit: Audit, clock: Clock, tickets: TicketSigner,
        registrations: Registrations, scans: TicketScans, queries: ScanQueries,
    ) -> None:  # fmt: skip
        self._mongo = mongo
        self._outbox = outbox
        self._audit = audit
        self._clock = clock
        self._tickets = tickets
        self._registrations = registrations
        self._scans = scans
        self._queries = queries
        self._batcher: Batcher[Request, ScanAnswers] = Batcher(self._flush, max_batch=64)

    async def take(
        self, gate_id: UUID, gate: GateFacts | None, shown: Sequence[PresentedTicket]
    ) -> list[ScanAnswer]:
        """The answer to each, in the order given. Scans that are sent again get the same answers.

        A single scan is decided together with other single scans of the same moment, and a batch by
        itself, so nobody at a gate waits for the batch of another gate. If two replicas scan one
        ticket at the same instant, they write the same document: one of the transactions runs again
        and finds that the holder is inside. Raises `GateUnknown`.
        """
        tickets: defaultdict[Ticket, list[PresentedTicket]] = defaultdict(list)
        holders = [self._holder(one.ticket) for one in shown]
        for ticket, one in zip(holders, shown, strict=True):
            if ticket is not None:
                tickets[ticket].append(one)
        request = Request(gate_id, gate, tickets, current_cause())
        if len(shown) == 1:
            found = await self._batcher(request)
        else:
            [done] = await self._flush([request])
            if isinstance(done, Exception):
                raise done
            found = done
        unknown = (ScanAnswer(one.nonce, ScanResult.UNKNOWN, False, None) for one in shown)
        return [
            found.get((ticket[0], other.nonce), other) if ticket else other
            for ticket, other in zip(holders, unknown, strict=True)
        ]

    def _holder(self, ticket: str) -> Ticket | None:
        """What a ticket is for; None if we have not signed it."""
        try:
            return self._tickets.read(ticket)
        except TicketInvalid:
            return None

    async def _flush(self, requests: Sequence[Request]) -> list[ScanAnswers | Exception]:
        return await self._mongo.transaction(lambda tx: self._decide(tx, requests))

    async def _decide(self, tx: Tx, requests: Sequence[Request]) -> list[ScanAnswers | Exception]:
        """One request after the other: each sees what those before it have changed."""
        gates = {one.gate_id for one in requests if one.gate is None}
        context = await self._queries.read(tx, gates, {t for one in requests for t in one.tickets})
        now = self._clock()  # after reading: so nothing that was read is later
        answers: list[ScanAnswers | Exception] = []
        for one in requests:
            gate = one.gate or context.gates.get(one.gate_id)
            if gate is None:
                answers.append(GateUnknown())
                continue
            found: ScanAnswers = {}
            for (registration_id, bookable_id), shown in one.tickets.items():
                registration = context.registrations.get(registration_id)
                if registration is not None and registration.bookable_id == bookable_id:
                    here = context.sessions.get(bookable_id, ())
                    found |= self._judge_ticket(
                        tx, one, gate, registration, here, shown, context, now
                    )
            answers.append(found)
        return answers

    def _judge_ticket(
        self, tx: Tx, request: Request, gate: GateFacts, registration: Registration,
        sessions: Sequence[Session], shown: Sequence[PresentedTicket],
        context: ScanContext, now: datetime,
    ) -> ScanAnswers:  # fmt: skip
        """Judges one ticket's scans, writes them, and updates the context for the next request."""
        keys = {session.id: ticket_scans_id(registration, session.id) for session in sessions}
        signed = context.scans.get(registration.id, NO_SCANS).consents
        scans = {key: context.scans.get(scans_id, NO_SCANS).scans for key, scans_id in keys.items()}
        after = registration
        found: ScanAnswers = {}
        for session, some in by_session(gate, sessions, scans, shown, now):
            before = scans[session.id]
            forms = context.forms.get(session.id, ())
            agreed = consent_check(session, forms, signed, registration.size)
            all_scans = with_new_scans(
                request.gate_id, gate, registration, session, before, some, now, agreed
            )
            judged, inside = judge(all_scans)
            judged = [as_told(one) for one in judged]
            scans[session.id] = [one.scan for one in judged]
            if len(judged) > len(before):
                known = context.scans.get(keys[session.id], NO_SCANS)
                context.scans[keys[session.id]] = known._replace(scans=scans[session.id])
                self._scans.write(
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
            found |= {
                (registration.id, one.scan.nonce): ScanAnswer(
                    one.scan.nonce, one.answer, one.conflict or lost, after, first
                )
                for one in judged
                if one.scan.nonce in wanted
            }
        context.registrations[registration.id] = after
        return found

    def _note_admission(
        self,
        tx: Tx,
        registration: Registration,
        scans: Iterable[Sequence[Scan]],
        cause: Cause,
    ) -> Registration:
        """The event of the first admission is sent once, even if an earlier scan arrives later."""
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
