"""Signs release forms, and withdraws them.

When it was whole also stands, without names, in the document of the ticket's scans
(gates/store.py). So a form that is signed or withdrawn and a ticket that is scanned at one instant
write the same document, and one of the two is done after the other.
"""

from datetime import datetime, timedelta
from uuid import UUID

from services.events.admission.consents.errors import (
    AnotherForm,
    EverybodySigns,
    NoFormYet,
    NothingSigned,
)
from services.events.admission.consents.store import Consents, Signature, SignedConsent
from services.events.admission.recordings.consent import Person, Signed
from services.events.admission.recordings.store import Recordings
from services.events.admission.scans.store import TicketScans
from services.events.booking.registrations.errors import RegistrationUnknown
from services.events.booking.registrations.state import Registration
from services.events.booking.registrations.store import Registrations
from shared.clock import Clock
from shared.mongo import Mongo, Tx

MILLISECOND = timedelta(milliseconds=1)


class ConsentService:
    def __init__(
        self,
        mongo: Mongo,
        clock: Clock,
        recordings: Recordings,
        releases: Consents,
        registrations: Registrations,
        entries: TicketScans,
    ) -> None:
        self._mongo = mongo
        self._clock = clock
        self._recordings = recordings
        self._releases = releases
        self._registrations = registrations
        self._entries = entries

    async def sign(
        self, registration_id: UUID, sha256: str, people: tuple[Person, ...]
    ) -> SignedConsent:
        """`sha256` says which words they have read. Raises what errors.py names."""

        async def work(tx: Tx) -> SignedConsent:
            one = await self._live(tx, registration_id)
            form = (await self._recordings.get(one.session_id, tx)).form
            if form is None:
                raise NoFormYet
            if form.sha256 != sha256:
                raise AnotherForm(version=form.version)
            if len(people) != one.size:
                raise EverybodySigns(size=one.size)
            before = await self._releases.of(one, tx)
            now = self._after(before)
            made = Signature(version=form.version, sha256=sha256, people=people, at=now)
            after = before.model_copy(update={"signatures": (*before.signatures, made)})
            return self._write(tx, one, after)

        return await self._mongo.transaction(work)

    async def withdraw(self, registration_id: UUID) -> SignedConsent:
        """From now on it counts as not signed. What was agreed to, and when, stays on record."""

        async def work(tx: Tx) -> SignedConsent:
            one = await self._live(tx, registration_id)
            before = await self._releases.of(one, tx)
            if all(signature.withdrawn_at for signature in before.signatures):
                raise NothingSigned
            ended = {"withdrawn_at": self._after(before)}
            signatures = tuple(
                given if given.withdrawn_at else given.model_copy(update=ended)
                for given in before.signatures
            )
            return self._write(tx, one, before.model_copy(update={"signatures": signatures}))

        return await self._mongo.transaction(work)

    async def _live(self, tx: Tx, registration_id: UUID) -> Registration:
        found = await self._registrations.find(registration_id, tx)
        if found is None or not found.live:
            raise RegistrationUnknown
        return found

    def _after(self, release: SignedConsent) -> datetime:
        """Now, and after what is on record, whatever the clocks of other replicas say."""
        moments = [moment for one in release.signatures for moment in (one.at, one.withdrawn_at)]
        later = [moment + MILLISECOND for moment in moments if moment is not None]
        return max([self._clock(), *later])

    def _write(self, tx: Tx, one: Registration, release: SignedConsent) -> SignedConsent:
        self._releases.write(tx, release)
        signed = [
            Signed(given.version, len(given.people), given.at, given.withdrawn_at)
            for given in release.signatures
        ]
        self._entries.write_release(tx, one, signed)
        return release
