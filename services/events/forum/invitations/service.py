"""Sends, answers and revokes invitations. An answer and its seat change in one transaction.

Two answers at the same moment write the same document, so one of the transactions runs again and
sees what the other has written. The last one that commits counts, for the answer and for the seat.
"""

import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from services.events.booking.changes.rules import ChangeRegistration
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

PASSED_ON = frozenset({Ending.MOVE, Ending.TRANSFER})
FindInvitation = Callable[[Tx], Awaitable[Invitation]]


@dataclass(frozen=True, slots=True)
class InvitationAnswer:
    """The answer of a guest. `needs` None: what was stored before stays."""

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
        """Returns the invitation and the new secret of its link, of which only a hash is stored.

        An earlier secret is no longer valid. The secret is None for a person of the registry, who
        signs in instead.
        """
        secret = secrets.token_urlsafe(24)

        async def work(tx: Tx) -> tuple[Invitation, str | None]:
            known = await self._invitations.get(key, tx)
            shown = None if known.facts.person_id else secret
            command = Send(None if shown is None else hashed(shown))
            return await self._invitations.perform(tx, key, command, self._clock()), shown

        return await self._mongo.transaction(work)

    async def open(self, secret: str) -> Invitation:
        """The invitation behind a link. It is marked as opened. Raises `InvitationUnknown`."""

        async def work(tx: Tx) -> Invitation:
            found = await self._invitations.by_secret(secret, self._clock(), tx)
            return await self._invitations.perform(tx, found.id, Open(), self._clock())

        return await self._mongo.transaction(work)

    async def answer_by_link(
        self, secret: str, answer: InvitationAnswer, person_id: UUID | None
    ) -> Invitation:
        """The answer of the person who has the link. `person_id` is None if nobody is signed in."""
        return await self._answer(
            lambda tx: self._invitations.by_secret(secret, self._clock(), tx), answer, person_id
        )

    async def answer_signed_in(
        self, key: UUID, answer: InvitationAnswer, person_id: UUID
    ) -> Invitation:
        """The answer of a person of the registry to their own invitation."""
        return await self._answer(lambda tx: self._invitations.get(key, tx), answer, person_id)

    async def revoke(self, key: UUID) -> Invitation:
        """End the link, give the seat back, and erase what the guest needs."""

        async def work(tx: Tx) -> Invitation:
            after = await self._invitations.perform(tx, key, Revoke(), self._clock())
            await self._needs.forget(tx, key)
            return await self._update_seat(tx, after, Ending.STAFF)

        return await self._mongo.transaction(work)

    async def forget(self, key: UUID, *, names: bool) -> Invitation:
        """Erase what the guest needs and, with `names`, the names of the guest and companions."""

        async def work(tx: Tx) -> Invitation:
            now = self._clock()
            if await self._needs.forget(tx, key):
                self._stores.audit.record(tx, "invitation.forget_needs", "invitation", key, now)
            if not names:
                return await self._invitations.get(key, tx)
            return await self._invitations.perform(tx, key, Forget(), now)

        return await self._mongo.transaction(work)

    async def _answer(
        self, find: FindInvitation, answer: InvitationAnswer, person_id: UUID | None
    ) -> Invitation:
        async def work(tx: Tx) -> Invitation:
            found = await find(tx)
            command = Answer(answer.reply, answer.name, answer.companions, person_id)
            after = await self._invitations.perform(tx, found.id, command, self._clock())
            if answer.reply is Reply.NO:
                await self._needs.forget(tx, found.id)  # they are not needed any more
            elif answer.needs is not None:
                self._needs.keep(tx, after, answer.needs)
            return await self._update_seat(tx, after, Ending.HOLDER)

        return await self._mongo.transaction(work)

    async def _update_seat(self, tx: Tx, one: Invitation, by: Ending) -> Invitation:
        """Book, change or give back the seats, so that they match the answer."""
        key = one.registration_id
        known = None if key is None else await self._stores.registrations.find(key, tx)
        if known is not None and known.ended_by in PASSED_ON:
            return one  # the guest has passed the seat on; the invitation is used up
        held = known if known is not None and known.live else None
        guest, session_id = one.guest, one.facts.session_id
        wanted = one.status is InvitationStatus.ACCEPTED
        size = 1 + (len(one.said.companions) if one.said else 0)
        if held is not None and wanted and held.person_id == guest:
            if held.size != size:
                # As staff: an invitation has its own deadline, not that of the session.
                resize = ChangeRegistration(
                    held.bookable_id, held.person_id, size=size, by_staff=True
                )
                await self._execute(tx, resize, None)
            return one
        cancel = None if held is None else Cancel(held.bookable_id, held.person_id, by)
        register = None
        if wanted and guest is not None and session_id is not None:
            register = Register(new_id(), session_id, guest, TicketKind.INVITED, size, invited=True)
        registration_id = await self._execute(tx, cancel, register)
        if registration_id == one.registration_id:
            return one
        command = AssignSeat(registration_id)
        return await self._invitations.perform(tx, one.id, command, self._clock())

    async def _execute(
        self, tx: Tx, change: Cancel | ChangeRegistration | None, register: Register | None
    ) -> UUID | None:
        """Cancel or resize a registration, and make another. Returns the id of the new one.

        Raises `GuestCameIn`, and `NoSeatsLeft` for a larger group.
        """
        uow = BookingUnitOfWork(tx, self._stores)
        await uow.read([command for command in (change, register) if command is not None])
        now, cause = self._clock(), current_cause()
        registration_id = None
        if change is not None:
            try:
                await uow.execute(change, now, cause)
            except AlreadyAdmitted as error:
                raise GuestCameIn from error
        if register is not None:
            # It is refused if the guest already has a seat of their own, or if the session takes no
            # more registrations. The answer is kept all the same.
            with suppress(DomainError):
                registration_id = (await uow.execute(register, now, cause))[-1].id
        uow.close()
        return registration_id
