"""Changes sessions. In the same transaction it opens, changes or closes their seats."""

from datetime import datetime
from uuid import UUID

from services.events.programme.sessions.rules import Command, Plan, Session, SessionFacts
from services.events.programme.sessions.store import Sessions
from services.events.programme.ticket_kinds.rules import SeatOffer
from services.events.programme.ticket_kinds.service import Seats
from shared.contracts.events import CalledOff
from shared.mongo import Tx


class SessionService:
    def __init__(self, sessions: Sessions, seats: Seats) -> None:
        self._sessions = sessions
        self._seats = seats

    async def perform(
        self, tx: Tx, key: UUID, command: Command, now: datetime, *, expects: int | None = None
    ) -> Session:
        """Execute the command in the transaction.

        `expects` is the version that the caller has seen. Raises `PreconditionFailed` if the
        session has another version now, `NoAccount`, `QuotaUnknown`, and what sessions/rules.py
        raises.
        """
        before = await self._sessions.find(key, tx)
        return await self.apply(tx, before, command, now, expects=expects)

    async def apply(
        self,
        tx: Tx,
        before: Session | None,
        command: Command,
        now: datetime,
        *,
        expects: int | None = None,
    ) -> Session:
        """The same as `perform`, for a session that this transaction has already read."""
        if isinstance(command, Plan):
            self._seats.check_fees(command.facts.kinds)
        after = await self._sessions.apply(tx, before, command, now, expects=expects)
        if after == before:
            return after
        await self._seats.check_quotas(tx, after.working.kinds)
        if not after.published or after.of_course:
            return after
        if after.cancelled is not None:
            why = CalledOff(reason=after.cancelled.reason, revision=after.revision)
            await self._seats.close(tx, after.id, why)
        elif before is None or not before.published or _terms(before.facts) != _terms(after.facts):
            await self._seats.open(tx, after.id, _offer(after.facts))
        return after


def _offer(facts: SessionFacts) -> SeatOffer:
    return SeatOffer(
        bookable_kind="session",
        capacity=facts.capacity,
        kinds=facts.kinds,
        opens_at=facts.opens_at,
        closes_at=facts.closes_at,
        starts_at=facts.starts_at,
        ends_at=facts.ends_at,
    )


def _terms(facts: SessionFacts) -> tuple[object, ...]:
    """What booking needs to know. The times of a session matter only if it costs something."""
    costs = any(kind.fee for kind in facts.kinds)
    times = (facts.starts_at, facts.ends_at) if costs else None
    return facts.kinds, facts.capacity, facts.opens_at, facts.closes_at, times
