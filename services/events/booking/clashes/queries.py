"""Which sessions clash for a person: they are on at the same time, with seats in both.

This is only a warning. It takes two queries for however many people.
"""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from services.events.booking.clashes.rules import clashing
from services.events.booking.registrations.commands import Claim
from services.events.booking.registrations.queries import RegistrationQueries
from services.events.programme.sessions.queries import BookableQueries

Clashes = Mapping[Claim, Sequence[UUID]]
"""The sessions, in order of time, that clash with what a person books; no entry where none does."""


class ClashQueries:
    def __init__(self, registrations: RegistrationQueries, bookables: BookableQueries) -> None:
        self._registrations = registrations
        self._bookables = bookables

    async def of(self, claims: Collection[Claim]) -> Clashes:
        """For each person and session; or course: those that clash with one of its sessions."""
        if not claims:
            return {}
        booked = await self._registrations.booked_by({person for _, person in claims})
        with_others = [claim for claim in claims if booked.get(claim[1], set()) - {claim[0]}]
        if not with_others:  # most people, in a rush
            return {}
        keys = {key for key, _ in with_others}.union(*(booked[person] for _, person in with_others))
        times = await self._bookables.times(keys)
        clashes = {}
        for key, person in with_others:
            mine, others = times.get(key, {}), booked[person] - {key}
            theirs = {session for other in others for session in times.get(other, {})}
            at = {s: span for one in {key, *others} for s, span in times.get(one, {}).items()}
            found = {other for session in mine for other in clashing(session, theirs, at)}
            if found:
                clashes[key, person] = sorted(found, key=lambda session: (at[session], session))
        return clashes
