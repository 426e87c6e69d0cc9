"""Where fees meet the rest: lines, moves, smaller groups, invitations, questions, wishes."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.events.settings import Settings
from shared.clock import now
from shared.contracts.events import RegistrationCancelled, RegistrationInvoiced
from shared.ids import new_id
from shared.roles import Role
from shared.testing.running import Running
from tests.events.booking.test_forms import MEAL, form
from tests.events.courses.sample_courses import school
from tests.events.forum.test_guests_api import YES, invited
from tests.events.payments.test_paid_courses import due, look
from tests.events.programme.sample_programme import (
    made,
    published_forum,
    published_session,
    published_sessions,
)
from tests.helping.clock import clock_of
from tests.helping.told import told

FEE = 20_000
DAY = 24 * 60


def costs(kind: str = "general", fee: int = FEE, minutes: int = DAY, **more: Any) -> Any:
    return {"kind": kind, "fee": fee, "pay_minutes": minutes, **more}


@pytest.fixture
async def box(settings: Settings) -> AsyncIterator[Running]:
    """The service, its clock standing."""
    async with school(settings) as service:
        yield service


@pytest.fixture
async def treasurer(box: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with box.as_(Role.TREASURER) as client:
        yield client


async def asked(client: httpx.AsyncClient, session: UUID, **wish: Any) -> Any:
    return await made(client, f"/v1/sessions/{session}/registrations", wish or None)


async def state(client: httpx.AsyncClient, one: Any) -> Any:
    return (await client.get(f"/v1/registrations/{one['id']}")).json()


async def pay(treasurer: httpx.AsyncClient, one: Any, amount: int = FEE) -> Any:
    cash = {"amount": amount, "paid_at": now().isoformat(), "note": "Tiền mặt tại quầy"}
    return await made(treasurer, f"/v1/registrations/{one['id']}/payments", cash)


async def forward(service: Running, **by: float) -> None:
    clock_of(service).forward(**by)
    await look(service)


async def test_who_pays_while_they_wait_again_is_owed_it_when_it_is_over(
    box: Running, treasurer: httpx.AsyncClient
) -> None:
    session = await published_session(box, capacity=1, kinds=[costs(minutes=5)])
    async with box.as_() as lan, box.as_() as mai:
        late = await asked(lan, session)
        await forward(box, minutes=6)
        takes = await asked(mai, session)
        await pay(treasurer, takes)
        again = await asked(lan, session)
        assert again["status"] == "waiting"
        paid = await pay(treasurer, late)
        assert paid["registration_id"] == again["id"], "for what they have now"
        assert (await state(lan, again))["status"] == "waiting"
        await forward(box, hours=3)
        assert (await state(lan, again))["status"] == "cancelled"
        assert await due(treasurer) == [(again["id"], FEE, True)]


async def test_nobody_is_asked_to_pay_for_what_is_over(
    box: Running, treasurer: httpx.AsyncClient
) -> None:
    session = await published_session(box, capacity=1, kinds=[costs()])
    async with box.as_() as lan, box.as_() as mai, box.as_() as hoa:
        first, second, third = [await asked(who, session) for who in (lan, mai, hoa)]
        facts = (await lan.get(f"/v1/sessions/{session}")).json()["facts"]
        assert first["expires_at"] == facts["starts_at"]
        await forward(box, minutes=31)  # it has begun, and lasts two hours
        came = await state(mai, second)
        assert (came["status"], came["expires_at"]) == ("unpaid", facts["ends_at"])
        await forward(box, hours=3)
        assert (await state(mai, second))["status"] == "cancelled"
        assert (await state(hoa, third))["status"] == "waiting"
        await pay(treasurer, second)
        assert (await state(mai, second))["status"] == "cancelled"
        assert await due(treasurer) == [(second["id"], FEE, True)]
    assert len(await told(box.platform.mongo, RegistrationInvoiced)) == 2


async def test_once_it_has_begun_a_paid_place_is_not_changed_into_money(
    box: Running, treasurer: httpx.AsyncClient
) -> None:
    paid, free = await published_sessions(
        box, {"kinds": [costs(), costs("child", fee=0)], "capacity": 9}, {"capacity": 9}
    )
    async with box.as_() as lan, box.as_(Role.ORGANISER) as staff:
        mine = await asked(lan, paid, size=3)
        await pay(treasurer, mine, 3 * FEE)
        path = f"/v1/registrations/{mine['id']}"
        fewer = (await lan.put(f"{path}/size", json={"size": 2})).json()
        assert (fewer["status"], fewer["amount"], fewer["paid"]) == ("confirmed", 2 * FEE, 3 * FEE)
        assert await due(treasurer) == [(mine["id"], FEE, True)], "before it begins: as a refund"
        await forward(box, minutes=31)
        await forward(box, hours=5)  # they never came
        for answer in (
            await lan.put(f"{path}/size", json={"size": 1}),
            await lan.put(f"{path}/kind", json={"kind": "child"}),
            await lan.post(f"{path}/move", json={"bookable_id": str(free)}),
        ):
            assert answer.json()["code"] in ("registration.session_begun", "registration.closed")
        assert await due(treasurer) == [(mine["id"], FEE, True)]
        kind_of_staff = await staff.put(f"{path}/size", json={"size": 1})
        assert kind_of_staff.json()["size"] == 1


async def test_a_paid_place_cannot_be_moved_away_once_it_has_begun(
    box: Running, treasurer: httpx.AsyncClient
) -> None:
    late = (now() + timedelta(days=2)).isoformat()
    paid, later = await published_sessions(
        box,
        {"kinds": [costs()]},
        {
            "starts_at": late,
            "ends_at": (now() + timedelta(days=2, hours=2)).isoformat(),
            "closes_at": late,
        },
    )
    async with box.as_() as lan, box.as_(Role.ORGANISER) as staff:
        mine = await asked(lan, paid)
        await pay(treasurer, mine)
        await forward(box, hours=1)
        path, to = f"/v1/registrations/{mine['id']}/move", {"bookable_id": str(later)}
        assert (await lan.post(path, json=to)).json()["code"] == "registration.session_begun"
        got = await made(staff, path, to)
        assert (got["status"], got["paid"]) == ("confirmed", FEE)
        assert await due(treasurer) == [(got["id"], FEE, True)], "it costs nothing there"


async def test_a_guest_s_place_that_costs_something(
    box: Running, treasurer: httpx.AsyncClient
) -> None:
    kinds = [costs("invited", code_only=True)]
    forum, session = await published_forum(box, capacity=5, kinds=kinds)
    lan = new_id()
    async with box.as_(Role.ORGANISER) as staff, box.as_(person=lan) as hers:
        one = await invited(staff, forum, session_id=str(session), person_id=str(lan), companions=3)
        path = f"/v1/me/invitations/{one['id']}/answer"
        said = (await hers.put(path, json=YES)).json()
        assert (said["status"], said["place"]) == ("accepted", "unpaid")
        mine = {"id": said["registration_id"]}
        with_one = (await hers.put(path, json=YES | {"companions": ["Budi"]})).json()
        assert with_one["registration_id"] == mine["id"]
        assert (await hers.get(f"/v1/registrations/{mine['id']}/payment")).json()["amount"] == (
            2 * FEE
        )
        await pay(treasurer, mine, 2 * FEE)
        more = await hers.put(path, json=YES | {"companions": ["Budi", "Dewi"]})
        assert (more.status_code, more.json()["code"]) == (409, "registration.costs_more")
        [shown] = (await hers.get("/v1/me/invitations")).json()["items"]
        assert (shown["place"], shown["said"]["companions"]) == ("confirmed", ["Budi"])
        await hers.put(path, json={"reply": "no"})
        assert await due(treasurer) == [(mine["id"], 2 * FEE, True)]
        # A second yes is a new place, to be paid for; what was paid before is still due back.
        again = (await hers.put(path, json=YES)).json()
        assert again["place"] == "unpaid"
        assert again["registration_id"] != mine["id"]
    _, more_people, _ = await told(box.platform.mongo, RegistrationInvoiced)
    assert more_people.amount == 2 * FEE


async def test_late_money_answers_no_questions_and_approves_nobody(
    box: Running, treasurer: httpx.AsyncClient
) -> None:
    session = await published_session(box, capacity=1, kinds=[costs(minutes=5)])
    async with box.as_() as lan, box.as_() as mai:
        late = await asked(lan, session)
        await forward(box, minutes=6)
        takes = await asked(mai, session)
        again = await asked(lan, session)
        await form(box, session, questions=MEAL)
        await made(mai, f"/v1/registrations/{takes['id']}/cancellation")
        assert (await state(lan, again))["status"] == "offered", "with questions to answer"
        await pay(treasurer, late)
        path = f"/v1/registrations/{again['id']}"
        assert (await state(lan, again))["status"] == "offered"
        refused = await lan.post(f"{path}/confirmation")
        assert refused.json()["code"] == "form.answers_needed"
        await lan.put(f"{path}/answers", json={"answers": {"meal": "mặn"}})
        assert (await made(lan, f"{path}/confirmation"))["status"] == "confirmed"


async def test_money_for_what_staff_never_approved_is_due_back(
    box: Running, treasurer: httpx.AsyncClient
) -> None:
    session = await published_session(box, kinds=[costs(approval=True)])
    async with box.as_() as lan:
        held = await asked(lan, session, hold=True)
        await forward(box, minutes=16)
        await pay(treasurer, held)
        assert (await state(lan, held))["status"] == "cancelled"
        assert await due(treasurer) == [(held["id"], FEE, True)]


async def test_who_has_paid_for_a_hold_hears_what_they_are_owed(
    box: Running, treasurer: httpx.AsyncClient
) -> None:
    session = await published_session(box, kinds=[costs()])
    async with box.as_() as lan:
        held = await asked(lan, session, hold=True)
        await pay(treasurer, held)
        await forward(box, minutes=16)
        assert await due(treasurer) == [(held["id"], FEE, True)]
    [cancelled] = await told(box.platform.mongo, RegistrationCancelled)
    assert cancelled.due_back == FEE


async def test_a_wish_is_fulfilled_by_the_place_that_its_entry_is_exchanged_for(
    box: Running, treasurer: httpx.AsyncClient
) -> None:
    full = {"capacity": 0, "kinds": [costs()]}
    one, two, third = await published_sessions(box, full, full, {"kinds": [costs()]})
    async with box.as_() as lan:
        wish = await made(lan, "/v1/wishes", {"sessions": [str(one), str(two)]})
        first, second = wish["registrations"]
        path = f"/v1/registrations/{first['id']}/move"
        got = await made(lan, path, {"bookable_id": str(third)})
        assert (got["status"], got["wish_id"]) == ("unpaid", wish["id"])
        assert (await state(lan, second))["status"] == "cancelled", "she has her place"
        await pay(treasurer, got)
        assert (await state(lan, got))["status"] == "confirmed"
        assert await due(treasurer) == []


async def test_money_that_comes_once_it_is_over_is_no_ticket(
    box: Running, treasurer: httpx.AsyncClient
) -> None:
    session = await published_session(box, kinds=[costs()])
    async with box.as_() as lan:
        mine = await asked(lan, session)
        clock_of(box).forward(hours=4)  # nobody has looked since
        await pay(treasurer, mine)
        assert (await state(lan, mine))["status"] == "unpaid"
        nothing = await lan.get(f"/v1/registrations/{mine['id']}/payment")
        assert nothing.json()["code"] == "fee.nothing_to_pay"
        await look(box)
        assert await due(treasurer) == [(mine["id"], FEE, True)]
