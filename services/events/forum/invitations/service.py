"""The guest desk: an answer and the place that it takes or gives back are one transaction.

Two answers at one instant write the same document: one of them runs again on what the other has
left, so the last one committed counts, for the answer and for the place alike.
"""

import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from services.events.booking.changes.commands import ChangeRegistration
from services.events.booking.registrations.commands import Cancel, Register
from services.events.booking.registrations.errors import AlreadyAdmitted
from services.events.booking.registrations.state import Ending
from services.events.booking.unit_of_work.service import BookingStores, BookingUnitOfWork
from services.events.forum.invitations.errors import GuestCameIn
from services.events.forum.invitations.rules import (
    Answer,
    AssignSeat,
    Forget,
    Invitation,
    InvitationStatus,
    Open,
    Reply,
    Revoke,
    Send,
)
from services.events.forum.invitations.store import GuestNeeds, Invitations, Needs, hashed
from services.events.programme.ticket_kinds.rules import TicketKind
from shared.cause import current_cause
from shared.clock import Clock
from shared.errors import DomainError
from shared.ids import new_id
from shared.mongo import Mongo, Tx

HANDED_ON = frozenset({Ending.MOVE, Ending.TRANSFER})
Find = Callable[[Tx], Awaitable[Invitation]]


@dataclass(frozen=True, slots=True)
class InvitationAnswer:
    """An answer as it comes in. `needs` None: those that were told of before stand."""

    reply: Reply
    name: str | None
    companions: tuple[str, ...]
    needs: Needs | None


class InvitationService:
    def __init__(
        self,
        mongo: Mongo,
        clock: Clock,
        stores: BookingStores,
        invitations: Invitations,
        needs: GuestNeeds,
    ) -> None:
        self._mongo = mongo
        self._clock = clock
        self._stores = stores
        self._invitations = invitations
        self._needs = needs

    async def send(self, key: UUID) -> tuple[Invitation, str | None]:
        """The invitation and its secret, which is kept nowhere; any made before is no longer good.

        None for somebody of the registry: they sign in.
        """
        secret = secrets.token_urlsafe(24)

        async def work(tx: Tx) -> tuple[Invitation, str | None]:
            known = await self._invitations.get(key, tx)
            made = None if known.facts.person_id else secret
            command = Send(None if made is None else hashed(made))
            return await self._invitations.perform(tx, key, command, self._clock()), made

        return await self._mongo.transaction(work)

    async def open(self, secret: str) -> Invitation:
        """Raises `InvitationUnknown`."""

        async def work(tx: Tx) -> Invitation:
            found = await self._invitations.by_secret(secret, self._clock(), tx)
            return await self._invitations.perform(tx, found.id, Open(), self._clock())

        return await self._mongo.transaction(work)

    async def by_link(self, secret: str, words: InvitationAnswer, who: UUID | None) -> Invitation:
        """The answer of whoever has the link; `who` is signed in, if anybody is."""
        return await self._answer(
            lambda tx: self._invitations.by_secret(secret, self._clock(), tx), words, who
        )

    async def by_person(self, key: UUID, words: InvitationAnswer, who: UUID) -> Invitation:
        """The answer of somebody of the registry to an invitation of their own."""
        return await self._answer(lambda tx: self._invitations.get(key, tx), words, who)

    async def revoke(self, key: UUID) -> Invitation:
        """The link is no longer good, a place that the invitation took is given back, and nobody
        has to know any more what the guest needs."""

        async def work(tx: Tx) -> Invitation:
            after = await self._invitations.perform(tx, key, Revoke(), self._clock())
            await self._needs.forget(tx, key)
            return await self._settle(tx, after, Ending.STAFF)

        return await self._mongo.transaction(work)

    async def forget(self, key: UUID, *, names: bool) -> Invitation:
        """Erase what the guest needs and, with `names`, what they and their company are called."""

        async def work(tx: Tx) -> Invitation:
            now = self._clock()
            if await self._needs.forget(tx, key):
                self._stores.audit.record(tx, "invitation.forget_needs", "invitation", key, now)
            if not names:
                return await self._invitations.get(key, tx)
            return await self._invitations.perform(tx, key, Forget(), now)

        return await self._mongo.transaction(work)

    async def _answer(self, find: Find, words: InvitationAnswer, who: UUID | None) -> Invitation:
        async def work(tx: Tx) -> Invitation:
            found = await find(tx)
            command = Answer(words.reply, words.name, words.companions, who)
            after = await self._invitations.perform(tx, found.id, command, self._clock())
            if words.reply is Reply.NO:
                await self._needs.forget(tx, found.id)  # nobody has to know any more
            elif words.needs is not None:
                self._needs.keep(tx, after, words.needs)
            return await self._settle(tx, after, Ending.HOLDER)

        return await self._mongo.transaction(work)

    async def _settle(self, tx: Tx, one: Invitation, by: Ending) -> Invitation:
        """Have the place that the invitation stands for now, and no other."""
        key = one.registration_id
        known = None if key is None else await self._stores.registrations.find(key, tx)
        if known is not None and known.ended_by in HANDED_ON:
            return one  # whoever has the place now has it by this invitation
        held = known if known is not None and known.live else None
        guest, session_id = one.guest, one.facts.session_id
        wanted = one.status is InvitationStatus.ACCEPTED
        size = 1 + (len(one.said.companions) if one.said else 0)
        if held is not None and wanted and held.person_id == guest:
            if held.size != size:
                # As staff would: an invitation has a deadline of its own.
                again = ChangeRegistration(
                    held.session_id, held.person_id, size=size, by_staff=True
                )
                await self._carry_out(tx, again, None)
            return one
        leave = None if held is None else Cancel(held.session_id, held.person_id, by)
        take = None
        if wanted and guest is not None and session_id is not None:
            take = Register(new_id(), session_id, guest, TicketKind.INVITED, size, invited=True)
        took = await self._carry_out(tx, leave, take)
        if took == one.registration_id:
            return one
        return await self._invitations.perform(tx, one.id, AssignSeat(took), self._clock())

    async def _carry_out(
        self, tx: Tx, held: Cancel | ChangeRegistration | None, take: Register | None
    ) -> UUID | None:
        """Give a place back or change it; take another, and say which. Raises `GuestCameIn`, and
        `NoRoom` for a larger group."""
        book = BookingUnitOfWork(tx, self._stores)
        await book.read([deed for deed in (held, take) if deed is not None])
        now, cause = self._clock(), current_cause()
        took = None
        if held is not None:
            try:
                await book.do(held, now, cause)
            except AlreadyAdmitted as error:
                raise GuestCameIn from error
        if take is not None:
            # Refused: they have a place of their own there, or there is none to have. The answer
            # counts all the same.
            with suppress(DomainError):
                took = (await book.do(take, now, cause))[-1].id
        book.close()
        return took
