"""The public schedule for other programs, and favourites."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import pytest
from icalendar import Calendar

from services.events.scheduling.schedule_export.rules import duration, numeric_id
from shared.ids import new_id
from tests.events.festival import Festival
from tests.events.programme.sample_programme import made, venue


@pytest.mark.parametrize(
    ("minutes", "text"), [(45, "00:45"), (60, "01:00"), (630, "10:30"), (12_090, "201:30")]
)
def test_how_long_is_written(minutes: int, text: str) -> None:
    assert duration(timedelta(minutes=minutes)) == text


def test_numbers_are_whole_positive_and_differ() -> None:
    found = {numeric_id(new_id()) for _ in range(5_000)}
    assert len(found) == 5_000
    assert all(0 < one < 2**53 for one in found)
    assert numeric_id(UUID(int=0)) == 1


@pytest.fixture
async def released(festival: Festival) -> Festival:
    """Two sessions on one day, a long exhibition on the next; one cancelled, one only planned."""
    await made(
        festival.organiser,
        f"{festival.path}/strands",
        {"name": {"vi": "Di sản & sáng tạo", "en": "Heritage"}, "colour": "#aa3311"},
    )
    evening = {"starts_at": "2026-11-07T20:00:00+07:00", "ends_at": "2026-11-07T21:30:00+07:00"}
    morning = {"starts_at": "2026-11-07T08:00:00+07:00", "ends_at": "2026-11-07T09:00:00+07:00"}
    long = {"starts_at": "2026-11-08T00:30:00+07:00", "ends_at": "2026-11-16T10:00:00+07:00"}
    terms = {"opens_at": "2026-10-01T00:00:00Z", "closes_at": "2026-11-07T00:00:00Z"}
    keys = [await festival.plan(**times, **terms) for times in (evening, morning, long, morning)]
    await festival.release()
    why = {"reason": {"vi": "Bão"}}
    await made(festival.organiser, f"/v1/sessions/{keys[3]}/cancellation", why)
    await festival.plan(**evening, **terms)
    festival.keys = keys  # type: ignore[attr-defined]
    return festival


def events(schedule: Any) -> list[list[Any]]:
    return [
        [event for room in day["rooms"].values() for event in room]
        for day in schedule["conference"]["days"]
    ]


async def test_the_schedule_as_json(released: Festival) -> None:
    async with released.service.anonymous() as anyone:
        schedule = (await anyone.get(f"{released.path}/schedule.json")).json()["schedule"]
        english = await anyone.get(
            f"{released.path}/schedule.json", headers={"Accept-Language": "en"}
        )
    conference = schedule["conference"]
    assert schedule["version"] == "2", "the number of the release"
    assert (conference["start"], conference["end"], conference["daysCount"]) == (
        "2026-11-07",
        "2026-11-15",
        2,
    )
    assert conference["time_zone_name"] == "Asia/Ho_Chi_Minh"
    assert [track["name"] for track in conference["tracks"]] == ["Di sản & sáng tạo"]
    assert [day["date"] for day in conference["days"]] == ["2026-11-07", "2026-11-08"]
    evening, morning, long, cancelled = released.keys  # type: ignore[attr-defined]
    found = events(schedule)
    assert [[event["guid"] for event in day] for day in found] == [[morning, evening], [long]]
    assert cancelled not in str(schedule)
    assert [event["duration"] for day in found for event in day] == ["01:00", "01:30", "201:30"]
    assert found[0][0]["start"] == "08:00", "by Hanoi's clock"
    for day in found:
        for event in day:
            assert re.fullmatch(r"[a-z0-9_-]+[a-z0-9]", event["slug"])
            assert event["room"] == "Thư viện Hà Nội"
            assert {"id", "guid", "date", "title", "subtitle", "track", "type", "language",
                    "abstract", "persons", "links", "url"} <= event.keys()  # fmt: skip
    [english_event] = events(english.json()["schedule"])[1]
    assert english_event["title"] == "Dó paper workshop"


async def test_the_schedule_as_xml_says_the_same(released: Festival) -> None:
    async with released.service.anonymous() as anyone:
        answer = await anyone.get(f"{released.path}/schedule.xml")
        schedule = (await anyone.get(f"{released.path}/schedule.json")).json()["schedule"]
    assert answer.headers["content-type"] == "application/xml"
    root = ElementTree.fromstring(answer.content)  # noqa: S314 - our own
    assert root.tag == "schedule"
    assert [day.get("date") for day in root.findall("day")] == ["2026-11-07", "2026-11-08"]
    found = root.findall("day/room/event")
    said = [event for day in events(schedule) for event in day]
    assert [event.get("guid") for event in found] == [event["guid"] for event in said]
    assert [event.findtext("title") for event in found] == [event["title"] for event in said]
    assert [event.findtext("duration") for event in found] == ["01:00", "01:30", "08:09:30"]
    for event in found:
        assert re.fullmatch(r"\d{2}:\d{2}(:\d{2})?", event.findtext("duration") or "")


async def test_the_schedule_as_a_page_for_a_frame(released: Festival) -> None:
    async with released.service.anonymous() as anyone:
        page = await anyone.get(f"{released.path}/schedule.html")
        english = await anyone.get(
            f"{released.path}/schedule.html", headers={"Accept-Language": "en"}
        )
    policy = page.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "Thứ Bảy, 07/11/2026" in page.text
    assert "Saturday, 7 November 2026" in english.text
    assert page.text.count("Xưởng giấy dó") == 3
    assert '<html lang="vi">' in page.text


async def test_what_is_written_in_a_title_is_not_markup(festival: Festival) -> None:
    current = await festival.organiser.get(f"/v1/activities/{festival.activity}")
    bad = {"title": {"vi": "<script>alert(1)</script> & $title"}}
    await festival.organiser.put(
        f"/v1/activities/{festival.activity}",
        json=current.json()["facts"] | bad,
        headers={"If-Match": current.headers["etag"]},
    )
    await festival.plan()
    await festival.release()
    async with festival.service.anonymous() as anyone:
        page = (await anyone.get(f"{festival.path}/schedule.html")).text
        xml = (await anyone.get(f"{festival.path}/schedule.xml")).content
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; $title" in page
    title = ElementTree.fromstring(xml).findtext("day/room/event/title")  # noqa: S314
    assert title == "<script>alert(1)</script> & $title"


async def test_before_the_first_release_a_schedule_is_empty(festival: Festival) -> None:
    await festival.plan()
    async with festival.service.anonymous() as anyone:
        schedule = (await anyone.get(f"{festival.path}/schedule.json")).json()["schedule"]
        assert (schedule["version"], schedule["conference"]["days"]) == ("0", [])
        assert (await anyone.get(f"{festival.path}/schedule.xml")).status_code == 200
        assert "chưa được công bố" in (await anyone.get(f"{festival.path}/schedule.html")).text
        for kind in ("json", "xml", "html"):
            nowhere = await anyone.get(f"/v1/editions/{new_id()}/schedule.{kind}")
            assert nowhere.json()["code"] == "edition.unknown"


async def test_what_one_marks_is_in_ones_calendar_as_tentative(released: Festival) -> None:
    evening, _, _, cancelled = released.keys  # type: ignore[attr-defined]
    planned = await released.plan()
    async with released.service.as_() as lan, released.service.anonymous() as anyone:
        for key in (evening, evening, cancelled):
            assert (await lan.put(f"/v1/sessions/{key}/favourite")).status_code == 204
        assert (await lan.put(f"/v1/sessions/{planned}/favourite")).status_code == 404
        mine = (await lan.get("/v1/me/favourites")).json()
        assert [one["id"] for one in mine] == [cancelled, evening]
        feed = (await lan.post("/v1/me/calendar")).json()["path"]
        calendar = Calendar.from_ical((await anyone.get(feed)).content)
        shown = {str(event["UID"])[:36]: event["STATUS"] for event in calendar.walk("VEVENT")}
        assert shown == {evening: "TENTATIVE", cancelled: "CANCELLED"}
        await lan.delete(f"/v1/sessions/{evening}/favourite")
        assert [one["id"] for one in (await lan.get("/v1/me/favourites")).json()] == [cancelled]
    async with released.service.as_() as hai:
        assert (await hai.get("/v1/me/favourites")).json() == []


async def test_a_strands_calendar(festival: Festival) -> None:
    strand = await made(
        festival.organiser,
        f"{festival.path}/strands",
        {"name": {"vi": "Di sản", "en": "Heritage"}, "colour": "#aa3311"},
    )
    path = f"/v1/strands/{strand['id']}/calendar.ics"
    await festival.plan()
    await festival.release()
    async with festival.service.anonymous() as anyone:
        assert Calendar.from_ical((await anyone.get(path)).content).walk("VEVENT") == []
        current = await festival.organiser.get(f"/v1/activities/{festival.activity}")
        await festival.organiser.put(
            f"/v1/activities/{festival.activity}",
            json=current.json()["facts"] | {"strand_id": strand["id"]},
            headers={"If-Match": current.headers["etag"]},
        )
        calendar = Calendar.from_ical((await anyone.get(path)).content)
        assert len(calendar.walk("VEVENT")) == 1
        assert calendar["X-WR-CALNAME"] == "Di sản"
        assert (await anyone.get(f"/v1/strands/{new_id()}/calendar.ics")).status_code == 404


async def test_a_room_is_named_beside_its_venue(festival: Festival) -> None:
    place = await venue(festival.service)
    hall = {"name": {"vi": "Hội trường tầng 2", "en": "Second-floor hall"}}
    room = await made(festival.organiser, f"/v1/venues/{place}/rooms", hall)
    await festival.plan(venue_id=str(place), room_id=room["id"])
    await festival.release()
    async with festival.service.anonymous() as anyone:
        for language, named in (
            ("vi", "Thư viện Hà Nội – Hội trường tầng 2"),
            ("en", "Hanoi Library – Second-floor hall"),
        ):
            headers = {"Accept-Language": language}
            answer = await anyone.get(f"{festival.path}/schedule.json", headers=headers)
            [[event]] = events(answer.json()["schedule"])
            assert event["room"] == named
