"""Sessions that recur: the days that a rule gives, and what a change to all of them changes."""

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from services.events.programme.series.rules import (
    ChangeDoesNotFit,
    Recurrence,
    SeriesEmpty,
    SeriesTooLong,
    apply_same_change,
    occurrences,
)
from shared.clock import local
from shared.ids import new_id
from tests.events.programme.sample_programme import facts

SATURDAY = date(2026, 11, 7)


def rule(**changes: Any) -> Recurrence:
    return Recurrence.model_validate({"frequency": "weekly", "count": 3} | changes)


@pytest.mark.parametrize(
    ("given", "days"),
    [
        (rule(), ["11-07", "11-14", "11-21"]),
        (rule(interval=2), ["11-07", "11-21", "12-05"]),
        (rule(weekdays=["tu", "th"]), ["11-10", "11-12", "11-17"]),
        (rule(weekdays=["sa", "su"]), ["11-07", "11-08", "11-14"]),
        (rule(count=None, until="2026-11-14"), ["11-07", "11-14"]),
        (rule(count=None, until="2026-11-13"), ["11-07"]),
        (rule(frequency="daily"), ["11-07", "11-08", "11-09"]),
        (rule(frequency="daily", interval=3), ["11-07", "11-10", "11-13"]),
        (rule(frequency="daily", weekdays=["mo"]), ["11-09", "11-16", "11-23"]),
        (rule(exceptions=["2026-11-14"]), ["11-07", "11-21"]),
        (rule(exceptions=["2026-11-07"]), ["11-14", "11-21"]),
        (rule(exceptions=["2026-11-15"]), ["11-07", "11-14", "11-21"]),
        (rule(frequency="daily", count=None, until="2026-11-07"), ["11-07"]),
    ],
    ids=str,
)
def test_a_rule_gives_its_days(given: Recurrence, days: list[str]) -> None:
    assert [f"{day:%m-%d}" for day in given.days(SATURDAY)] == days


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        (rule(count=None, until="2026-11-06"), SeriesEmpty),
        (rule(count=1, exceptions=["2026-11-07"]), SeriesEmpty),
        (rule(frequency="daily", count=None, until="2027-12-31"), SeriesTooLong),
        (rule(frequency="daily", count=None, until="9999-12-31"), SeriesTooLong),
        (rule(interval=52, count=5), SeriesTooLong),
        (rule(frequency="daily", interval=7, weekdays=["mo"]), SeriesEmpty),
    ],
    ids=str,
)
def test_a_rule_that_gives_nothing_or_no_end_is_refused(
    given: Recurrence, refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        given.days(SATURDAY)


def test_four_hundred_is_the_most() -> None:
    assert len(rule(frequency="daily", count=400).days(SATURDAY)) == 400
    one_left_out = rule(
        frequency="daily", count=None, until="2027-12-12", exceptions=["2026-12-24"]
    )
    assert len(one_left_out.days(SATURDAY)) == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"count": None},
        {"until": "2026-12-01"},
        {"count": 401},
        {"interval": 0},
        {"weekdays": ["monday"]},
        {"frequency": "monthly"},
    ],
    ids=str,
)
def test_a_rule_that_makes_no_sense_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        rule(**changes)


def test_days_are_hanois_and_registration_moves_along() -> None:
    every_week = occurrences(facts(), rule(weekdays=["sa"]), open_together=False)
    assert [f"{local(one.starts_at):%a %d %H:%M}" for one in every_week] == [
        "Sat 07 00:30",
        "Sat 14 00:30",
        "Sat 21 00:30",
    ]
    assert {one.starts_at - one.opens_at for one in every_week} == {timedelta(days=7)}
    assert {one.starts_at - one.closes_at for one in every_week} == {timedelta(hours=1)}
    together = occurrences(facts(), rule(), open_together=True)
    assert {one.opens_at for one in together} == {facts().opens_at}


def test_only_what_differs_is_changed_in_the_others() -> None:
    guest, other_room = new_id(), new_id()
    before = facts()
    special = facts(hosts=(guest,), capacity=30, ends_at=before.ends_at + timedelta(hours=1))
    after = facts(room_id=other_room, starts_at=before.starts_at + timedelta(minutes=15))
    [changed] = apply_same_change(before, after, [(new_id(), special)])
    assert changed == special.model_copy(
        update={"room_id": other_room, "starts_at": special.starts_at + timedelta(minutes=15)}
    )


def test_what_would_end_before_it_begins_is_refused_by_name() -> None:
    before = facts()
    short, key = facts(ends_at=before.starts_at + timedelta(minutes=10)), new_id()
    after = facts(starts_at=before.starts_at + timedelta(minutes=30))
    with pytest.raises(ChangeDoesNotFit) as refused:
        apply_same_change(before, after, [(key, short)])
    assert refused.value.parameters == {"session_id": key}
