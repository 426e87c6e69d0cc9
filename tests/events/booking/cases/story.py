"""Reads the tables of this folder: rows of given, when and then in a few fixed phrases.

given   hall 10 · wheelchair 2 · child · bus 4 for general+child · press by BAO-CHI for 3
        general looked at by staff · general offered for 30 minutes
when    Lan asks [for 3] [as press] [with BAO-CHI] [on hold] · Lan, Minh and Hoa ask · P1..P10 ask
        Lan confirms · Lan cancels · staff approve Lan · staff seat Lan · Lan has priority 2
        15 minutes pass · 15 minutes pass unseen · hall becomes 7
then    Lan confirmed · P8..P10 waiting · Hoa waiting 3 (her number) · hall 7/7 (taken/places)
        Lan refused registration.expired

"Unseen": nobody has looked yet for what has expired, as in the second before the next look.
"""

import re
from collections import defaultdict
from uuid import UUID, uuid5

from services.events.booking.box_office.rules import Approve, Seat
from services.events.booking.quotas.rules import kind_quota
from services.events.booking.registrations.commands import (
    Cancel,
    Confirm,
    Register,
    RegistrationCommand,
)
from services.events.booking.registrations.state import Override
from services.events.programme.ticket_kinds.rules import TicketKind, TicketKindFacts
from shared.errors import DomainError
from shared.ids import new_id
from shared.testing.scenarios import NOON
from tests.events.conftest import open_places
from tests.events.interleavings import Replica
from tests.helping.clock import StandingClock

PEOPLE = UUID(int=1)
STAFF = UUID(int=2)
KINDS = "|".join(TicketKind)


def parts(text: str) -> list[str]:
    return [part.strip() for part in text.split("·") if part.strip()]


def person(name: str) -> UUID:
    return uuid5(PEOPLE, name)


def people(text: str) -> list[str]:
    """The names in "Lan", "Lan, Minh and Hoa" or "P1..P10"."""
    if found := re.fullmatch(r"P(\d+)\.\.P(\d+)", text):
        return [f"P{n}" for n in range(int(found[1]), int(found[2]) + 1)]
    return re.split(r", | and ", text)


class Story:
    """One row, played at the registration desk."""

    def __init__(self, replica: Replica) -> None:
        clock = replica.expiry._clock
        assert isinstance(clock, StandingClock)
        self.replica, self.clock = replica, clock
        self.clock.at = NOON
        self.pools: dict[str, UUID] = {}
        self.refused: dict[str, str] = {}

    async def given(self, text: str) -> None:
        """A session that has these places."""
        hall = 0
        kinds: defaultdict[str, dict[str, object]] = defaultdict(dict, {"general": {}})
        shared: defaultdict[str, list[UUID]] = defaultdict(list)
        codes: list[tuple[str, str, int]] = []
        for part in parts(text):
            if found := re.fullmatch(r"hall (\d+)", part):
                hall = int(found[1])
            elif found := re.fullmatch(rf"({KINDS})(?: (\d+))?", part):
                kinds[found[1]] |= {"capacity": int(found[2])} if found[2] else {}
            elif found := re.fullmatch(rf"({KINDS}) by (\S+) for (\d+)", part):
                kinds[found[1]] |= {"code_only": True}
                codes.append((found[2], found[1], int(found[3])))
            elif found := re.fullmatch(rf"({KINDS}) looked at by staff", part):
                kinds[found[1]] |= {"approval": True}
            elif found := re.fullmatch(rf"({KINDS}) offered for (\d+) minutes", part):
                kinds[found[1]] |= {"offer_minutes": int(found[2])}
            elif found := re.fullmatch(r"(\w+) (\d+) for (\S+)", part):
                self.pools[found[1]] = await self.replica.office.create(
                    new_id(), found[1], int(found[2])
                )
                for kind in found[3].split("+"):
                    shared[kind].append(self.pools[found[1]])
            else:
                raise ValueError(part)
        facts = tuple(
            TicketKindFacts(kind=TicketKind(kind), shared=tuple(shared[kind]), **more)  # type: ignore[arg-type]
            for kind, more in kinds.items()
        )
        self.session = await open_places(self.replica.mongo, hall, kinds=facts, at=NOON)
        self.pools["hall"] = self.session
        self.pools |= {kind: kind_quota(self.session, TicketKind(kind)) for kind in kinds}
        for code, kind, uses in codes:
            await self.replica.office.add_code(self.session, code, TicketKind(kind), uses)

    async def when(self, text: str) -> None:
        for part in parts(text):
            await self._step(part)

    async def _step(self, part: str) -> None:
        if found := re.fullmatch(r"(\d+) (minutes|seconds) pass( unseen)?", part):
            self.clock.forward(**{found[2]: int(found[1])})
            if not found[3]:
                await self.replica.expiry.look()
        elif found := re.fullmatch(r"(\w+) becomes (\d+)", part):
            await self.replica.office.resize(self.pools[found[1]], int(found[2]))
        elif found := re.fullmatch(r"(\w+) has priority (\d+)", part):
            who = {"bookable_id": self.session, "person_id": person(found[1])}
            rows = self.replica.mongo.collection("registrations")
            await rows.update_one(who, {"$set": {"priority": int(found[2])}})
        elif found := re.fullmatch(r"staff (approve|seat) (\w+)", part):
            await self._do(found[2], self._staff(found[1], person(found[2])))
        elif found := re.fullmatch(r"(.+?) (confirms?|cancels?)", part):
            command = Confirm if found[2].startswith("confirm") else Cancel
            for name in people(found[1]):
                await self._do(name, command(self.session, person(name)))
        elif found := re.fullmatch(
            rf"(.+?) asks?(?: for (\d+))?(?: as ({KINDS}))?(?: with (\S+))?( on hold)?", part
        ):
            size, kind = int(found[2] or 1), TicketKind(found[3] or "general")
            for name in people(found[1]):
                wish = kind, size, found[4], bool(found[5])
                await self._do(name, Register(new_id(), self.session, person(name), *wish))
        else:
            raise ValueError(part)

    def _staff(self, deed: str, who: UUID) -> RegistrationCommand:
        if deed == "approve":
            return Approve(self.session, who)
        return Seat(self.session, who, Override(STAFF, "Khách của ban tổ chức"))

    async def _do(self, name: str, command: RegistrationCommand) -> None:
        answer = await self.replica.do(command)
        self.refused.pop(name, None)
        if isinstance(answer, DomainError):
            self.refused[name] = answer.code

    async def then(self, text: str) -> None:
        """Exactly what the text says of each it names."""
        found: list[str] = []
        for part in parts(text):
            who, _, said = part.partition(" ")
            if said.count("/") == 1:
                pool = await self.replica.places.quota(self.pools[who])
                assert pool is not None
                found.append(f"{who} {pool.taken}/{pool.capacity}")
                continue
            *names, _ = re.split(
                r" (?=confirmed|waiting|held|asked|offered|cancelled|refused)", part
            )
            became = {await self._became(name, said) for name in people(names[0])}
            found.append(f"{names[0]} {' and '.join(sorted(became))}")
        assert found == parts(text)

    async def _became(self, name: str, said: str) -> str:
        if "refused" in said:
            return f"refused {self.refused.get(name, 'by nobody')}"
        assert name not in self.refused, f"{name} was refused: {self.refused[name]}"
        who = {"bookable_id": self.session, "person_id": person(name)}
        rows = self.replica.mongo.collection("registrations")
        row = await rows.find_one(who, sort=[("_id", -1)])
        assert row is not None, f"{name} has never asked"
        numbered = re.search(r"waiting \d+$", said) and row["status"] == "waiting"
        return f"{row['status']} {row['number']}" if numbered else str(row["status"])
