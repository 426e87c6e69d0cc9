"""When speakers and hosts can come."""

from datetime import datetime
from typing import Any

import pytest

from services.events.programme.availability.rules import Interval, merge_intervals
from shared.clock import HANOI
from shared.ids import new_id
from shared.roles import Role
from shared.testing.running import Running
from tests.events.programme.sample_programme import edition, made, session, venue


def hours(day: int, since: int, until: int) -> dict[str, str]:
    return {
        "starts_at": datetime(2026, 11, day, since, tzinfo=HANOI).isoformat(),
        "ends_at": datetime(2026, 11, day, until, tzinfo=HANOI).isoformat(),
    }


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ([], []),
        ([(9, 12)], [(9, 12)]),
        ([(13, 17), (9, 12)], [(9, 12), (13, 17)]),
        ([(9, 12), (12, 14)], [(9, 14)]),
        ([(9, 15), (10, 11)], [(9, 15)]),
        ([(9, 11), (10, 13), (12, 14)], [(9, 14)]),
    ],
)
def test_times_that_touch_are_one(
    said: list[tuple[int, int]], meant: list[tuple[int, int]]
) -> None:
    found = merge_intervals(
        Interval.model_validate(hours(8, since, until)) for since, until in said
    )
    assert [(s.astimezone(HANOI).hour, e.astimezone(HANOI).hour) for s, e in found] == meant


async def edition_with(service: Running, speaker: str, *, announced: bool) -> str:
    """An edition in which this person speaks."""
    async with service.as_(Role.ORGANISER) as organiser:
        key = str((await made(organiser, "/v1/editions", edition()))["id"])
        talk = {"title": {"vi": "Tọa đàm"}, "kind": "talk", "speakers": [speaker]}
        await made(organiser, f"/v1/editions/{key}/activities", talk)
        if announced:
            await made(organiser, f"/v1/editions/{key}/announcement")
    return key


async def test_a_speaker_says_when_and_the_office_corrects_it(service: Running) -> None:
    lan = new_id()
    key = await edition_with(service, str(lan), announced=True)
    said: dict[str, Any] = {"intervals": [hours(8, 9, 12)]}
    mine, for_lan = f"/v1/me/availability/{key}", f"/v1/editions/{key}/availability/{lan}"
    async with service.as_(person=lan) as speaker, service.as_(Role.ORGANISER) as organiser:
        blank = await speaker.get(mine)
        assert (blank.json()["facts"], blank.json()["set_by"]) == ({"intervals": []}, None)
        assert (await speaker.put(mine, json=said)).status_code == 428
        seen = {"If-Match": blank.headers["etag"]}
        first = await speaker.put(mine, json=said, headers=seen)
        assert first.status_code == 200, first.text
        assert first.json()["set_by"] == str(lan)
        assert (await organiser.put(for_lan, json=said, headers=seen)).status_code == 412
        read = await organiser.get(for_lan)
        longer = {"intervals": [hours(8, 9, 12), hours(9, 13, 17)]}
        seen = {"If-Match": read.headers["etag"]}
        assert (await organiser.put(for_lan, json=longer, headers=seen)).status_code == 200
        now_known = (await speaker.get(mine)).json()
        assert len(now_known["facts"]["intervals"]) == 2
        assert now_known["set_by"] != str(lan)
        [listed] = (await organiser.get(f"/v1/editions/{key}/availability")).json()["items"]
        assert listed == now_known


async def test_a_planned_edition_is_known_only_to_those_who_are_in_it(service: Running) -> None:
    lan, guide = new_id(), new_id()
    key = await edition_with(service, str(lan), announced=False)
    async with (
        service.as_(person=lan) as speaker,
        service.as_(person=guide) as later,
        service.as_(Role.ORGANISER) as organiser,
    ):
        mine = f"/v1/me/availability/{key}"
        assert (await speaker.get(mine)).status_code == 200
        stranger = await later.get(mine)
        assert (stranger.status_code, stranger.json()["code"]) == (404, "edition.unknown")
        refused = await later.put(mine, json={"intervals": []}, headers={"If-Match": '"0"'})
        assert refused.status_code == 404
        [talk] = (await organiser.get(f"/v1/editions/{key}/activities")).json()["items"]
        body = session(await venue(service), hosts=[str(guide)])
        await made(organiser, f"/v1/activities/{talk['id']}/sessions", body)
        assert (await later.get(mine)).status_code == 200


@pytest.mark.parametrize(
    "intervals",
    [[hours(8, 12, 9)], [hours(8, 9, 9)], [{"starts_at": "8 giờ"}], [hours(8, 9, 12)] * 201],
    ids=["backwards", "nothing", "no moment", "too many"],
)
async def test_times_that_make_no_sense_are_refused(service: Running, intervals: list[Any]) -> None:
    lan = new_id()
    key = await edition_with(service, str(lan), announced=True)
    async with service.as_(person=lan) as speaker:
        path, body = f"/v1/me/availability/{key}", {"intervals": intervals}
        answer = await speaker.put(path, json=body, headers={"If-Match": '"0"'})
    assert answer.status_code == 422
