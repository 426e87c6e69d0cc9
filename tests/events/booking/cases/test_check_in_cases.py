"""What a gate says, as a festival officer would try it out: a workshop from 19:00 to 21:00.

given   a gate's rules: 60 before · 15 after · only press+child · re-entry after_exit
when    in the order in which the gate's messages arrive:
        18:05 Lan in · 18:40 Lan out           asked at that time
        18:05 Lan in told admitted             taken offline, told so to the holder, sent later
        again                                  the last message once more
        18:10 staff block Lan · 18:20 staff free Lan · 18:10 Lan cancels
then    each answer in that order, with "!" where a device had said otherwise; then how many are in

Lan (with a friend: two people) and Vy (press) hold places, Minh waits, Hoa's ticket is for another
session; "forged" is no ticket of ours.
"""

import re
from datetime import datetime, timedelta
from uuid import UUID, uuid4, uuid5

import pytest

from services.events.admission.gates.rules import GateFacts as Gate
from services.events.admission.gates.rules import ReEntry
from services.events.admission.occupancy.queries import OccupancyQueries
from services.events.admission.scans.presented import PresentedTicket
from services.events.admission.scans.rules import ScanDirection, ScanResult
from services.events.admission.scans.service import ScanService
from services.events.admission.tickets.signature import TicketSigner
from services.events.booking.box_office.rules import Block
from services.events.booking.registrations.commands import Cancel, Register
from services.events.programme.sessions.rules import Session, SessionFacts
from services.events.programme.sessions.store import Sessions
from services.events.programme.ticket_kinds.rules import TicketKind, TicketKindFacts
from services.events.programme.venues.state import Place
from shared.http.idempotency import Reply
from shared.ids import new_id
from shared.testing.scenarios import NOON
from shared.text import Localized
from tests.events.booking.cases.story import parts
from tests.events.conftest import open_places
from tests.events.interleavings import Replica
from tests.helping.clock import StandingClock

TIMES = [
    ("the doors open two hours before", "", "16:59 Lan in · 17:00 Lan in",
     "too_early · admitted · 2 in"),
    ("or when the gate says", "30 before", "18:29 Lan in · 18:30 Lan in",
     "too_early · admitted · 2 in"),
    ("who came too early may come again", "30 before",
     "18:00 Lan in · 18:10 Lan in · 18:45 Lan in", "too_early · too_early · admitted · 2 in"),
    ("in the last minute", "", "20:59 Lan in", "admitted · 2 in"),
    ("nobody comes in when it is over", "", "21:00 Lan in", "too_late · 0 in"),
    ("some gates stay open a while", "15 after", "21:14 Lan in · 21:15 Vy in",
     "admitted · too_late · 2 in"),
    ("one can always leave", "", "20:00 Lan in · 23:30 Lan out", "admitted · left · 0 in"),
    ("an offline scan counts when it was made, not when it was sent", "",
     "23:00 Vy in · 18:30 Lan in told admitted", "too_late · admitted · 2 in"),
    ("a device that let somebody in too early is told so", "30 before",
     "18:00 Lan in told admitted", "too_early! · 0 in"),
    ("and one that sent somebody away in time", "", "18:00 Lan in told too_early",
     "admitted! · 2 in"),
]  # fmt: skip

REFUSALS = [
    ("no ticket of ours", "", "18:00 forged in", "unknown · 0 in"),
    ("a ticket for another session", "", "18:00 Hoa in", "wrong_session · 0 in"),
    ("out of which nobody can come here", "", "18:00 Hoa out", "wrong_session · 0 in"),
    ("who waits has no ticket yet", "", "18:00 Minh in", "cancelled · 0 in"),
    ("a place that was given back", "", "17:30 Lan cancels · 18:00 Lan in", "cancelled · 0 in"),
    ("and the one who got it", "", "17:30 Lan cancels · 18:00 Minh in", "admitted · 1 in"),
    ("cancelled after an offline gate had let them in", "",
     "18:30 Lan cancels · 18:00 Lan in told admitted", "admitted! · 2 in"),
    ("cancelled before an offline gate let them in", "",
     "17:30 Lan cancels · 18:00 Lan in told admitted", "cancelled! · 0 in"),
    ("who is in cannot cancel any more", "", "18:00 Lan in · 18:30 Lan cancels · 18:40 Lan out",
     "admitted · left · 0 in"),
    ("a lost phone", "", "17:30 staff block Lan · 18:00 Lan in", "blocked · 0 in"),
    ("found again", "",
     "17:30 staff block Lan · 18:00 Lan in · 18:10 staff free Lan · 18:20 Lan in",
     "blocked · admitted · 2 in"),
    ("blocked when they are in already: they may leave, and not return", "re-entry after_exit",
     "18:00 Lan in · 18:10 staff block Lan · 18:20 Lan out · 18:30 Lan in",
     "admitted · left · blocked · 0 in"),
    ("the press gate", "only press", "18:00 Lan in · 18:00 Vy in", "wrong_kind · admitted · 1 in"),
    ("a gate for two kinds", "only press+general", "18:00 Lan in · 18:00 Vy in",
     "admitted · admitted · 3 in"),
    ("the wrong session is said before the wrong kind", "only press", "18:00 Hoa in",
     "wrong_session · 0 in"),
    ("the wrong kind before the wrong time", "only press", "12:30 Lan in", "wrong_kind · 0 in"),
    ("cancelled before the wrong time", "", "12:15 Lan cancels · 12:30 Lan in", "cancelled · 0 in"),
]  # fmt: skip

AGAIN = [
    ("once is once", "", "18:00 Lan in · 18:05 Lan in", "admitted · already_in · 2 in"),
    ("the same message twice is one scan", "", "18:00 Lan in · again",
     "admitted · admitted · 2 in"),
    ("and once more, however late", "", "18:00 Lan in told admitted · 19:00 Lan out · again",
     "admitted · left · left · 0 in"),
    ("who left is out for good", "", "18:00 Lan in · 19:00 Lan out · 19:10 Lan in",
     "admitted · left · already_in · 0 in"),
    ("unless one may return", "re-entry after_exit", "18:00 Lan in · 19:00 Lan out · 19:10 Lan in",
     "admitted · left · admitted · 2 in"),
    ("after an exit only", "re-entry after_exit", "18:00 Lan in · 19:10 Lan in",
     "admitted · already_in · 2 in"),
    ("where nobody is scanned on the way out", "re-entry always", "18:00 Lan in · 19:10 Lan in",
     "admitted · admitted · 2 in"),
    ("nobody leaves who was not in", "", "18:00 Lan out", "not_in · 0 in"),
    ("nor twice", "", "18:00 Lan in · 19:00 Lan out · 19:01 Lan out",
     "admitted · left · not_in · 0 in"),
    ("who was refused is not in", "30 before", "18:00 Lan in · 18:10 Lan out",
     "too_early · not_in · 0 in"),
    ("the earlier of two offline gates was right", "",
     "18:10 Lan in told admitted · 18:00 Lan in told admitted", "admitted · admitted · 2 in"),
    ("and the later one hears of it when it asks again", "",
     "18:00 Lan in told admitted · 18:10 Lan in told admitted · again",
     "admitted · already_in! · already_in! · 2 in"),
    ("an offline exit makes room for a return", "re-entry after_exit",
     "18:00 Lan in told admitted · 18:20 Lan in told admitted · 18:10 Lan out told left",
     "admitted · already_in! · left · 2 in"),
    ("who asks stands behind an offline scan with a fast clock", "",
     "18:30 Lan in told admitted · 18:00 Lan in", "admitted · already_in · 2 in"),
]  # fmt: skip

ROWS = [
    pytest.param(*row[1:], id=f"{table}: {row[0]}")
    for table, rows in (("times", TIMES), ("refusals", REFUSALS), ("again", AGAIN))
    for row in rows
]


def at(text: str) -> datetime:
    """A time of that day, by Hanoi's clock."""
    hour, minute = map(int, text.split(":"))
    return NOON + timedelta(hours=hour - 12, minutes=minute)


class Evening:
    """The workshop, its guests and its gate."""

    def __init__(self, replica: Replica) -> None:
        clock = replica.expiry._clock
        assert isinstance(clock, StandingClock)
        self.replica, self.clock = replica, clock
        self.clock.at = NOON
        found = {type(part): part for part in replica.service.provides}
        self.gates: ScanService = found[ScanService]  # type: ignore[assignment]
        self.sessions: Sessions = found[Sessions]  # type: ignore[assignment]
        self.occupancy: OccupancyQueries = found[OccupancyQueries]  # type: ignore[assignment]
        self.tickets: TicketSigner = found[TicketSigner]  # type: ignore[assignment]
        self.shown: dict[str, str] = {"forged": "không phải vé"}
        self.answers: list[str] = []
        self.last: PresentedTicket | None = None

    async def given(self, gate: str) -> None:
        kinds = (TicketKindFacts(), TicketKindFacts(kind=TicketKind.PRESS, capacity=1))
        self.session, other = [await self._session(kinds) for _ in range(2)]
        await self._ticket("Lan", self.session, TicketKind.GENERAL, 2)
        await self._ticket("Vy", self.session, TicketKind.PRESS)
        await self._ticket("Minh", self.session, TicketKind.GENERAL)
        await self._ticket("Hoa", other, TicketKind.GENERAL)
        facts: dict[str, object] = {}
        for part in parts(gate):
            if found := re.fullmatch(r"(\d+) (before|after)", part):
                name = {"before": "opens_before", "after": "closes_after"}[found[2]]
                facts[name] = int(found[1])
            elif part.startswith("only "):
                facts["kinds"] = frozenset(TicketKind(k) for k in part[5:].split("+"))
            else:
                facts["re_entry"] = ReEntry(part.removeprefix("re-entry "))
        self.gate_id = new_id()
        self.gate = Gate(name="Cổng chính", sessions=frozenset({self.session}), **facts)  # type: ignore[arg-type]

    async def when(self, text: str) -> None:
        for part in parts(text):
            if part == "again":
                assert self.last is not None
                await self._show(self.last)
            elif found := re.fullmatch(r"(\S+) staff (block|free) (\w+)", part):
                self.clock.at = at(found[1])
                blocked = found[2] == "block"
                await self.replica.do(Block(self.session, self._person(found[3]), blocked))
            elif found := re.fullmatch(r"(\S+) (\w+) cancels", part):
                self.clock.at = at(found[1])
                await self.replica.do(Cancel(self.session, self._person(found[2])))
            elif found := re.fullmatch(r"(\S+) (\w+) (in|out)(?: told (\w+))?", part):
                told = ScanResult(found[4]) if found[4] else None
                if told is None:
                    self.clock.at = at(found[1])
                ticket = self.shown[found[2]]
                await self._show(
                    PresentedTicket(
                        uuid4(), ticket, at(found[1]), "máy 1", ScanDirection(found[3]), told
                    )
                )
            else:
                raise ValueError(part)

    async def then(self, text: str) -> None:
        inside = (await self.occupancy.inside([self.session]))[self.session]
        assert [*self.answers, f"{inside} in"] == parts(text)

    def _person(self, name: str) -> UUID:
        """Each evening has people of its own: somebody let in at another has left this one."""
        return uuid5(self.session, name)

    async def _show(self, shown: PresentedTicket) -> None:
        self.last = shown
        [verdict] = await self.gates.take(self.gate_id, self.gate, [shown])
        self.answers.append(verdict.answer.value + "!" * verdict.conflict)

    async def _ticket(self, name: str, session: UUID, kind: TicketKind, size: int = 1) -> None:
        key = new_id()
        answer = await self.replica.do(Register(key, session, self._person(name), kind, size))
        assert isinstance(answer, Reply), answer
        self.shown[name] = self.tickets.sign(key, session)

    async def _session(self, kinds: tuple[TicketKindFacts, ...]) -> UUID:
        key = await open_places(self.replica.mongo, 3, kinds=kinds, at=NOON)
        facts = SessionFacts(
            venue_id=new_id(),
            starts_at=at("19:00"),
            ends_at=at("21:00"),
            capacity=3,
            opens_at=NOON - timedelta(days=1),
            closes_at=NOON + timedelta(days=1),
            kinds=kinds,
        )
        session = Session(
            id=key,
            edition_id=new_id(),
            activity_id=new_id(),
            title=Localized(vi="Xưởng giấy dó"),
            place=Place(name=Localized(vi="Đình làng Đông Ngạc"), address="", capacity=None),
            facts=facts,
            published=True,
            changed_at=NOON,
            version=1,
        )
        await self.sessions.documents.insert_one(self.sessions.document(session))
        return key


@pytest.mark.parametrize(("given", "when", "then"), ROWS)
async def test_check_in(replica: Replica, given: str, when: str, then: str) -> None:
    evening = Evening(replica)
    await evening.given(given)
    await evening.when(when)
    await evening.then(then)
