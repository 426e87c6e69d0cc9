"""Warnings about a plan.

The cases are our own. pretalx (warnings about speakers, availability and overlaps) and Indico (room
bookings) distinguish the same ones.
"""

import random
from collections import Counter
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest

from services.events.scheduling.warnings.intervals import Span, Timeline, overlap, overlapping
from services.events.scheduling.warnings.rules import find_warnings
from services.events.scheduling.warnings.state import FoundWarning, plan_warning
from services.events.scheduling.warnings.wording import MESSAGES, WarningCode
from tests.events.scheduling.warning_cases import (
    HALL,
    LAN,
    MINUTE,
    Case,
    at,
    held,
    houses,
    people,
    programme,
    rooms,
)

CASES = [*rooms.CASES, *people.CASES, *houses.CASES]


@pytest.mark.parametrize("case", CASES, ids=[case.story for case in CASES])
def test_what_is_wrong(case: Case) -> None:
    found = find_warnings(programme(case.sessions, **case.known))
    seen = [
        (one.code.value, {session.title.vi for session in one.sessions}, dict(one.facts))
        for one in found
    ]
    assert seen == [(code, set(which.split()), facts) for code, which, facts in case.expected]


@pytest.mark.parametrize("case", CASES, ids=[case.story for case in CASES])
def test_the_order_in_which_sessions_come_changes_nothing(case: Case) -> None:
    given = find_warnings(programme(case.sessions, **case.known))
    turned = find_warnings(programme(case.sessions[::-1], **case.known))

    def facts(found: list[FoundWarning]) -> list[Any]:
        return sorted(
            (one.code, sorted(s.title.vi for s in one.sessions), sorted(one.facts.items()))
            for one in found
        )

    assert facts(given) == facts(turned)


def test_every_kind_of_warning_has_a_case_and_words_in_both_languages() -> None:
    assert {code for case in CASES for code, _, _ in case.expected} == {
        code.value for code in WarningCode
    }
    assert MESSAGES.keys() == set(WarningCode)
    for case in CASES:
        plan = programme(case.sessions, **case.known)
        for warning in (plan_warning(plan, one) for one in find_warnings(plan)):
            assert warning.severity is MESSAGES[warning.code].severity
            assert warning.text.vi != warning.text.en
            assert "{" not in warning.text.vi + warning.text.en


def test_a_warning_says_it_as_people_do() -> None:
    gom = held("Xưởng gốm", "07 09:00", "07 11:00", room_id=HALL)
    lua = held("Nhuộm lụa {minutes}", "07 10:15", "07 12:00", room_id=HALL)
    plan = programme([gom, lua])
    [warning] = [plan_warning(plan, one) for one in find_warnings(plan)]
    assert warning.text.vi == (
        "“Nhuộm lụa {minutes}” và “Xưởng gốm” cùng ở Hội trường, Bảo tàng trong 45 phút."
    )
    assert warning.text.en == (
        "“Nhuộm lụa {minutes}” and “Xưởng gốm” are both in Hội trường, Bảo tàng for 45 minutes."
    )


@pytest.mark.parametrize("seed", range(20))
def test_one_pass_in_order_of_time_finds_what_looking_at_every_pair_finds(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a dice for tests
    spans = []
    for number in range(60):
        start = at("07 00:00") + chance.randrange(600) * MINUTE
        spans.append(Span(start, start + chance.randrange(1, 40) * MINUTE, number))
    pairs = {
        frozenset((a.of, b.of)) for a, b in combinations(spans, 2) if overlap(a, b) > timedelta()
    }
    assert {frozenset((a.of, b.of)) for a, b in overlapping(spans)} == pairs
    line = Timeline(spans[:30])
    for asked in spans[30:]:
        found = [span.of for span in line.during(asked.start, asked.end)]
        assert set(found) == {one.of for one in spans[:30] if overlap(one, asked) > timedelta()}


def test_a_thousand_in_one_room_at_once_are_not_half_a_million_pairs() -> None:
    crowd = [
        held(f"{number}", "07 09:00", "07 11:00", room_id=HALL, hosts=(LAN,))
        for number in range(1_000)
    ]
    found = Counter(one.code for one in find_warnings(programme(crowd)))
    most = sum(min(number, 10) for number in range(1_000))
    assert found == {WarningCode.ROOM_OVERLAP: most, WarningCode.PERSON_OVERLAP: most}
