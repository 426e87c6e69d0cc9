"""What the public sees change from one release of the schedule to another: pure, in tables."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from services.events.programme.sessions.rules import Mode
from services.events.scheduling.schedule_releases.notices import NoticeRecipient, hosts
from services.events.scheduling.schedule_releases.rules import (
    ChangeKind,
    ScheduleEntry,
    SessionChange,
    between,
    change,
    counts,
    in_order,
)
from shared.testing.scenarios import NOON
from shared.text import Localized

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LIBRARY, MUSEUM, HALL, YARD = (UUID(int=n) for n in range(1, 5))
LAN, HAI, MAI = (UUID(int=n) for n in range(11, 14))
PAPER, LACQUER, SILK = (UUID(int=n) for n in range(21, 24))


def entry(**changes: object) -> ScheduleEntry:
    fields = {
        "title": Localized(vi="Xưởng giấy dó", en="Dó paper workshop"),
        "starts_at": NOON,
        "ends_at": NOON + 2 * HOUR,
        "venue_id": LIBRARY,
        "venue": Localized(vi="Thư viện Hà Nội"),
        "address": "47 Bà Triệu",
        "mode": Mode.ON_SITE,
    }
    return ScheduleEntry.model_validate(fields | changes)


@dataclass
class Case:
    """From what to what, and what a reader of the diff is shown."""

    says: str
    before: ScheduleEntry | None
    after: ScheduleEntry | None
    kind: ChangeKind | None
    fields: set[str] | None = None


TO_MUSEUM = {"venue_id": MUSEUM, "venue": Localized(vi="Bảo tàng Hà Nội"), "address": "Phạm Hùng"}
CASES = [
    Case("nothing was, nothing is", None, None, None),
    Case("the same", entry(), entry(), None),
    Case("published for the first time", None, entry(), ChangeKind.NEW),
    Case("published with a room", None, entry(room_id=HALL), ChangeKind.NEW),
    Case("no longer held", entry(), None, ChangeKind.CANCELLED),
    Case("a day later", entry(), entry(starts_at=NOON + DAY, ends_at=NOON + DAY + 2 * HOUR),
         ChangeKind.MOVED, {"starts_at", "ends_at"}),
    Case("begins later", entry(), entry(starts_at=NOON + HOUR), ChangeKind.MOVED, {"starts_at"}),
    Case("begins earlier", entry(), entry(starts_at=NOON - HOUR), ChangeKind.MOVED, {"starts_at"}),
    Case("a minute later", entry(), entry(starts_at=NOON + HOUR / 60),
         ChangeKind.MOVED, {"starts_at"}),
    Case("lasts longer", entry(), entry(ends_at=NOON + 3 * HOUR), ChangeKind.MOVED, {"ends_at"}),
    Case("ends sooner", entry(), entry(ends_at=NOON + HOUR), ChangeKind.MOVED, {"ends_at"}),
    Case("in another venue", entry(), entry(**TO_MUSEUM), ChangeKind.MOVED,
         {"venue_id", "venue", "address"}),
    Case("in another room", entry(room_id=HALL), entry(room_id=YARD),
         ChangeKind.MOVED, {"room_id"}),
    Case("gets a room", entry(), entry(room_id=HALL), ChangeKind.MOVED, {"room_id"}),
    Case("loses its room", entry(room_id=HALL), entry(), ChangeKind.MOVED, {"room_id"}),
    Case("another day in another venue", entry(), entry(**TO_MUSEUM, starts_at=NOON + HOUR),
         ChangeKind.MOVED, {"venue_id", "venue", "address", "starts_at"}),
    Case("moved and renamed is moved", entry(),
         entry(title=Localized(vi="Xưởng tranh"), starts_at=NOON + HOUR),
         ChangeKind.MOVED, {"title", "starts_at"}),
    Case("renamed", entry(), entry(title=Localized(vi="Xưởng tranh")),
         ChangeKind.CHANGED, {"title"}),
    Case("translated", entry(title=Localized(vi="Xưởng giấy dó")), entry(), ChangeKind.CHANGED,
         {"title"}),
    Case("the venue has a new name", entry(), entry(venue=Localized(vi="Thư viện Thủ đô")),
         ChangeKind.CHANGED, {"venue"}),
    Case("the venue's address is written differently", entry(), entry(address="47 P. Bà Triệu"),
         ChangeKind.CHANGED, {"address"}),
    Case("another host", entry(hosts=(LAN,)), entry(hosts=(HAI,)), ChangeKind.CHANGED, {"hosts"}),
    Case("one more host", entry(hosts=(LAN,)), entry(hosts=(LAN, HAI)),
         ChangeKind.CHANGED, {"hosts"}),
    Case("no host any more", entry(hosts=(LAN,)), entry(), ChangeKind.CHANGED, {"hosts"}),
    Case("the hosts in another order", entry(hosts=(LAN, HAI)), entry(hosts=(HAI, LAN)),
         ChangeKind.CHANGED, {"hosts"}),
    Case("also online", entry(), entry(mode=Mode.HYBRID), ChangeKind.CHANGED, {"mode"}),
    Case("only online", entry(), entry(mode=Mode.ONLINE), ChangeKind.CHANGED, {"mode"}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_what_became_of_a_session(case: Case) -> None:
    found = change(PAPER, case.before, case.after)
    if case.kind is None:
        assert found is None
        return
    assert found is not None
    assert (found.kind, found.before, found.after) == (case.kind, case.before, case.after)
    assert set(found.fields) == (case.fields or set())


def step(
    before: ScheduleEntry | None, after: ScheduleEntry | None, session: UUID = PAPER
) -> SessionChange:
    made = change(session, before, after)
    assert made is not None
    return made


A, B, C = entry(), entry(starts_at=NOON + HOUR), entry(starts_at=NOON + DAY)
SUMS = [
    ("no release", [], []),
    ("one release is itself", [step(A, B)], [(PAPER, ChangeKind.MOVED)]),
    ("moved twice is moved once", [step(A, B), step(B, C)], [(PAPER, ChangeKind.MOVED)]),
    ("moved away and back has not changed", [step(A, B), step(B, A)], []),
    ("new and moved is new", [step(None, A), step(A, B)], [(PAPER, ChangeKind.NEW)]),
    ("new and cancelled was never there", [step(None, A), step(A, None)], []),
    (
        "moved and cancelled is cancelled",
        [step(A, B), step(B, None)],
        [(PAPER, ChangeKind.CANCELLED)],
    ),
    (
        "renamed, then moved, is moved",
        [step(A, entry(title=Localized(vi="Tranh"))), step(entry(title=Localized(vi="Tranh")), B)],
        [(PAPER, ChangeKind.MOVED)],
    ),
    (
        "sessions are told apart",
        [step(A, B), step(None, A, LACQUER), step(A, None, SILK)],
        [(PAPER, ChangeKind.MOVED), (LACQUER, ChangeKind.NEW), (SILK, ChangeKind.CANCELLED)],
    ),
    (
        "one comes back, another does not",
        [step(A, B), step(A, C, LACQUER), step(B, A)],
        [(LACQUER, ChangeKind.MOVED)],
    ),
]


@pytest.mark.parametrize(("steps", "sum_"), [s[1:] for s in SUMS], ids=[s[0] for s in SUMS])
def test_what_several_releases_come_to(
    steps: list[SessionChange], sum_: list[tuple[UUID, ChangeKind]]
) -> None:
    assert [(one.session_id, one.kind) for one in between(steps)] == sum_


def test_several_releases_show_the_first_before_and_the_last_after() -> None:
    [one] = between([step(A, B), step(B, C)])
    assert (one.before, one.after) == (A, C)


def test_changes_are_read_in_the_order_of_the_day_they_were_planned_for() -> None:
    late, early, new = step(C, A, SILK), step(A, C, PAPER), step(None, B, LACQUER)
    assert in_order([late, new, early]) == [early, new, late]


def test_what_a_release_comes_to_in_figures() -> None:
    found = counts([step(A, B), step(A, C, LACQUER), step(None, A, SILK)])
    assert found == {
        ChangeKind.NEW: 1,
        ChangeKind.MOVED: 2,
        ChangeKind.CHANGED: 0,
        ChangeKind.CANCELLED: 0,
    }


def hosted(*who: UUID, **more: object) -> ScheduleEntry:
    return entry(hosts=who, **more)


LATER = {"starts_at": NOON + HOUR}
HOSTS = [
    ("of a new session", [step(None, hosted(LAN))], {(LAN, PAPER, "host")}),
    ("of a moved one", [step(hosted(LAN), hosted(LAN, **LATER))], {(LAN, PAPER, "host")}),
    ("of a cancelled one", [step(hosted(LAN), None)], {(LAN, PAPER, "host")}),
    ("two of them", [step(None, hosted(LAN, HAI))], {(LAN, PAPER, "host"), (HAI, PAPER, "host")}),
    ("of several sessions", [step(None, hosted(LAN)), step(hosted(LAN), None, SILK)],
     {(LAN, PAPER, "host"), (LAN, SILK, "host")}),
    ("who hosted it before it was moved", [step(hosted(LAN), hosted(HAI, **LATER))],
     {(LAN, PAPER, "former_host"), (HAI, PAPER, "host")}),
    ("who begins to host it", [step(hosted(LAN), hosted(LAN, HAI))], {(HAI, PAPER, "host")}),
    ("who hosts it no more", [step(hosted(LAN, HAI), hosted(LAN))],
     {(HAI, PAPER, "former_host")}),
    ("not of one that was only renamed",
     [step(hosted(LAN), hosted(LAN, title=Localized(vi="Tranh")))], set()),
    ("nobody", [step(A, B)], set()),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "who"), [h[1:] for h in HOSTS], ids=[h[0] for h in HOSTS])
def test_hosts_who_hear_of_it(steps: list[SessionChange], who: set[tuple[UUID, UUID, str]]) -> None:
    assert set(hosts(steps)) == {NoticeRecipient(*one) for one in who}
