"""Certificates: each once, whoever asks how often; whose name is on them, and who may read it."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from services.events.app import build
from services.events.courses.certificates import pages as view
from services.events.courses.certificates.store import Certificates
from services.events.settings import Settings
from shared.contracts.events import CertificateIssued
from shared.roles import Role
from tests.events.admission.test_tickets import read_qr
from tests.events.courses.sample_courses import Course, Learner, enrolled, published_course, school
from tests.helping.guards import without_transactions, without_unique_indexes
from tests.helping.told import told


async def finished(service: Any, people: int) -> tuple[Course, list[Learner]]:
    """A course of one session that is over, and everybody was there."""
    course = await published_course(service, sessions=1)
    learners = await enrolled(course, people)
    await course.sheet(0, "Biên bản 1", present=[one.id for one in learners])
    course.to_its_end()
    return course, learners


async def issued_at_once(settings: Settings, made_by: Any = build) -> tuple[Counter[str], int]:
    """How many certificates each has after eight asked at the same instant; and how many told."""
    async with school(settings, made_by) as service:
        course, learners = await finished(service, 6)
        answers = await asyncio.gather(*(course.issue() for _ in range(8)), return_exceptions=True)
        assert any(getattr(one, "is_success", False) for one in answers)
        rows = await service.platform.mongo.collection("certificates").find().to_list(None)
        held = Counter(str(row["registration_id"]) for row in rows)
        assert set(held) == {one.id for one in learners}
        return held, len(await told(service.platform.mongo, CertificateIssued))


async def test_issued_at_once_by_many_everybody_has_one(settings: Settings) -> None:
    held, told_of = await issued_at_once(settings)
    assert set(held.values()) == {1}
    assert told_of == len(held)


async def test_control_without_transactions_and_indexes_somebody_has_two(
    fresh: Settings,
) -> None:
    held, _ = await issued_at_once(fresh, without_unique_indexes(without_transactions(build)))
    assert max(held.values()) > 1


async def test_numbers_count_up_without_a_gap_over_several_courses(settings: Settings) -> None:
    async with school(settings) as service:
        first, _ = await finished(service, 3)
        second = await published_course(service, sessions=1)
        later = await enrolled(second, 2)
        await second.sheet(0, "Biên bản 1", present=[one.id for one in later])
        second.to_its_end()
        await asyncio.gather(first.issue(), second.issue())
        rows = await service.platform.mongo.collection("certificates").find().to_list(None)
        numbers = sorted(row["number"] for row in rows)
        assert [int(number.split("-")[2]) for number in numbers] == [1, 2, 3, 4, 5]
        assert len({row["code"] for row in rows}) == 5


async def test_who_comes_to_have_enough_later_gets_theirs_and_nobody_a_second(
    settings: Settings,
) -> None:
    async with school(settings) as service:
        course = await published_course(service, sessions=1)
        lan, minh = await enrolled(course, 2)
        course.to_its_end()
        assert (await course.issue()).json()["certificates"] == []
        await course.sheet(0, "Biên bản 1", present=[lan.id])
        [one] = (await course.issue()).json()["certificates"]
        async with service.as_(Role.GATE) as gate:
            scan = minh.scan(course.starts[0], told="admitted")
            door = await course.gate(0)
            assert (await gate.post(f"{door}/scans", json={"scans": [scan]})).is_success
        both = (await course.issue()).json()["certificates"]
        assert both[0] == one
        assert both[1]["registration_id"] == minh.id
        async with service.as_(Role.ORGANISER) as organiser:
            listed = (await organiser.get(f"{course.path}/certificates")).json()
        assert listed == both


async def test_the_holder_types_the_name_once_and_staff_correct_it(settings: Settings) -> None:
    async with school(settings) as service:
        course, [lan] = await finished(service, 1)
        [one] = (await course.issue()).json()["certificates"]
        path = f"/v1/certificates/{one['number']}"
        stranger, organiser = service.as_(), service.as_(Role.ORGANISER)
        for answer in (
            await stranger.put(f"{path}/name", json={"name": "Kẻ Lạ"}),
            await stranger.delete(f"{path}/name"),
            await stranger.get(f"{path}/certificate.pdf"),
        ):
            assert answer.json()["code"] == "certificate.unknown"
        refused = await lan.client.put(f"{path}/name", json={"name": "王小明"})
        assert refused.json()["code"] == "certificate.name_unprintable"
        for name, status in (("Lê Lan", 204), ("Lê Lan", 204), ("Lê Mai", 409)):
            answer = await lan.client.put(f"{path}/name", json={"name": name})
            assert answer.status_code == status, name
        answer = await organiser.put(f"{path}/name", json={"name": "Lê Thị Lan"})
        assert answer.status_code == 204
        [mine] = (await lan.client.get("/v1/me/certificates")).json()
        assert mine["name"] == "Lê Thị Lan"

        # Erased: nowhere in the store, not printed, and nobody else's name comes in its place.
        assert (await lan.client.delete(f"{path}/name")).status_code == 204
        assert (await lan.client.delete(f"{path}/name")).status_code == 204
        rows = await service.platform.mongo.collection("certificates").find().to_list(None)
        assert "Lê" not in str(rows)
        paper = await lan.client.get(f"{path}/certificate.pdf")
        assert paper.json()["code"] == "certificate.nameless"
        answer = await lan.client.put(f"{path}/name", json={"name": "Lê Mai"})
        assert answer.json()["code"] == "certificate.named"
        assert (await stranger.get(path)).json()["status"] == "valid"


async def test_the_code_on_the_paper_leads_to_the_page_that_shows_the_name(
    settings: Settings,
) -> None:
    public = "https://su-kien.example/events/"
    there = settings.model_copy(update={"public_url": public})
    async with school(there) as service, service.anonymous() as phone:
        course, [lan] = await finished(service, 1)
        [one] = (await course.issue({lan.id: "Lê Lan"})).json()["certificates"]
        mongo = service.platform.mongo
        certificate = await Certificates(mongo, service.platform.outbox).by_number(one["number"])
        address = read_qr(str(view.printed(certificate, public, "vi")["qr"]))
        assert address.startswith(f"https://su-kien.example/events/v1/certificates/{one['number']}")
        page = await phone.get(address.removeprefix(public.rstrip("/")))
        assert page.json()["name"] == "Lê Lan"
        assert certificate.code not in page.text


@pytest.mark.parametrize("number", ["HN-2026-000001-A", "x", "HN-2026-000001-" + "9" * 300])
async def test_a_number_that_was_never_issued(settings: Settings, number: str) -> None:
    async with school(settings) as service, service.as_() as lan:
        for path in ("", "/certificate.pdf"):
            answer = await lan.get(f"/v1/certificates/{number}{path}")
            assert answer.json()["code"] == "certificate.unknown"
