"""The statistics of an edition."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.events.booking.registrations.state import RegistrationCount, Status
from services.events.programme.ticket_kinds.rules import TicketKind
from services.events.reporting.statistics.queries import KEEP_FOR, StatisticsQueries
from services.events.reporting.statistics.rules import (
    CountedSession,
    Figures,
    summarise,
    suppressed,
)
from shared.clock import now
from shared.ids import new_id
from shared.roles import Role
from shared.testing.running import Running
from shared.text import Localized
from tests.events.programme.sample_programme import made
from tests.events.reporting.test_segments import register, two_sessions

NOON = datetime(2026, 11, 7, 5, 0, tzinfo=UTC)  # in Hanoi
NIGHT = NOON + timedelta(hours=12, minutes=30)  # half past midnight, the day after
TALK, TOUR = new_id(), new_id()
SESSIONS = {
    TALK: CountedSession(
        "session", Localized(vi="Đối thoại"), NOON, NOON + timedelta(hours=1), "Phường Cửa Nam"
    ),
    TOUR: CountedSession(
        "session", Localized(vi="Dạo đêm"), NIGHT, NIGHT + timedelta(hours=1), None
    ),
}
GENERAL, CHILD = TicketKind.GENERAL, TicketKind.CHILD
COUNTS = [
    RegistrationCount(TALK, GENERAL, Status.CONFIRMED, True, 6, 9),
    RegistrationCount(TALK, GENERAL, Status.CONFIRMED, False, 2, 2),
    RegistrationCount(TALK, GENERAL, Status.WAITING, False, 3, 5),
    RegistrationCount(TALK, GENERAL, Status.CANCELLED, False, 1, 1),
    RegistrationCount(TOUR, GENERAL, Status.CONFIRMED, False, 4, 4),
    RegistrationCount(TOUR, GENERAL, Status.OFFERED, False, 1, 2),
    RegistrationCount(TOUR, CHILD, Status.UNPAID, False, 1, 1),
]


def test_people_are_counted_and_only_what_is_over_has_no_shows() -> None:
    found = summarise(COUNTS, SESSIONS, NOON + timedelta(hours=2))
    assert found.total == Figures(
        registrations=18, people=24, confirmed=15, waiting=5, pending=3, cancelled=1,
        shows=9, no_shows=2,
    )  # fmt: skip
    talk, tour = found.by_session
    assert (talk.bookable_id, talk.figures.no_shows) == (TALK, 2)
    assert (tour.bookable_id, tour.figures.no_shows) == (TOUR, 0)


def test_days_are_hanois_and_wards_the_venues() -> None:
    found = summarise(COUNTS, SESSIONS, NOON)
    assert [str(one.day) for one in found.by_day] == ["2026-11-07", "2026-11-08"]
    assert [(one.ward, one.figures.people) for one in found.by_ward] == [
        ("Phường Cửa Nam", 17),
        (None, 7),
    ]


def people(**by_kind: int) -> dict[TicketKind, Figures]:
    return {
        TicketKind(k): Figures(registrations=n, people=n, confirmed=n) for k, n in by_kind.items()
    }


@pytest.mark.parametrize(
    ("by_kind", "hidden"),
    [
        ({"general": 40, "child": 5}, []),
        ({"general": 40, "press": 2}, []),  # a job says little about a person
        # Hidden alone, it would follow from the total: so the smallest other kind is hidden too.
        ({"general": 40, "press": 9, "child": 4}, ["press", "child"]),
        ({"general": 40, "wheelchair": 1, "child": 4}, ["wheelchair", "child"]),
        ({"general": 40, "wheelchair": 12, "child": 1}, ["wheelchair", "child"]),
        # Two hidden kinds with a sum of two have one each: so a third kind is hidden too.
        ({"general": 40, "press": 1, "child": 1}, ["general", "press", "child"]),
        ({"general": 40, "wheelchair": 1, "child": 1}, ["general", "wheelchair", "child"]),
        ({"general": 40, "press": 2, "child": 1}, ["press", "child"]),
        ({"general": 40, "child": 0}, []),
        ({"child": 3}, ["child"]),
    ],
)
def test_what_could_mean_one_child_is_not_told(by_kind: dict[str, int], hidden: list[str]) -> None:
    found = suppressed(people(**by_kind))
    assert {one.kind.value for one in found if one.figures is None} == set(hidden)


def test_any_small_figure_of_a_sensitive_kind_hides_all_of_them() -> None:
    child = Figures(registrations=9, people=9, confirmed=9, shows=7, no_shows=2)
    found = suppressed(
        {TicketKind.GENERAL: child, TicketKind.PRESS: child, TicketKind.CHILD: child}
    )
    assert [one.kind for one in found if one.figures is None] == [
        TicketKind.GENERAL,
        TicketKind.CHILD,
    ]


async def test_an_edition_is_counted_and_remembered_for_a_minute(service: Running) -> None:
    edition_id, [giay, gom] = await two_sessions(service)
    for one in (giay, gom, gom):
        async with service.as_() as client:
            await register(client, one)
    async with service.as_() as duc, service.as_(Role.ORGANISER) as mai:
        mine = await register(duc, giay)
        await made(duc, f"/v1/registrations/{mine['id']}/cancellation")
        path = f"/v1/editions/{edition_id}/statistics"
        answer = await mai.get(path)
        assert answer.headers["cache-control"] == "private, max-age=60"
        found: dict[str, Any] = answer.json()
        total = found["total"]
        assert [total[name] for name in ("registrations", "confirmed", "waiting", "cancelled")] == [
            4, 2, 1, 1,
        ]  # fmt: skip
        assert found["by_ward"][0]["ward"] == "Phường Cửa Nam"
        assert [one["bookable_id"] for one in found["by_session"]] == [giay, gom]
        await register(duc, giay)
        assert (await mai.get(path)).json() == found, "counted a moment ago"
        assert (await mai.get(f"/v1/editions/{new_id()}/statistics")).status_code == 404
    [statistics] = [p for p in service.process.service.provides if isinstance(p, StatisticsQueries)]
    later = await statistics.of_edition(UUID(edition_id), now() + KEEP_FOR)
    assert later.total.registrations == 5
