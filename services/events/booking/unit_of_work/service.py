"""The bookings of one transaction: decided one by one, and the quotas follow.

After each decision the waiting list is served: as long as somebody waits for whom every quota has
enough seats, the first of them is seated. So at no commit is there a free seat that somebody on the
waiting list could have, and nobody but staff takes more seats than there are.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, Self
from uuid import UUID

from services.events.booking.quotas.rules import AccessCode, Quota
from services.events.booking.quotas.store import QuotaStore
from services.events.booking.registrations.commands import Claim
from services.events.booking.registrations.errors import RegistrationUnknown
from services.events.booking.registrations.rules import RegistrationContext, SignTicket, ended
from services.events.booking.registrations.state import Ending, Registration, RegistrationDecision
from services.events.booking.registrations.store import Registrations
from services.events.booking.unit_of_work.commands import BookingCommand
from services.events.booking.unit_of_work.state import Bookings
from services.events.booking.waiting_list.rules import ends_other_waits, seated
from services.events.programme.sessions.rules import SessionUnknown
from services.events.settings import BankAccount, Settings
from shared.audit import Audit
from shared.cause import Cause
from shared.mongo import Tx
from shared.outbox.store import Outbox
from shared.service import Platform

PAGE = 50  # of the waiting list, read at once

Revision = Callable[[RegistrationContext, Registration], RegistrationDecision]
"""Decides on a registration that is named by its id, also one that has ended. The context has what
its holder has there now."""


class BookingStores(NamedTuple):
    quotas: QuotaStore
    registrations: Registrations
    outbox: Outbox
    audit: Audit
    sign: SignTicket
    account: BankAccount | None = None  # where fees are paid to; None: nothing may cost anything

    @classmethod
    def connect(cls, platform: Platform[Settings], sign: SignTicket) -> Self:
        mongo, account = platform.mongo, platform.settings.fee_account
        return cls(
            QuotaStore(mongo), Registrations(mongo), platform.outbox, Audit(mongo), sign, account
        )


class BookingUnitOfWork:
    """Reads what commands need, lets them decide, and writes all of it with `close`."""

    def __init__(self, tx: Tx, stores: BookingStores) -> None:
        self._tx = tx
        self._stores = stores
        self._state = Bookings()

    async def read(self, commands: Iterable[BookingCommand]) -> None:
        """Read all that these look at, with one query for each collection."""
        commands = list(commands)
        state, store = self._state, self._stores.quotas
        claims = {claim for command in commands for claim in command.claims()}
        await self._read_terms({bookable_id for bookable_id, _ in claims})
        requested = [kind for command in commands for kind in command.requested_kinds()]
        codes = {(one.bookable_id, one.code) for one in requested if one.code is not None}
        if codes:
            state.codes = await store.read_codes(self._tx, codes)
        for one in await self._stores.registrations.live(self._tx, claims):
            state.know(one)
        keys = {key for one in state.registrations.values() for key in one.quotas}
        keys |= {code.quota for code in state.codes.values()}
        keys |= {
            key
            for one in requested
            if (terms := state.terms.get(one.bookable_id)) and (kind := terms.kinds.get(one.kind))
            for key in kind.quotas
        }
        await self._read_quotas(keys)

    async def execute(
        self, command: BookingCommand, now: datetime, cause: Cause
    ) -> list[Registration]:
        """Let it decide, serve the waiting list, and keep the events. Raises what the rules raise.

        All registrations that it changed, as they are now. The last is what the person who asked
        has in the end.
        """
        contexts = [self._requested(command, claim) for claim in command.claims()]
        decisions = command.decide(contexts, now)
        freed: set[UUID] = set()
        for decision in decisions:
            before, after, _ = decision
            stored = self._state.apply(decision, cause)
            self._stores.audit.command(self._tx, command, before, stored, now, cause)
            await self._leave_other_waits(before, after, now, cause)
            if before is None:
                continue
            if before.seats > after.seats or before.quotas != after.quotas:
                freed.update(before.quotas)
            if after.waits:  # maybe for less than before
                freed.update(after.quotas)
        if freed:
            await self._serve_waiting(freed, now, cause)
        return [self._state.registrations[one.state.id] for one in decisions]

    async def find(self, keys: Iterable[UUID]) -> None:
        """Read these registrations, ended or not, and what their holders have there now."""
        state, store = self._state, self._stores.registrations
        found = await store.read(self._tx, set(keys) - state.registrations.keys())
        claims = {(one.bookable_id, one.person_id) for one in found} - state.by_claim.keys()
        for one in [*found, *await store.live(self._tx, claims)]:
            if one.id not in state.registrations:
                state.know(one)
        await self._read_terms({one.bookable_id for one in found})
        await self._read_quotas({key for one in state.registrations.values() for key in one.quotas})

    async def revise(
        self, key: UUID, revision: Revision, now: datetime, cause: Cause
    ) -> Registration:
        """Decide on a registration that was found. Raises what `revision` raises."""
        one = self.known(key)
        decision = revision(self._context((one.bookable_id, one.person_id)), one)
        before, after, _ = decision
        self._state.apply(decision, cause)
        if before is not None and before.seats > after.seats:
            await self._serve_waiting(before.quotas, now, cause)
        return self._state.registrations[after.id]

    def known(self, key: UUID) -> Registration:
        """A registration that was found, as it is now. Raises `RegistrationUnknown`."""
        if key not in self._state.registrations:
            raise RegistrationUnknown
        return self._state.registrations[key]

    def waiting_before(self, one: Registration) -> int | None:
        """How many wait before somebody who has just joined the waiting list of their session.

        None for others: the store counts for them.
        """
        joined = one.waits and self._state.as_read.get(one.id, one) is None
        return self._state.quotas[one.bookable_id].waiting - 1 if joined else None

    async def resize(self, quota_id: UUID, capacity: int, now: datetime, cause: Cause) -> None:
        """Give a quota so many seats. More than that may stay taken: nobody loses theirs."""
        await self._read_quotas({quota_id})
        quota = self._state.quotas.get(quota_id, Quota(quota_id, 0))
        self._state.set_quota(replace(quota, capacity=capacity))
        await self._serve_waiting((quota_id,), now, cause)

    def close(self) -> None:
        """Write what has changed, and the events."""
        state, stores = self._state, self._stores
        for key in state.changed_terms:
            stores.quotas.write_terms(self._tx, state.terms[key])
        for key in state.changed_quotas:
            stores.quotas.write_quota(self._tx, state.quotas[key])
        for key, before in state.as_read.items():
            stores.registrations.write(self._tx, before, state.registrations[key])
        for event, sequence, cause in state.events:
            stores.outbox.add(self._tx, event, sequence=sequence, cause=cause)

    def _requested(self, command: BookingCommand, claim: Claim) -> RegistrationContext:
        bookable_id = claim[0]
        kinds = command.requested_kinds()
        asked = next((kind for kind in kinds if kind.bookable_id == bookable_id), None)
        if bookable_id not in self._state.terms:
            raise SessionUnknown if asked else RegistrationUnknown
        code = None if asked is None or asked.code is None else (bookable_id, asked.code)
        return self._context(claim, self._state.codes.get(code) if code else None)

    def _context(self, claim: Claim, code: AccessCode | None = None) -> RegistrationContext:
        state, stores = self._state, self._stores
        mine = state.by_claim.get(claim)
        return RegistrationContext(
            state.terms[claim[0]], state.quotas, mine, stores.sign, stores.account, code
        )

    async def _leave_other_waits(
        self, before: Registration | None, after: Registration, now: datetime, cause: Cause
    ) -> None:
        """A list of preferences is for seats in one session: the others are not waited for."""
        if after.wish_id is None or not ends_other_waits(before, after):
            return
        found = await self._stores.registrations.of_wish(after.wish_id, self._tx)
        known = self._state.registrations
        of_wish = {one.id: one for one in found}
        of_wish |= {one.id: one for one in known.values() if one.wish_id == after.wish_id}
        others = [one for one in of_wish.values() if one.waits and one.id != after.id]
        await self._read_quotas({key for one in others for key in one.quotas})
        await self._read_terms({one.bookable_id for one in others})
        for one in others:
            context = self._context((one.bookable_id, one.person_id))
            self._state.apply(ended(context, one, Ending.WISH, now), cause)

    async def _serve_waiting(self, keys: Collection[UUID], now: datetime, cause: Cause) -> None:
        """Seat those who wait for these quotas, in turn, as far as there are seats for them."""
        quotas = self._state.quotas
        passed: set[UUID] = set()
        while True:
            free = {key: quotas[key].free for key in keys if quotas[key].waiting}
            if not any(free.values()):
                return
            waiting, more = await self._waiting([key for key, n in free.items() if n], passed)
            for found in waiting:
                # It may have been seated elsewhere by now.
                one = self._state.registrations.get(found.id, found)
                full = [key for key in one.quotas if quotas[key].free < one.size]
                if one.waits and not full:
                    decision = seated(self._context((one.bookable_id, one.person_id)), one, now)
                    self._state.apply(decision, cause)
                    await self._leave_other_waits(one, decision.state, now, cause)
                elif one.waits:
                    self._state.write_again(full)
                passed.add(one.id)
            if not more:
                return

    async def _waiting(
        self, keys: list[UUID], passed: set[UUID]
    ) -> tuple[list[Registration], bool]:
        """Those who wait for any of these quotas, in turn; and whether there may be more."""
        state = self._state
        known = passed | state.as_read.keys()
        full = [quota.id for quota in state.quotas.values() if not quota.free]
        state.write_again(key for key in full if state.quotas[key].waiting)
        found = await self._stores.registrations.waiting(self._tx, keys, full, known, PAGE)
        await self._read_quotas({key for one in found for key in one.quotas})
        await self._read_terms({one.bookable_id for one in found})
        here = [
            one
            for key in state.as_read
            if key not in passed
            and (one := state.registrations[key]).waits
            and set(one.quotas) & set(keys)
        ]
        # Those whose turn is after the end of this page come with the next one.
        if len(found) == PAGE:
            here = [one for one in here if one.turn <= found[-1].turn]
        return sorted([*found, *here], key=lambda one: one.turn), len(found) == PAGE

    async def _read_terms(self, sessions: Iterable[UUID]) -> None:
        if missing := set(sessions) - self._state.terms.keys():
            self._state.terms |= await self._stores.quotas.read_terms(self._tx, missing)

    async def _read_quotas(self, keys: Iterable[UUID]) -> None:
        if missing := set(keys) - self._state.quotas.keys():
            self._state.quotas |= await self._stores.quotas.read_quotas(self._tx, missing)
