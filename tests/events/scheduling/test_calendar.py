"""Calendars and JSON-LD, read by libraries that are not ours."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from icalendar import Calendar, Component

from shared.ids import new_id
from shared.roles import Role
from shared.testing.running import Running
from tests.events.programme.sample_programme import made, published_session, venue


def read_back(answer: httpx.Response) -> tuple[Calendar, list[Component]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n")), "RFC 5545, 3.1"
    assert b"\n" not in answer.content.replace(b"\r\n", b"")
    calendar = Calendar.from_ical(answer.content)
    assert isinstance(calendar, Calendar)
    assert not calendar.errors
    calendar.validate()
    events = calendar.walk("VEVENT")
    for event in events:
        assert not event.errors
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE"} <= event.keys()
    return calendar, events


@pytest.fixture
async def session(service: Running) -> UUID:
    return await published_session(service)


async def facts(service: Running, session: UUID) -> Any:
    async with service.as_() as anybody:
        return (await anybody.get(f"/v1/sessions/{session}")).json()


async def test_a_session_keeps_its_uid_and_counts_up_when_it_moves(
    service: Running, session: UUID
) -> None:
    path = f"/v1/sessions/{session}/calendar.ics"
    async with service.as_(Role.ORGANISER) as organiser:
        calendar, [before] = read_back(await organiser.get(path))
        assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Ho_Chi_Minh"]
        assert before["SUMMARY"] == "Xưởng giấy dó"
        assert before["LOCATION"] == "Thư viện Hà Nội, 47 Bà Triệu"
        assert before["DTSTART"].dt.utcoffset() == timedelta(hours=7)
        current = await organiser.get(f"/v1/sessions/{session}")
        known = current.json()["facts"]
        later = before["DTEND"].dt + timedelta(hours=1)
        moved = known | {"ends_at": later.isoformat()}
        etag = {"If-Match": current.headers["etag"]}
        put = await organiser.put(f"/v1/sessions/{session}", json=moved, headers=etag)
        assert put.is_success, put.text
        _, [still] = read_back(await organiser.get(path))
        assert still == before, "a draft is nobody's business"
        await made(organiser, f"/v1/sessions/{session}/publication")
        _, [after] = read_back(await organiser.get(path))
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTEND"].dt == later


async def test_the_same_sessions_make_the_same_bytes(service: Running, session: UUID) -> None:
    async with service.as_() as anybody:
        path = f"/v1/sessions/{session}/calendar.ics"
        assert (await anybody.get(path)).content == (await anybody.get(path)).content


async def test_an_editions_and_a_venues_calendar(service: Running, session: UUID) -> None:
    found = await facts(service, session)
    async with service.as_(Role.ORGANISER) as organiser, service.as_() as anybody:
        body = found["facts"]
        path = f"/v1/activities/{found['activity_id']}/sessions"
        second = await made(organiser, path, body)
        for of in (f"editions/{found['edition_id']}", f"venues/{body['venue_id']}"):
            _, events = read_back(await anybody.get(f"/v1/{of}/calendar.ics"))
            assert len(events) == 1, "what is planned is nobody's business yet"
        await made(organiser, f"/v1/sessions/{second['id']}/publication")
        for of in (f"editions/{found['edition_id']}", f"venues/{body['venue_id']}"):
            calendar, events = read_back(await anybody.get(f"/v1/{of}/calendar.ics"))
            assert len({event["UID"] for event in events}) == 2
            assert calendar["X-WR-CALNAME"] in {"Lễ hội Thiết kế sáng tạo", "Thư viện Hà Nội"}
        english = {"Accept-Language": "en"}
        answer = await anybody.get(f"/v1/sessions/{session}/calendar.ics", headers=english)
        assert read_back(answer)[1][0]["SUMMARY"] == "Dó paper workshop"


async def test_what_is_not_public_has_no_calendar(service: Running) -> None:
    empty = await venue(service)
    async with service.as_() as anybody:
        assert read_back(await anybody.get(f"/v1/venues/{empty}/calendar.ics"))[1] == []
        for of in ("editions", "venues", "sessions"):
            answer = await anybody.get(f"/v1/{of}/{new_id()}/calendar.ics")
            assert answer.status_code == 404


async def test_a_private_feed_shows_what_one_holds_until_it_is_closed(
    service: Running, session: UUID
) -> None:
    async with service.as_() as lan, service.as_() as stranger:
        first = (await lan.post("/v1/me/calendar")).json()["path"]
        assert read_back(await stranger.get(first))[1] == []
        mine = await made(lan, f"/v1/sessions/{session}/registrations")
        [event] = read_back(await stranger.get(first))[1]
        assert str(session) in event["UID"]
        renewed = (await lan.post("/v1/me/calendar")).json()["path"]
        assert (await stranger.get(first)).json()["code"] == "feed.unknown"
        await lan.post(f"/v1/registrations/{mine['id']}/cancellation")
        assert read_back(await stranger.get(renewed))[1] == []
        assert (await lan.delete("/v1/me/calendar")).status_code == 204
        assert (await stranger.get(renewed)).status_code == 404
    kept = await service.platform.mongo.collection("calendar_feeds").find().to_list(None)
    assert first.split("/")[-1].removesuffix(".ics") not in str(kept)


async def test_a_session_for_search_engines(service: Running, session: UUID) -> None:
    async with service.as_() as lan:
        await made(lan, f"/v1/sessions/{session}/registrations")
        answer = await lan.get(f"/v1/sessions/{session}/event.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    found = answer.json()
    assert (found["@context"], found["@type"]) == ("https://schema.org", "Event")
    assert found["name"] == "Xưởng giấy dó"
    assert found["location"]["name"] == "Thư viện Hà Nội"
    assert found["startDate"].endswith("+07:00")
    assert (found["maximumAttendeeCapacity"], found["remainingAttendeeCapacity"]) == (2, 1)


async def test_machines_are_told_what_it_costs(service: Running, session: UUID) -> None:
    train = [
        {"kind": "general", "fee": 20_000},
        {"kind": "child"},
        {"kind": "press", "code_only": True},
    ]
    paid = await published_session(service, kinds=train)
    async with service.anonymous() as crawler:
        free = (await crawler.get(f"/v1/sessions/{session}/event.jsonld")).json()
        ride = (await crawler.get(f"/v1/sessions/{paid}/event.jsonld")).json()
    assert (free["isAccessibleForFree"], ride["isAccessibleForFree"]) == (True, False)
    prices = {one["name"]: (one["price"], one["priceCurrency"]) for one in ride["offers"]}
    assert prices == {"general": (20_000, "VND"), "child": (0, "VND")}


@pytest.mark.parametrize(
    ("mode", "attendance"), [("on_site", "Offline"), ("online", "Online"), ("hybrid", "Mixed")]
)
async def test_machines_are_told_whether_one_has_to_come(
    service: Running, mode: str, attendance: str
) -> None:
    key = await published_session(service, mode=mode)
    async with service.anonymous() as crawler:
        found = (await crawler.get(f"/v1/sessions/{key}/event.jsonld")).json()
    assert found["eventAttendanceMode"] == f"https://schema.org/{attendance}EventAttendanceMode"
