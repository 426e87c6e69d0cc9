"""Who is where, from the scans of several gates."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.events.admission.gates.rules import ReEntry
from services.events.admission.occupancy.rules import Left, PersonInside, Stay, inside, stays
from services.events.admission.scans.rules import JudgedScan, Scan, ScanDirection, ScanResult
from shared.clock import now
from shared.roles import Role
from shared.testing.running import Running
from tests.events.admission.test_gates_api import a_scan, sent, ticket
from tests.events.programme.sample_programme import edition, made, published_sessions

TOWER, CITADEL, LAN, MAI = (UUID(int=n) for n in range(1, 5))


def at(clock: str) -> datetime:
    hour, minute = clock.split(":")
    return datetime(2026, 11, 7, int(hour), int(minute), tzinfo=UTC)


def seen(*scans: str) -> list[JudgedScan]:
    """As judged: "09:00 admitted" …"""
    judged = []
    for one in scans:
        clock, answer = one.split()
        direction = ScanDirection.OUT if answer == "left" else ScanDirection.IN
        scan = Scan(
            uuid4(),
            at(clock),
            at(clock),
            UUID(int=9),
            "máy",
            direction,
            None,
            None,
            ReEntry.AFTER_EXIT,
        )
        judged.append(JudgedScan(scan, ScanResult(answer)))
    return judged


TRAILS: dict[str, tuple[list[str], list[str], list[str]]] = {
    "still there": (["09:00 admitted"], [], ["tower 09:00"]),
    "seen leaving": (["09:00 admitted", "10:00 left"], [], ["tower 09:00-10:00 exit"]),
    "let in elsewhere": (
        ["09:00 admitted"], ["11:00 admitted"], ["tower 09:00-11:00 elsewhere", "citadel 11:00"],
    ),
    "left, and elsewhere later": (
        ["09:00 admitted", "10:00 left"], ["11:00 admitted"],
        ["tower 09:00-10:00 exit", "citadel 11:00"],
    ),
    "an exit noted after they came elsewhere": (
        ["09:00 admitted", "12:00 left"], ["11:00 admitted"],
        ["tower 09:00-11:00 elsewhere", "citadel 11:00"],
    ),
    "back again": (
        ["09:00 admitted", "10:00 left", "13:00 admitted"], ["11:00 admitted"],
        ["tower 09:00-10:00 exit", "citadel 11:00-13:00 elsewhere", "tower 13:00"],
    ),
    "turned away elsewhere": (["09:00 admitted"], ["11:00 wrong_session"], ["tower 09:00"]),
    "shown again inside": (["09:00 admitted", "09:30 already_in"], [], ["tower 09:00"]),
    "never let in": (["09:00 too_early"], [], []),
}  # fmt: skip


def told(stay: Stay) -> str:
    where = {TOWER: "tower", CITADEL: "citadel"}[stay.session_id]
    until = f"-{stay.left_at:%H:%M} {stay.left}" if stay.left_at else ""
    return f"{where} {stay.came_at:%H:%M}{until}"


@pytest.mark.parametrize(("tower", "citadel", "was"), TRAILS.values(), ids=TRAILS)
def test_where_somebody_was(tower: list[str], citadel: list[str], was: list[str]) -> None:
    tickets = [(CITADEL, 1, seen(*citadel)), (TOWER, 1, seen(*tower))]
    assert [told(stay) for stay in stays(tickets)] == was
    assert [told(stay) for stay in stays(tickets[::-1])] == was, "in whatever order they are read"


def test_somebody_in_two_places_is_where_they_came_last() -> None:
    present = [
        PersonInside(LAN, TOWER, 3, at("09:00")),
        PersonInside(LAN, CITADEL, 2, at("11:00")),
        PersonInside(MAI, TOWER, 1, at("10:00")),
    ]
    assert inside(present) == inside(present[::-1]) == {TOWER: 1, CITADEL: 2}


async def test_from_venue_to_venue_over_offline_gates(service: Running) -> None:
    """Lan and two friends see the tower, then the citadel; nobody scans them out."""
    tower, citadel = await published_sessions(service, {"capacity": 9}, {"capacity": 9})
    async with (
        service.as_() as lan,
        service.as_() as mai,
        service.as_(Role.GATE) as gate,
        service.as_(Role.ORGANISER) as organiser,
    ):
        first = await ticket(lan, tower, size=3)
        second = await ticket(lan, citadel, size=2)
        hers = await ticket(mai, tower)
        planned = await made(organiser, "/v1/editions", edition("cong"))
        doors = {}
        for key in (tower, citadel):
            body = {"name": "Cổng", "sessions": [str(key)], "opens_before": 240}
            door = await made(organiser, f"/v1/editions/{planned['id']}/gates", body)
            doors[key] = f"/v1/gates/{door['id']}"

        async def people(key: UUID) -> tuple[int, int]:
            found = (await gate.get(f"/v1/sessions/{key}/occupancy")).json()
            return found["inside"], found["admitted"]

        assert await sent(gate, doors[tower], a_scan(first), a_scan(hers)) == ["admitted"] * 2
        assert (await people(tower), await people(citadel)) == ((4, 4), (0, 0))
        # The citadel's gate was offline; its scans come later.
        later = now() + timedelta(minutes=1)
        scan = a_scan(second, later, told="admitted")
        assert await sent(gate, doors[citadel], scan) == ["admitted"]
        assert (await people(tower), await people(citadel)) == ((1, 4), (2, 2))
        held = (await gate.get(f"/v1/sessions/{tower}")).json()
        venue = held["facts"]["venue_id"]
        at_venue = (await gate.get(f"/v1/venues/{venue}/occupancy")).json()
        assert at_venue["inside"] == 3
        assert {one["session_id"]: one["inside"] for one in at_venue["sessions"]} == {
            str(tower): 1,
            str(citadel): 2,
        }
        mine: Any = (await lan.get(f"/v1/registrations/{first['id']}")).json()
        path = f"/v1/editions/{held['edition_id']}/people/{mine['person_id']}/trail"
        stays = (await organiser.get(path)).json()
        assert [(one["session_id"], one["left"], one["size"]) for one in stays] == [
            (str(tower), Left.ELSEWHERE, 3),
            (str(citadel), None, 2),
        ]
        assert {one["venue"]["vi"] for one in stays} == {"Thư viện Hà Nội"}
        assert (await gate.get(path)).status_code == 403
    looked = service.platform.mongo.collection("audit").find({"action": "person.trace"})
    assert len(await looked.to_list(None)) == 1, "that somebody looked is on record"
