"""What a programme says of its activities, and how one finds those one looks for."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from shared.clock import HANOI
from shared.ids import new_id
from shared.roles import Role
from shared.testing.running import Running
from tests.events.programme.sample_programme import edition, made, session, venue

LAN, CUONG = str(new_id()), str(new_id())


def title(vi: str, en: str | None = None) -> dict[str, Any]:
    return {"vi": vi, "en": en}


POTTERY: dict[str, Any] = {
    "title": title("Xưởng gốm Bát Tràng", "Bát Tràng pottery workshop"),
    "kind": "workshop",
    "about": {"vi": "Nặn, vuốt và nung.", "en": "Shaping, throwing and firing."},
    "images": [
        {"url": "https://anh.hanoi.example/gom.jpg", "alt": title("Bàn xoay", "A potter's wheel")}
    ],
    "hosts": [LAN],
    "speakers": [CUONG],
    "partners": [str(new_id())],
    "delegations": [str(new_id())],
    "goals": [4, 11],
    "disciplines": ["craft"],
    "audiences": ["children", "families"],
    "min_age": 6,
    "access": ["wheelchair", "sign_language"],
}
FASHION = {
    "title": title("Trình diễn áo dài", "Áo dài show"),
    "kind": "performance",
    "about": "Lụa Vạn Phúc",  # a plain string is Vietnamese
    "goals": [12],
    "disciplines": ["fashion", "craft"],
}


class Programme:
    """Two strands, an activity in each, a session of each on a day of its own."""

    edition_id: str
    strands: list[str]
    activities: list[str]
    sessions: list[str]
    venues: list[UUID]


@pytest.fixture
async def programme(service: Running) -> Programme:
    it = Programme()
    async with service.as_(Role.ORGANISER) as organiser:
        it.edition_id = (await made(organiser, "/v1/editions", edition()))["id"]
        path = f"/v1/editions/{it.edition_id}"
        strands = [
            {"name": title("Thời trang", "Fashion"), "colour": "#aa3377", "order": 2},
            {"name": title("Làng nghề", "Craft villages"), "colour": "#336699", "order": 1},
        ]
        fashion, craft = [(await made(organiser, f"{path}/strands", s))["id"] for s in strands]
        it.strands = [craft, fashion]
        bodies = [POTTERY | {"strand_id": craft}, FASHION | {"strand_id": fashion}]
        made_so = [await made(organiser, f"{path}/activities", body) for body in bodies]
        it.activities = [one["id"] for one in made_so]
        it.venues = [await venue(service), await venue(service)]
        it.sessions = []
        starts = [(2026, 11, 8, 9), (2026, 11, 9, 23)]
        for activity, place, (year, month, day, hour) in zip(
            it.activities, it.venues, starts, strict=True
        ):
            begins = datetime(year, month, day, hour, tzinfo=HANOI)
            times = {
                "starts_at": begins.isoformat(),
                "ends_at": (begins + timedelta(hours=3)).isoformat(),
                "opens_at": "2026-10-01T00:00:00Z",
                "closes_at": begins.isoformat(),
            }
            body = session(place, **times)
            planned = await made(organiser, f"/v1/activities/{activity}/sessions", body)
            await made(organiser, f"/v1/sessions/{planned['id']}/publication")
            it.sessions.append(planned["id"])
        await made(organiser, f"{path}/announcement")
    return it


async def test_everybody_reads_what_an_activity_is_like(
    service: Running, programme: Programme
) -> None:
    async with service.anonymous() as anyone:
        pottery, fashion = [
            (await anyone.get(f"/v1/activities/{key}")).json()["facts"]
            for key in programme.activities
        ]
        strands = (await anyone.get(f"/v1/editions/{programme.edition_id}/strands")).json()
    assert pottery == POTTERY | {"strand_id": programme.strands[0]}
    assert fashion["about"] == {"vi": "Lụa Vạn Phúc", "en": ""}
    assert [strand["facts"]["name"]["vi"] for strand in strands] == ["Làng nghề", "Thời trang"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [0, 1]),
        ({"kind": "workshop"}, [0]),
        ({"kind": "forum"}, []),
        ({"discipline": "craft"}, [0, 1]),
        ({"discipline": "fashion"}, [1]),
        ({"goal": 11}, [0]),
        ({"goal": 12, "discipline": "craft"}, [1]),
        ({"audience": "children"}, [0]),
        ({"strand": 1}, [1]),
        ({"venue": 0}, [0]),
        ({"venue": 0, "kind": "performance"}, []),
        ({"day": "2026-11-08"}, [0]),
        ({"day": "2026-11-09"}, [1]),
        ({"day": "2026-11-10"}, [1]),
        ({"day": "2026-11-11"}, []),
        ({"q": "gom bat"}, [0]),
        ({"q": "ao dai", "day": "2026-11-10", "venue": 1, "strand": 1}, [1]),
    ],
    ids=str,
)
async def test_activities_and_sessions_are_found_by_what_they_are_like(
    service: Running, programme: Programme, asked: dict[str, Any], found: list[int]
) -> None:
    params = dict(asked)
    if "strand" in params:
        params["strand_id"] = programme.strands[params.pop("strand")]
    if "venue" in params:
        params["venue_id"] = str(programme.venues[params.pop("venue")])

    async def ids(client: httpx.AsyncClient, path: str, **more: Any) -> list[str]:
        answer = await client.get(path, params=params | more)
        assert answer.is_success, answer.text
        return [one["id"] for one in answer.json()["items"]]

    async with service.anonymous() as anyone:
        activities = await ids(anyone, f"/v1/editions/{programme.edition_id}/activities")
        sessions = await ids(anyone, "/v1/sessions", edition_id=programme.edition_id)
    assert activities == [programme.activities[n] for n in found]
    assert sessions == [programme.sessions[n] for n in found]


async def test_a_day_finds_for_the_public_only_what_is_public(
    service: Running, programme: Programme
) -> None:
    async with service.as_(Role.ORGANISER) as organiser, service.anonymous() as anyone:
        body = (await organiser.get(f"/v1/sessions/{programme.sessions[0]}")).json()["facts"]
        later = datetime(2026, 11, 14, 9, tzinfo=HANOI)
        body |= {
            "starts_at": later.isoformat(),
            "ends_at": (later + timedelta(hours=1)).isoformat(),
        }
        await made(organiser, f"/v1/activities/{programme.activities[0]}/sessions", body)
        path, day = f"/v1/editions/{programme.edition_id}/activities", {"day": "2026-11-14"}
        staff = (await organiser.get(path, params=day)).json()["items"]
        public = (await anyone.get(path, params=day)).json()["items"]
    assert [one["id"] for one in staff] == [programme.activities[0]]
    assert public == []


@pytest.mark.parametrize(
    "changes",
    [
        {"images": [{"url": "http://anh.example/1.jpg", "alt": title("Ảnh")}]},
        {"images": [{"url": "https://anh.example/1.jpg"}]},
        {"images": [{"url": "javascript:alert(1)", "alt": title("Ảnh")}]},
        {"goals": [18]},
        {"goals": [4, 4]},
        {"disciplines": ["Gốm"]},
        {"audiences": ["vip"]},
        {"min_age": -1},
        {"access": ["lift"]},
        pytest.param({"hosts": [LAN, LAN]}, id="a host named twice"),
        pytest.param({"about": {"vi": "x" * 20_001}}, id="too long"),
    ],
    ids=str,
)
async def test_what_makes_no_sense_of_an_activity_is_refused(
    service: Running, programme: Programme, changes: dict[str, Any]
) -> None:
    async with service.as_(Role.ORGANISER) as organiser:
        path = f"/v1/editions/{programme.edition_id}/activities"
        answer = await organiser.post(path, json=POTTERY | changes)
    assert answer.status_code == 422, answer.text


async def test_a_strand_is_its_editions_own(service: Running, programme: Programme) -> None:
    async with service.as_(Role.ORGANISER) as organiser, service.anonymous() as anyone:
        other = (await made(organiser, "/v1/editions", edition("mua-xuan")))["id"]
        elsewhere = POTTERY | {"strand_id": programme.strands[0]}
        refused = await organiser.post(f"/v1/editions/{other}/activities", json=elsewhere)
        assert (refused.status_code, refused.json()["code"]) == (404, "strand.unknown")
        current = await organiser.get(f"/v1/activities/{programme.activities[0]}")
        tag = {"If-Match": current.headers["etag"]}
        path = f"/v1/activities/{programme.activities[0]}"
        body = POTTERY | {"strand_id": str(new_id())}
        assert (await organiser.put(path, json=body, headers=tag)).status_code == 404
        hidden = await made(
            organiser,
            f"/v1/editions/{other}/strands",
            {"name": title("Ẩn"), "colour": "#000000"},
        )
        for address in (f"/v1/strands/{hidden['id']}", f"/v1/editions/{other}/strands"):
            assert (await anyone.get(address)).status_code == 404
            assert (await organiser.get(address)).status_code == 200


async def test_a_strand_is_edited_by_one_at_a_time(service: Running, programme: Programme) -> None:
    path = f"/v1/strands/{programme.strands[0]}"
    async with service.as_(Role.ORGANISER) as organiser:
        read = await organiser.get(path)
        facts, tag = read.json()["facts"], {"If-Match": read.headers["etag"]}
        assert (await organiser.put(path, json=facts)).status_code == 428
        first = await organiser.put(path, json=facts | {"colour": "#101010"}, headers=tag)
        second = await organiser.put(path, json=facts | {"colour": "#202020"}, headers=tag)
        assert (first.status_code, second.status_code) == (200, 412)
        wrong = facts | {"colour": "red"}
        tag = {"If-Match": first.headers["etag"]}
        assert (await organiser.put(path, json=wrong, headers=tag)).status_code == 422
