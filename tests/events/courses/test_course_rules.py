"""A course's rules: who was there, who reached the minimum, which session a scan is for."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from services.events.admission.gates.rules import GateFacts
from services.events.admission.scans.rules import session_at
from services.events.booking.registrations.state import Registration, Status
from services.events.courses.attendance.rules import (
    AttendanceMark,
    CourseAttendance,
    SessionAttendance,
    course_attendances,
    sessions_needed,
)
from services.events.courses.certificates.certificate_number import (
    certificate_number,
    check_character,
    is_well_formed,
)
from services.events.courses.certificates.errors import NameUnprintable
from services.events.courses.certificates.rules import check_printable
from services.events.courses.feedback.rules import FeedbackAnswer, FeedbackAnswers, summarise
from services.events.programme.sessions.rules import Session, SessionFacts
from services.events.programme.venues.state import Place
from shared.testing.scenarios import NOON
from shared.text import Localized

COURSE, LAN, STAFF, MINH = (UUID(int=n) for n in range(1, 5))
ENROLLED = Registration(LAN, COURSE, "course", LAN, Status.CONFIRMED, NOON)
HOUR = timedelta(hours=1)


def mark(present: bool) -> AttendanceMark:
    return AttendanceMark(present, "Biên bản số 1", STAFF, NOON)


@pytest.mark.parametrize(
    ("sessions", "percent", "needed"),
    [
        (1, 1, 1), (3, 60, 2), (3, 66, 2), (3, 67, 3), (5, 80, 4), (8, 80, 7), (10, 80, 8),
        (10, 81, 9), (7, 100, 7), (100, 1, 1), (0, 80, 0),
    ],
)  # fmt: skip
def test_parts_of_a_session_count_as_a_whole(sessions: int, percent: int, needed: int) -> None:
    assert sessions_needed(sessions, percent) == needed


@pytest.mark.parametrize(
    ("day", "present"),
    [
        (SessionAttendance(LAN), False),
        (SessionAttendance(LAN, NOON), True),
        (SessionAttendance(LAN, None, (mark(True),)), True),
        (SessionAttendance(LAN, NOON, (mark(False),)), False),  # somebody else had the ticket
        (SessionAttendance(LAN, None, (mark(False), mark(True))), True),
        (SessionAttendance(LAN, NOON, (mark(True), mark(False))), False),
    ],
)
def test_a_sheet_speaks_against_the_scans_and_a_later_one_against_an_earlier(
    day: SessionAttendance, present: bool
) -> None:
    assert day.present is present


def test_of_no_sessions_nobody_was_at_enough() -> None:
    assert not CourseAttendance(ENROLLED, ()).reached(1)


def test_everybody_stands_by_what_is_known_of_each_session() -> None:
    days = [UUID(int=n) for n in (11, 12, 13)]
    other = Registration(MINH, COURSE, "course", MINH, Status.CONFIRMED, NOON)
    scans = {(LAN, days[0]): NOON, (MINH, days[1]): NOON, (LAN, UUID(int=99)): NOON}
    lan, minh = course_attendances([ENROLLED, other], days, scans, {(LAN, days[2]): (mark(True),)})
    assert [one.present for one in lan.sessions] == [True, False, True]
    assert (lan.attended, lan.reached(60), lan.reached(67)) == (2, True, False)
    assert minh.attended == 1


def session(number: int, starts: datetime) -> Session:
    facts = SessionFacts(
        venue_id=COURSE, starts_at=starts, ends_at=starts + 2 * HOUR, capacity=9,
        opens_at=NOON - HOUR, closes_at=starts,
    )  # fmt: skip
    place = Place(name=Localized(vi="Lớp"), address="", capacity=None)
    return Session(
        id=UUID(int=number), edition_id=COURSE, activity_id=COURSE, title=Localized(vi="Khoá"),
        place=place, facts=facts, changed_at=NOON,
    )  # fmt: skip


MORNING, NEXT, TOMORROW = (session(n, NOON + h * HOUR) for n, h in ((21, 0), (22, 3), (23, 24)))


@pytest.mark.parametrize(
    ("gate", "hours", "found"),
    [
        ((21, 22, 23), 0.5, 21),
        ((21, 22, 23), -1, 21),  # an hour early
        ((21, 22, 23), -9, 21),  # far too early: the nearest
        ((21, 22, 23), 1.5, 21),  # the gate is open for the next one too, but this one is on
        ((21, 22, 23), 2, 22),
        ((21, 22, 23), 5, 22),  # over; the next is tomorrow
        ((21, 22, 23), 22.5, 23),
        ((21, 22, 23), 99, 23),
        ((22,), 0.5, 22),  # a gate takes its own sessions only
        ((77,), 0.5, 21),  # none of the gate's: told that it is the wrong session
    ],
)
def test_a_courses_ticket_is_shown_for_the_session_nearest_in_time(
    gate: tuple[int, ...], hours: float, found: int
) -> None:
    facts = GateFacts(name="Cửa lớp", sessions=frozenset(UUID(int=n) for n in gate))
    assert session_at(facts, [MORNING, NEXT, TOMORROW], NOON + hours * HOUR).id == UUID(int=found)


def test_the_check_character_is_that_of_the_standard() -> None:
    """The example of the Global Release Identifier, which uses the same system."""
    assert check_character("A1-2425G-ABC1234002") == "M"
    assert certificate_number(2026, 123) == "HN-2026-000123-3"
    assert is_well_formed("HN-2026-000123-3")
    assert not any(
        is_well_formed(text) for text in ("", "-", "HN", "hn-2026-000123-3", "Ỗ-1", "A--")
    )


@given_any(st.integers(1, 999_999), st.data())
def test_one_mistyped_character_is_always_found(count: int, data: st.DataObject) -> None:
    right = certificate_number(2026, count)
    where = data.draw(st.sampled_from([n for n, char in enumerate(right) if char != "-"]))
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".replace(right[where], "")
    wrong = right[:where] + data.draw(st.sampled_from(letters)) + right[where + 1 :]
    assert is_well_formed(right)
    assert not is_well_formed(wrong)


@pytest.mark.parametrize("name", ["Đặng Thị Ngữ", "Jean-Luc O’Neill (Jr.)", "Zoë Šimić"])
def test_latin_names_can_be_printed(name: str) -> None:
    check_printable(name)


@pytest.mark.parametrize("name", ["王小明", "สมชาย", "Lan 🎉", "Иван", "A\u202eB", "3 Lan"])
def test_names_that_our_papers_have_no_glyphs_for_are_refused(name: str) -> None:
    with pytest.raises(NameUnprintable):
        check_printable(name)


@given_any(st.lists(st.builds(FeedbackAnswer, rating=st.integers(1, 5)), max_size=40), st.randoms())
def test_answers_come_into_view_by_fives_in_no_order_of_time(
    answers: list[FeedbackAnswer], random: object
) -> None:
    feedback = FeedbackAnswers()
    for number_, answer in enumerate(answers, start=1):
        feedback = feedback.add(answer)
        assert len(feedback.shown) == number_ // 5 * 5
        assert len(feedback.waiting) == number_ % 5
    again = FeedbackAnswers()
    for answer in sorted(answers[: len(answers) // 5 * 5], key=lambda one: one.rating):
        again = again.add(answer)
    assert again.shown == feedback.shown
    seen = summarise(feedback)
    assert seen.answers == sum(seen.ratings.values()) == len(feedback.shown)
    assert (seen.average is None) == (not feedback.shown)
