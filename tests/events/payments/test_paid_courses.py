"""A course that costs something: what is paid for it, when it is too late, what is owed back."""

from datetime import timedelta
from typing import Any

import httpx
from pydantic import SecretStr

from services.events.booking.expiry.jobs import ExpiryJob
from services.events.booking.session_endings.jobs import CancelledSessionJob
from services.events.settings import Settings
from shared.clock import now
from shared.contracts.events import RegistrationCancelled, RegistrationInvoiced
from shared.process import ALL_ROLES
from shared.roles import Role
from shared.testing.running import Running
from shared.testing.waiting import eventually
from tests.events.courses.sample_courses import Course, Learner, published_course, school
from tests.events.programme.sample_programme import made, published_session
from tests.helping.told import told

FEE = 500_000
PAID = [{"kind": "general", "fee": FEE, "pay_minutes": 60}]
OFF = {"reason": {"vi": "Bão số 12", "en": "Typhoon No. 12"}}


async def look(service: Running) -> None:
    """Let what has expired end."""
    expiry: ExpiryJob = service.process.service.workers["expiry"].__self__  # type: ignore[attr-defined]
    await expiry.look()


async def pay(treasurer: httpx.AsyncClient, one: Learner, amount: int = FEE) -> Any:
    cash = {"amount": amount, "paid_at": now().isoformat(), "note": "Tiền mặt tại lớp"}
    await made(treasurer, f"/v1/registrations/{one.id}/payments", cash)
    return (await one.client.get(f"/v1/registrations/{one.id}")).json()


async def due(treasurer: httpx.AsyncClient) -> list[tuple[str, int, bool]]:
    items = (await treasurer.get("/v1/refunds/due")).json()["items"]
    return [(one["registration_id"], one["due_back"], one["in_full"]) for one in items]


async def test_a_course_is_paid_for_by_its_first_session_and_its_money_is_the_edition_s(
    settings: Settings,
) -> None:
    async with school(settings) as service, service.as_(Role.TREASURER) as treasurer:
        course = await published_course(service, kinds=[PAID[0] | {"pay_minutes": 30 * 24 * 60}])
        lan = Learner(service)
        mine = await lan.enrol(course)
        assert (mine["status"], mine["amount"]) == ("unpaid", FEE)
        assert mine["expires_at"] == course.starts[0].isoformat().replace("+00:00", "Z")
        assert (await pay(treasurer, lan))["status"] == "confirmed"
        path = f"/v1/editions/{course.edition}/payments"
        [payment] = (await treasurer.get(path)).json()["items"]
        assert (payment["registration_id"], payment["amount"]) == (lan.id, FEE)


async def test_late_money_for_a_course_that_is_over_is_due_back(settings: Settings) -> None:
    async with school(settings) as service, service.as_(Role.TREASURER) as treasurer:
        course = await published_course(service, kinds=PAID, capacity=1)
        lan, mai = Learner(service), Learner(service)
        await lan.enrol(course)
        course.clock.forward(minutes=61)
        await look(service)
        await mai.enrol(course)
        assert (await pay(treasurer, mai))["status"] == "confirmed"
        assert (await pay(treasurer, lan))["status"] == "waiting", "late, and all is taken"
        course.to_its_end()
        await look(service)
        assert await due(treasurer) == [(lan.id, FEE, True)], "nobody waits for ever who has paid"
        hoa = Learner(service)
        course.clock.at = course.starts[0] - timedelta(hours=2)
        other = await published_course(service, kinds=PAID)
        await hoa.enrol(other)
        other.to_its_end()
        await look(service)
        assert (await pay(treasurer, hoa))["status"] == "cancelled", "it is over"
        assert (hoa.id, FEE, True) in await due(treasurer)


async def test_who_leaves_a_course_that_has_begun_is_owed_nothing_by_the_rules(
    settings: Settings,
) -> None:
    async with school(settings) as service, service.as_(Role.TREASURER) as treasurer:
        course = await published_course(service, kinds=PAID)
        early, late = Learner(service), Learner(service)
        for one in (early, late):
            await one.enrol(course)
            await pay(treasurer, one)
        await made(early.client, f"/v1/registrations/{early.id}/cancellation")
        course.to_session(1)
        await made(late.client, f"/v1/registrations/{late.id}/cancellation")
        assert await due(treasurer) == [(early.id, FEE, True), (late.id, FEE, False)]
        generous = await treasurer.post(
            f"/v1/registrations/{late.id}/refunds", json={"amount": FEE}
        )
        assert generous.json()["code"] == "refund.reason_missing"


async def test_a_course_of_which_nothing_is_held_is_cancelled_and_its_money_is_due_back(
    settings: Settings, amqp_url: str
) -> None:
    on_the_bus = settings.model_copy(update={"amqp_url": SecretStr(amqp_url)})
    async with (
        school(on_the_bus, roles=ALL_ROLES) as service,
        service.as_(Role.ORGANISER) as organiser,
        service.as_(Role.TREASURER) as treasurer,
    ):
        course = await published_course(service, sessions=2, kinds=PAID, capacity=2)
        paid, owing, waits = (Learner(service) for _ in range(3))
        for one in (paid, owing, waits):
            await one.enrol(course)
        assert (await pay(treasurer, paid))["status"] == "confirmed"
        await made(organiser, f"/v1/sessions/{course.sessions[0]}/cancellation", OFF)
        assert not (await organiser.get(course.path)).json()["cancelled"]
        await made(organiser, f"/v1/editions/{course.edition}/cancellation", OFF)

        async def cancelled() -> Any:
            return (await organiser.get(course.path)).json()["cancelled"]

        assert (await eventually(cancelled, "the course cancelled"))["reason"]["vi"] == "Bão số 12"
        async with service.as_() as somebody:
            refused = await somebody.post(f"{course.path}/enrolments")
            assert refused.json()["code"] == "session.cancelled"
        await end(service)
        for one in (paid, owing, waits):
            mine = (await one.client.get(f"/v1/registrations/{one.id}")).json()
            assert mine["status"] == "cancelled"
        assert (await pay(treasurer, owing))["status"] == "cancelled", "under way meanwhile"
        assert await due(treasurer) == [(paid.id, FEE, True), (owing.id, FEE, True)]
        found = await organiser.get(course.path)
        again = await organiser.put(
            course.path, json=found.json()["facts"], headers={"If-Match": found.headers["etag"]}
        )
        assert again.json()["code"] == "course.cancelled"
        mongo = service.platform.mongo
        ended = {str(one.registration_id): one for one in await told(mongo, RegistrationCancelled)}
        assert all(one.called_off and one.called_off.reason.en for one in ended.values())
        assert {key: one.due_back for key, one in ended.items()} == {
            paid.id: FEE, owing.id: 0, waits.id: 0,
        }  # fmt: skip
        assert len(await told(mongo, RegistrationInvoiced)) == 2, "nobody more was asked to pay"


async def end(service: Running) -> None:
    endings: CancelledSessionJob = service.process.service.workers["endings"].__self__  # type: ignore[attr-defined]
    while await endings.look() or await endings.unfinished():
        pass


async def test_without_an_account_no_course_costs_anything(settings: Settings) -> None:
    names = ("fee_bank_bin", "fee_bank_name", "fee_account_number", "fee_account_holder")
    poor = settings.model_copy(update=dict.fromkeys(names))
    async with school(poor) as service, service.as_(Role.ORGANISER) as organiser:
        course: Course = await published_course(service)
        found = await organiser.get(course.path)
        seen = {"If-Match": found.headers["etag"]}
        dear = await organiser.put(
            course.path, json=found.json()["facts"] | {"kinds": PAID}, headers=seen
        )
        assert dear.json()["code"] == "fee.no_account"


async def test_the_edition_s_figures_sheets_and_segments_have_its_courses(
    settings: Settings,
) -> None:
    async with (
        school(settings) as service,
        service.as_(Role.ORGANISER) as staff,
        service.as_(Role.TREASURER) as treasurer,
    ):
        course = await published_course(service, sessions=2, kinds=PAID, capacity=2)
        paid, owing, waits = (Learner(service) for _ in range(3))
        for one in (paid, owing, waits):
            await one.enrol(course)
        await pay(treasurer, paid)
        edition = f"/v1/editions/{course.edition}"
        figures = (await staff.get(f"{edition}/statistics")).json()
        total = figures["total"]
        assert (total["confirmed"], total["pending"], total["waiting"]) == (1, 1, 1)
        [of_course] = figures["by_session"]
        assert of_course["bookable_id"] == course.id
        sheet = (await staff.get(f"{edition}/exports/registrations.csv")).text
        assert all(one.id in sheet for one in (paid, owing, waits))
        assert sheet.count("unpaid") == 1
        for where in ({}, {"activity_id": course.id}, {"session_id": course.sessions[1]}):
            segment = {"segment": {"are": "unpaid", **where}}
            found = await made(staff, f"{edition}/segments/preview", segment)
            assert found["people"] == [str(owing.person)]


async def test_what_a_course_costs_its_sessions_say(settings: Settings) -> None:
    async with school(settings) as service, service.anonymous() as anyone:
        course = await published_course(service, sessions=1, kinds=PAID)
        said = (await anyone.get(f"/v1/sessions/{course.sessions[0]}/event.jsonld")).json()
        assert said["isAccessibleForFree"] is False
        assert [offer["price"] for offer in said["offers"]] == [FEE]


async def test_a_course_clashes_with_what_is_on_during_one_of_its_sessions(
    settings: Settings,
) -> None:
    async with school(settings) as service:
        course = await published_course(service, sessions=2)
        starts = course.starts[1] + timedelta(hours=1)
        at = {
            "starts_at": starts.isoformat(),
            "ends_at": (starts + timedelta(hours=3)).isoformat(),
            "closes_at": starts.isoformat(),
        }
        talk = await published_session(service, **at)
        lan = Learner(service)
        assert (await lan.enrol(course))["clashes"] == []
        mine = await made(lan.client, f"/v1/sessions/{talk}/registrations")
        assert mine["clashes"] == [course.sessions[1]]
        shown = (await lan.client.get(f"/v1/registrations/{lan.id}")).json()
        assert shown["clashes"] == [str(talk)]
