"""Rooms, opening hours, closures, and the way from one venue to another."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.events.programme.venue_settings.opening_hours import OpeningHours
from services.events.programme.venue_settings.rules import Position, TravelTime, VenueSettingsFacts
from services.events.programme.venue_settings.travel import Pace, Travel, distance
from shared.clock import HANOI
from shared.ids import new_id
from shared.repositories import ImplicitRepository, Repository
from shared.roles import Role
from shared.testing.running import Running
from tests.events.programme.sample_programme import edition, made, session, venue

ALL_WEEK = [
    {"weekday": day, "opens": "09:00", "closes": "17:00"}
    for day in ("mo", "tu", "we", "th", "fr", "sa", "su")
]
LIBRARY: dict[str, Any] = {
    "fire_capacity": 180,
    "weekly": [
        {"weekday": "tu", "opens": "08:00", "closes": "11:30"},
        {"weekday": "tu", "opens": "13:30", "closes": "17:00"},
        {"weekday": "sa", "opens": "18:00", "closes": "24:00"},
        {"weekday": "su", "opens": "00:00", "closes": "02:00"},
    ],
    "other_days": [
        {"day": "2026-11-10", "hours": [], "reason": "Kiểm kê"},
        {"day": "2026-11-11", "hours": [{"opens": "10:00", "closes": "12:00"}], "reason": None},
    ],
    "blocked": [],
    "position": {"latitude": 21.0245, "longitude": 105.8480},
    "ways": [],
}


def at(written: str) -> datetime:
    """A moment in November 2026; the 3rd is a Tuesday, the 7th a Saturday."""
    return datetime.strptime(f"2026-11-{written}", "%Y-%m-%d %H:%M").replace(tzinfo=HANOI)


@pytest.mark.parametrize(
    ("starts", "ends", "closed"),
    [
        ("03 08:00", "03 11:30", 0),
        ("03 07:45", "03 09:00", 15),
        ("03 11:00", "03 14:00", 120),  # over the midday break
        ("03 16:00", "03 17:01", 1),
        ("04 09:00", "04 10:00", 60),  # a Wednesday has no hours
        ("07 20:00", "08 01:00", 0),  # a night is two spans that meet
        ("07 23:00", "08 02:30", 30),
        ("07 18:00", "08 00:00", 0),  # until midnight is still Saturday
        ("10 09:00", "10 10:00", 60),  # a Tuesday, closed for once
        ("11 10:00", "11 12:00", 0),  # a Wednesday, open for once
        ("11 09:00", "11 12:00", 60),
        ("03 08:00", "17 17:00", 0),  # a run of two weeks: the nights do not matter
        ("03 07:00", "17 17:30", 90),
        ("03 12:00", "17 14:00", 90),  # begins in the break
        ("04 09:00", "17 14:00", 15 * 60),  # begins on a day without hours
    ],
)
def test_how_long_it_is_closed(starts: str, ends: str, closed: int) -> None:
    hours = OpeningHours(VenueSettingsFacts.model_validate(LIBRARY))
    assert hours.closed_minutes(at(starts), at(ends)) == closed


def test_without_hours_a_venue_is_open_but_on_other_days() -> None:
    always = OpeningHours(VenueSettingsFacts())
    assert always.closed_minutes(at("03 02:00"), at("03 04:00")) == 0
    once_closed = OpeningHours(
        VenueSettingsFacts.model_validate({"other_days": [{"day": "2026-11-03"}]})
    )
    assert once_closed.closed_minutes(at("03 02:00"), at("03 04:00")) == 120
    assert once_closed.closed_minutes(at("04 02:00"), at("04 04:00")) == 0


A, B, C = (UUID(int=n) for n in (1, 2, 3))
HOAN_KIEM = Position(latitude=21.0285, longitude=105.8542)
BAT_TRANG = Position(latitude=20.9766, longitude=105.9125)


def test_the_way_is_what_organisers_say_or_reckoned_or_unknown() -> None:
    assert distance(HOAN_KIEM, HOAN_KIEM) == 0
    assert distance(HOAN_KIEM, BAT_TRANG) == pytest.approx(8.34, abs=0.05)
    travel = Travel(
        {
            A: VenueSettingsFacts(position=HOAN_KIEM, ways=(TravelTime(venue_id=C, minutes=25),)),
            B: VenueSettingsFacts(position=BAT_TRANG),
        },
        Pace(kilometres_an_hour=15, to_set_out=10),
    )
    assert travel.minutes(A, A) == 0
    assert travel.minutes(A, C) == travel.minutes(C, A) == 25
    assert travel.minutes(A, B) == travel.minutes(B, A) == 10 + 34
    assert travel.minutes(B, C) is None
    there, back = TravelTime(venue_id=B, minutes=20), TravelTime(venue_id=A, minutes=35)
    one_way = Travel({A: VenueSettingsFacts(ways=(there,)), B: VenueSettingsFacts(ways=(back,))})
    assert (one_way.minutes(A, B), one_way.minutes(B, A)) == (20, 35)


@pytest.mark.parametrize(
    "changes",
    [
        {"weekly": [{"weekday": "mo", "opens": "09:00", "closes": "08:00"}]},
        {"weekly": [{"weekday": "mo", "opens": "9:00", "closes": "17:00"}]},
        {"weekly": [{"weekday": "mo", "opens": "09:00", "closes": "24:30"}]},
        {"weekly": [*ALL_WEEK, {"weekday": "mo", "opens": "16:00", "closes": "18:00"}]},
        {"other_days": [{"day": "2026-11-10"}, {"day": "2026-11-10"}]},
        {"position": {"latitude": 105.8, "longitude": 21.0}},
        {"ways": [{"venue_id": str(A), "minutes": -1}]},
        {"ways": [{"venue_id": str(A), "minutes": 1}] * 2},
        {"fire_capacity": -1},
        {"blocked": [{"starts_at": "2026-11-10T10:00:00+07:00",
                      "ends_at": "2026-11-10T10:00:00+07:00", "reason": "Sửa mái"}]},
    ],
    ids=str,
)  # fmt: skip
async def test_an_arrangement_that_contradicts_itself_is_refused(
    service: Running, changes: dict[str, Any]
) -> None:
    path = f"/v1/venues/{await venue(service)}/arrangement"
    async with service.as_(Role.ORGANISER) as organiser:
        seen = {"If-Match": '"0"'}
        answer = await organiser.put(path, json=LIBRARY | changes, headers=seen)
        assert answer.status_code == 422, answer.text
        assert (await organiser.get(path)).headers["etag"] == '"0"'


async def test_an_arrangement_is_blank_then_written_by_one_at_a_time(service: Running) -> None:
    path = f"/v1/venues/{await venue(service)}/arrangement"
    async with service.as_(Role.ORGANISER) as organiser:
        blank = await organiser.get(path)
        assert blank.json()["facts"]["weekly"] == []
        assert (await organiser.put(path, json=LIBRARY)).status_code == 428
        seen = {"If-Match": blank.headers["etag"]}
        first = await organiser.put(path, json=LIBRARY, headers=seen)
        assert first.status_code == 200, first.text
        assert (await organiser.put(path, json=LIBRARY, headers=seen)).status_code == 412
        read = await organiser.get(path)
        assert read.json()["facts"] == LIBRARY
        assert read.headers["etag"] == first.headers["etag"] != blank.headers["etag"]


@pytest.mark.parametrize("guarded", [True, False])
async def test_of_two_who_begin_a_blank_one_only_one_writes(
    service: Running, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """The control lets everybody through who has seen it blank: the last overwrites the rest."""
    if not guarded:
        monkeypatch.setattr(
            ImplicitRepository,
            "perform",
            lambda self, tx, key, command, now, *, expects=None: Repository.perform(
                self, tx, key, command, now
            ),
        )
    path = f"/v1/venues/{await venue(service)}/arrangement"
    async with service.as_(Role.ORGANISER) as organiser:
        seen = {"If-Match": '"0"'}
        bodies = [LIBRARY | {"fire_capacity": people} for people in range(6)]
        answers = await asyncio.gather(
            *(organiser.put(path, json=body, headers=seen) for body in bodies)
        )
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == ([200] + [412] * 5 if guarded else [200] * 6)


async def test_rooms_are_public_and_their_venues_own(service: Running) -> None:
    library, museum = await venue(service), await venue(service)
    hall = {
        "name": {"vi": "Hội trường tầng 2", "en": "Hall, 2nd floor"},
        "capacity": 120,
        "fire_capacity": 100,
        "setup_minutes": 30,
        "strike_minutes": 15,
    }
    async with service.as_(Role.ORGANISER) as organiser, service.anonymous() as anyone:
        room = await made(organiser, f"/v1/venues/{library}/rooms", hall)
        assert [one["id"] for one in (await anyone.get(f"/v1/venues/{library}/rooms")).json()] == [
            room["id"]
        ]
        assert (await anyone.get(f"/v1/venues/{museum}/rooms")).json() == []
        read = await anyone.get(f"/v1/rooms/{room['id']}")
        assert read.json() == {"id": room["id"], "venue_id": str(library), "facts": hall}
        path, smaller = f"/v1/rooms/{room['id']}", hall | {"capacity": 90}
        assert (await organiser.put(path, json=smaller)).status_code == 428
        seen = {"If-Match": read.headers["etag"]}
        assert (await organiser.put(path, json=smaller, headers=seen)).status_code == 200
        assert (await organiser.put(path, json=hall, headers=seen)).status_code == 412
        blocked = {
            "starts_at": at("10 08:00").isoformat(),
            "ends_at": (at("10 08:00") + timedelta(hours=4)).isoformat(),
            "room_id": room["id"],
            "reason": "Sửa mái",
        }
        blank = {"If-Match": '"0"'}
        body = LIBRARY | {"blocked": [blocked]}
        path = "/v1/venues/{}/arrangement"
        elsewhere = await organiser.put(path.format(museum), json=body, headers=blank)
        assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, "room.unknown")
        assert (await organiser.put(path.format(library), json=body, headers=blank)).is_success


async def test_an_unknown_venue_has_neither_rooms_nor_hours(service: Running) -> None:
    nowhere = f"/v1/venues/{new_id()}"
    async with service.as_(Role.ORGANISER) as organiser:
        answers = [
            await organiser.get(f"{nowhere}/rooms"),
            await organiser.post(f"{nowhere}/rooms", json={"name": {"vi": "Phòng"}}),
            await organiser.get(f"{nowhere}/arrangement"),
            await organiser.put(f"{nowhere}/arrangement", json={}, headers={"If-Match": '"0"'}),
        ]
        assert [(a.status_code, a.json()["code"]) for a in answers] == [(404, "venue.unknown")] * 4
        room = await organiser.get(f"/v1/rooms/{new_id()}")
        assert (room.status_code, room.json()["code"]) == (404, "room.unknown")


async def test_a_session_is_planned_in_a_room_of_its_own_venue(service: Running) -> None:
    library, museum = await venue(service), await venue(service)
    async with service.as_(Role.ORGANISER) as organiser:
        hall = (await made(organiser, f"/v1/venues/{museum}/rooms", {"name": {"vi": "Sảnh"}}))["id"]
        key = (await made(organiser, "/v1/editions", edition()))["id"]
        talk = {"title": {"vi": "Tọa đàm"}, "kind": "talk"}
        talk = (await made(organiser, f"/v1/editions/{key}/activities", talk))["id"]
        path, body = f"/v1/activities/{talk}", session(museum, room_id=hall)
        planned = await made(organiser, f"{path}/sessions", body)
        for other in ({"venue_id": str(library)}, {"room_id": str(new_id())}):
            weekly = {"facts": body | other, "rule": {"frequency": "weekly", "count": 2}}
            tag = (await organiser.get(f"/v1/sessions/{planned['id']}")).headers["etag"]
            answers = [
                await organiser.post(f"{path}/sessions", json=body | other),
                await organiser.post(f"{path}/series", json=weekly),
                await organiser.put(
                    f"/v1/sessions/{planned['id']}", json=body | other, headers={"If-Match": tag}
                ),
            ]
            assert [(a.status_code, a.json()["code"]) for a in answers] == [
                (404, "room.unknown")
            ] * 3
