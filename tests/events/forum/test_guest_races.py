"""Guests who answer twice at one instant, or want the place that somebody else is taking."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack

from services.events.app import build
from services.events.settings import Settings
from shared.ids import new_id
from shared.process import ProcessRole
from shared.roles import Role
from shared.testing.running import Running, running
from tests.events.forum.test_guests_api import INVITED, YES, invited
from tests.events.programme.sample_programme import published_forum
from tests.helping.guards import without_transactions

NO = {"reply": "no"}


async def answered_at_one_instant(service: Running) -> list[str]:
    """What is wrong after guests have each said yes and no, several times, at one instant."""
    forum, session = await published_forum(service, capacity=50, kinds=INVITED)
    wrong = []
    rows = service.platform.mongo.collection("registrations")
    async with service.as_(Role.ORGANISER) as staff:
        for _ in range(4):
            lan = new_id()
            one = await invited(staff, forum, session_id=str(session), person_id=str(lan))
            path = f"/v1/me/invitations/{one['id']}/answer"
            async with service.as_(person=lan) as hers:
                said = [YES | {"name": f"Ngọc {n}"} if n % 2 else NO for n in range(6)]
                answers = await asyncio.gather(*(hers.put(path, json=body) for body in said))
            wrong += [answer.text for answer in answers if not answer.is_success]
            kept = (await staff.get(f"/v1/guests/{one['id']}")).json()
            live = await rows.count_documents({"person_id": lan, "status": "confirmed"})
            last = kept["history"][-1]["reply"]
            if kept["said"]["reply"] != last:
                wrong.append(f"history ends with {last}")
            if live != (kept["said"]["reply"] == "yes"):
                wrong.append(f"{live} places for a {last}")
            # Three different yeses; a no upon a no is the same answer, sent again.
            replies = [past["reply"] for past in kept["history"]]
            if replies.count("yes") != 3 or not replies.count("no"):
                wrong.append(f"history lost something: {replies}")
    return wrong


async def test_of_answers_at_one_instant_the_last_one_committed_counts(service: Running) -> None:
    assert await answered_at_one_instant(service) == []


async def test_control_without_transactions_answers_and_places_part(settings: Settings) -> None:
    careless = without_transactions(build)
    async with running(careless, settings, roles=frozenset({ProcessRole.API})) as service:
        assert await answered_at_one_instant(service)


async def wanted_by_guests_and_others(service: Running) -> Counter[str]:
    """What became of five guests' yeses and five registrations for three places."""
    forum, session = await published_forum(service, capacity=3, kinds=INVITED)
    async with AsyncExitStack() as stack:
        staff = await stack.enter_async_context(service.as_(Role.ORGANISER))
        asked = []
        for n in range(10):
            person = new_id()
            client = await stack.enter_async_context(service.as_(person=person))
            if n % 2:
                asked.append(client.post(f"/v1/sessions/{session}/registrations"))
            else:
                to = {"session_id": str(session), "person_id": str(person)}
                one = await invited(staff, forum, **to)
                asked.append(client.put(f"/v1/me/invitations/{one['id']}/answer", json=YES))
        answers = await asyncio.gather(*asked)
    assert all(answer.is_success for answer in answers), [a.text for a in answers]
    rows = service.platform.mongo.collection("registrations").find({"bookable_id": session})
    return Counter([row["status"] async for row in rows])


async def test_guests_and_others_share_the_last_places_and_no_more(service: Running) -> None:
    assert await wanted_by_guests_and_others(service) == {"confirmed": 3, "waiting": 7}


async def test_control_without_transactions_guests_are_seated_on_others(
    settings: Settings,
) -> None:
    careless = without_transactions(build, pause=0.05)
    async with running(careless, settings, roles=frozenset({ProcessRole.API})) as service:
        found = await wanted_by_guests_and_others(service)
    assert found["confirmed"] > 3
