"""Signs consents, and withdraws them.

When a consent was signed and withdrawn is also written, without names, to the document of the
ticket's scans (scans/store.py). So if a ticket is scanned at the moment when its consent is signed
or withdrawn, both write the same document, and one of the two happens after the other.
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
from services.events.admission.recordings.consent import Person
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
        consents: Consents,
        registrations: Registrations,
        scans: TicketScans,
    ) -> None:
        self._mongo = mongo
        self._clock = clock
        self._recordings = recordings
        self._consents = consents
        self._registrations = registrations
        self._scans = scans

    async def sign(
        self, registration_id: UUID, sha256: str, people: tuple[Person, ...]
    ) -> SignedConsent:
        """`sha256` is that of the text which they have read. Raises the errors of errors.py."""

        async def work(tx: Tx) -> SignedConsent:
            registration = await self._live(tx, registration_id)
            form = (await self._recordings.get(registration.bookable_id, tx)).form
            if form is None:
                raise NoFormYet
            if form.sha256 != sha256:
                raise AnotherForm(version=form.version)
            if len(people) != registration.size:
                raise EverybodySigns(size=registration.size)
            before = await self._consents.of(registration, tx)
            now = self._after(before)
            signature = Signature(version=form.version, sha256=sha256, people=people, at=now)
            after = before.model_copy(update={"signatures": (*before.signatures, signature)})
            return self._write(tx, registration, after)

        return await self._mongo.transaction(work)

    async def withdraw(self, registration_id: UUID) -> SignedConsent:
        """From now on the consent counts as not signed. What was signed, and when, stays stored."""

        async def work(tx: Tx) -> SignedConsent:
            registration = await self._live(tx, registration_id)
            before = await self._consents.of(registration, tx)
            if all(signature.withdrawn_at for signature in before.signatures):
                raise NothingSigned
            ended = {"withdrawn_at": self._after(before)}
            signatures = tuple(
                one if one.withdrawn_at else one.model_copy(update=ended)
                for one in before.signatures
            )
            after = before.model_copy(update={"signatures": signatures})
            return self._write(tx, registration, after)

        return await self._mongo.transaction(work)

    async def _live(self, tx: Tx, registration_id: UUID) -> Registration:
        found = await self._registrations.find(registration_id, tx)
        if found is None or not found.live:
            raise RegistrationUnknown
        return found

    def _after(self, consent: SignedConsent) -> datetime:
        """Now; or just after the last stored time, if another replica's clock was ahead."""
        moments = [moment for one in consent.signatures for moment in (one.at, one.withdrawn_at)]
        later = [moment + MILLISECOND for moment in moments if moment is not None]
        return max([self._clock(), *later])

    def _write(self, tx: Tx, registration: Registration, consent: SignedConsent) -> SignedConsent:
        self._consents.write(tx, consent)
        self._scans.write_consents(tx, registration, consent.without_names)
        return consent
