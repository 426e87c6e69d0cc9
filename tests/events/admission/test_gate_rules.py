"""What a scan is worth: examples, and the law that the order of arrival does not matter."""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given as given_any
from hypothesis import settings as effort
from hypothesis import strategies as st

from services.events.admission.gates.rules import GateFacts, ReEntry, default_gate
from services.events.admission.scans.rules import (
    JudgedScan,
    Scan,
    ScanDirection,
    ScanResult,
    admitted_at,
    effective_time,
    judge,
    refusal,
)
from services.events.booking.registrations.state import Registration, Status
from services.events.programme.editions.rules import Cancellation
from services.events.programme.sessions.rules import Session, SessionFacts
from services.events.programme.ticket_kinds.rules import TicketKind
from services.events.programme.venues.state import Place
from shared.testing.scenarios import NOON
from shared.text import Localized

SESSION, OTHER, GATE, LAN = (UUID(int=n) for n in range(1, 5))
BEGINS, ENDS = NOON + timedelta(hours=1), NOON + timedelta(hours=3)
MINUTE = timedelta(minutes=1)
IN, OUT = ScanDirection.IN, ScanDirection.OUT


def session(called_off: datetime | None = None) -> Session:
    facts = SessionFacts(
        venue_id=OTHER,
        starts_at=BEGINS,
        ends_at=ENDS,
        capacity=10,
        opens_at=NOON - timedelta(days=9),
        closes_at=BEGINS,
    )
    words = Localized(vi="Mất điện")
    return Session(
        id=SESSION,
        edition_id=OTHER,
        activity_id=OTHER,
        title=words,
        place=Place(name=words, address="", capacity=None),
        facts=facts,
        cancelled=Cancellation(at=called_off, reason=words) if called_off else None,
        changed_at=NOON,
    )


def registration(**more: object) -> Registration:
    one = Registration(
        GATE, SESSION, "session", LAN, Status.CONFIRMED, NOON, confirmed_at=NOON - timedelta(days=1)
    )
    return replace(one, **more)  # type: ignore[arg-type]


def gate(**more: object) -> GateFacts:
    return GateFacts(name="Cổng chính", sessions=frozenset({SESSION}), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("at_gate", "of", "direction", "at", "answer"),
    [
        (gate(), registration(), IN, BEGINS, None),
        (gate(), registration(), IN, BEGINS - 121 * MINUTE, ScanResult.TOO_EARLY),
        (gate(), registration(), IN, BEGINS - 120 * MINUTE, None),
        (gate(opens_before=10), registration(), IN, BEGINS - 11 * MINUTE, ScanResult.TOO_EARLY),
        (gate(), registration(), IN, ENDS - timedelta(milliseconds=1), None),
        (gate(), registration(), IN, ENDS, ScanResult.TOO_LATE),
        (gate(closes_after=30), registration(), IN, ENDS + 29 * MINUTE, None),
        (gate(closes_after=30), registration(), IN, ENDS + 30 * MINUTE, ScanResult.TOO_LATE),
        (gate(), registration(), OUT, ENDS + timedelta(days=1), None),
        (gate(kinds={TicketKind.PRESS}), registration(), IN, BEGINS, ScanResult.WRONG_KIND),
        (gate(kinds={TicketKind.PRESS}), registration(kind=TicketKind.PRESS), IN, BEGINS, None),
        (gate(kinds={TicketKind.PRESS, TicketKind.GENERAL}), registration(), IN, BEGINS, None),
        (gate(), registration(blocked_at=BEGINS), IN, BEGINS, ScanResult.BLOCKED),
        (gate(), registration(blocked_at=BEGINS), IN, BEGINS - MINUTE, None),
        (gate(), registration(blocked_at=BEGINS), OUT, ENDS, None),
        (gate(), registration(ended_at=BEGINS), IN, BEGINS, ScanResult.CANCELLED),
        (gate(), registration(ended_at=BEGINS), IN, BEGINS - MINUTE, None),
        (gate(), registration(confirmed_at=None), IN, BEGINS, ScanResult.CANCELLED),
        (gate(), registration(confirmed_at=None, ended_at=ENDS), IN, BEGINS, ScanResult.CANCELLED),
        (default_gate(SESSION), registration(), IN, BEGINS, None),
        (default_gate(OTHER), registration(), IN, BEGINS, ScanResult.WRONG_SESSION),
        (default_gate(OTHER), registration(), OUT, BEGINS, ScanResult.WRONG_SESSION),
    ],
)
def test_what_keeps_somebody_out(
    at_gate: GateFacts,
    of: Registration,
    direction: ScanDirection,
    at: datetime,
    answer: ScanResult | None,
) -> None:
    assert refusal(at_gate, of, session(), direction, at) is answer


@pytest.mark.parametrize(
    ("direction", "at", "answer"),
    [
        (IN, BEGINS - MINUTE, None),
        (IN, BEGINS, ScanResult.CANCELLED),
        (IN, ENDS, ScanResult.CANCELLED),
        (OUT, BEGINS, None),
    ],
)
def test_nobody_is_let_in_once_the_session_is_called_off(
    direction: ScanDirection, at: datetime, answer: ScanResult | None
) -> None:
    assert refusal(gate(), registration(), session(called_off=BEGINS), direction, at) is answer


def scan(
    minute: int, direction: ScanDirection = IN, re_entry: ReEntry = ReEntry.NO, **more: object
) -> Scan:
    at = BEGINS + minute * MINUTE
    made = Scan(
        UUID(int=1000 + minute),
        at,
        at,
        GATE,
        "máy 1",
        direction,
        ScanResult.ADMITTED,
        None,
        re_entry,
    )
    return replace(made, **more)  # type: ignore[arg-type]


ADMITTED, LEFT, ALREADY_IN, NOT_IN = (
    ScanResult.ADMITTED,
    ScanResult.LEFT,
    ScanResult.ALREADY_IN,
    ScanResult.NOT_IN,
)
EXIT, ALWAYS = ReEntry.AFTER_EXIT, ReEntry.ALWAYS


@pytest.mark.parametrize(
    ("scans", "answers", "inside"),
    [
        ([], [], False),
        ([scan(0)], [ADMITTED], True),
        ([scan(0), scan(1)], [ADMITTED, ALREADY_IN], True),
        ([scan(0), scan(1, OUT)], [ADMITTED, LEFT], False),
        ([scan(0), scan(1, OUT), scan(2)], [ADMITTED, LEFT, ALREADY_IN], False),
        ([scan(0), scan(1, OUT), scan(2, IN, EXIT)], [ADMITTED, LEFT, ADMITTED], True),
        ([scan(0), scan(2, IN, EXIT)], [ADMITTED, ALREADY_IN], True),
        ([scan(0), scan(2, IN, ALWAYS)], [ADMITTED, ADMITTED], True),
        ([scan(0, OUT)], [NOT_IN], False),
        ([scan(0), scan(1, OUT), scan(2, OUT)], [ADMITTED, LEFT, NOT_IN], False),
        ([scan(0, refusal=ScanResult.TOO_EARLY), scan(1)], [ScanResult.TOO_EARLY, ADMITTED], True),
        ([scan(0), scan(1, refusal=ScanResult.BLOCKED)], [ADMITTED, ScanResult.BLOCKED], True),
    ],
)
def test_a_tickets_day(scans: list[Scan], answers: list[ScanResult], inside: bool) -> None:
    judged, now_inside = judge(scans)
    assert ([one.answer for one in judged], now_inside) == (answers, inside)


def test_two_offline_gates_that_both_let_somebody_in_are_a_conflict() -> None:
    first, second = scan(0), scan(3)
    [one, two] = judge([second, first])[0]
    assert (one.conflict, two.conflict) == (False, True)
    assert admitted_at([one, two]) == first.at
    assert not JudgedScan(
        replace(second, told=ScanResult.ALREADY_IN), ScanResult.ALREADY_IN
    ).conflict


def test_who_asks_stands_after_all_that_is_known() -> None:
    known = [scan(0), scan(5)]
    assert effective_time(BEGINS + 2 * MINUTE, None, known) > known[1].effective_at
    assert effective_time(BEGINS + 9 * MINUTE, None, known) == BEGINS + 9 * MINUTE
    assert effective_time(BEGINS + 2 * MINUTE, ScanResult.ADMITTED, known) == BEGINS + 2 * MINUTE
    assert effective_time(BEGINS, None, []) == BEGINS


offline = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(ScanDirection), st.sampled_from(ReEntry)),
    max_size=12,
)


@given_any(made=offline, seed=st.integers(0, 1000))
@effort(max_examples=300, deadline=None)
def test_the_order_in_which_offline_scans_arrive_does_not_matter(
    made: list[tuple[int, ScanDirection, ReEntry]], seed: int
) -> None:
    scans = [
        scan(minute, direction, again, nonce=UUID(int=n))
        for n, (minute, direction, again) in enumerate(made)
    ]
    shuffled = [*scans, *scans[: len(scans) // 2]]
    random.Random(seed).shuffle(shuffled)  # noqa: S311
    arrived: dict[UUID, Scan] = {}
    for one in shuffled:
        arrived.setdefault(one.nonce, one)
    assert judge(arrived.values()) == judge(scans)
    judged, inside = judge(scans)
    entries = sum(one.answer is ADMITTED for one in judged)
    exits = sum(one.answer is LEFT for one in judged)
    if all(again is not ALWAYS for _, _, again in made):
        assert entries - exits == int(inside), "nobody is inside twice"
