"""What a guest's yes takes, and what a no gives back: places, the line, company."""

from uuid import UUID

import httpx

from shared.ids import new_id
from shared.roles import Role
from shared.testing.running import Running
from tests.events.forum.test_guests_api import INVITED, YES, invitation, invited
from tests.events.programme.sample_programme import made, published_forum


async def available(client: httpx.AsyncClient, session: UUID) -> tuple[int, int]:
    found = (await client.get(f"/v1/sessions/{session}/availability")).json()
    return found["taken"], found["waiting"]


async def test_a_yes_takes_a_place_or_the_next_number_in_the_line(service: Running) -> None:
    forum, session = await published_forum(service, capacity=1, kinds=INVITED)
    lan, mai = new_id(), new_id()
    async with (
        service.as_(Role.ORGANISER) as staff,
        service.as_(person=lan) as hers,
        service.as_(person=mai) as his,
    ):
        general = await hers.post(f"/v1/sessions/{session}/registrations", json={"kind": "invited"})
        assert general.json()["code"] == "registration.code_wrong", "only by invitation"
        one, two = [
            await invited(staff, forum, session_id=str(session), person_id=str(person))
            for person in (lan, mai)
        ]
        assert one["path"] is None, "somebody of the registry signs in"
        twice = await staff.post(
            f"/v1/activities/{forum}/invitations",
            json=invitation(session_id=str(session), person_id=str(lan)),
        )
        assert (twice.status_code, twice.json()["code"]) == (409, "invitation.exists")
        assert (
            await his.put(f"/v1/me/invitations/{one['id']}/answer", json=YES)
        ).status_code == 404
        [mine] = (await hers.get("/v1/me/invitations")).json()["items"]
        assert (mine["id"], mine["status"]) == (one["id"], "sent")
        paths = [f"/v1/me/invitations/{known['id']}/answer" for known in (one, two)]
        came = (await hers.put(paths[0], json=YES)).json()
        assert (came["status"], came["place"]) == ("accepted", "confirmed")
        ticket = await hers.get(f"/v1/registrations/{came['registration_id']}/ticket")
        assert ticket.is_success
        again = (await hers.put(paths[0], json=YES)).json()
        assert again["registration_id"] == came["registration_id"]
        waits = (await his.put(paths[1], json=YES)).json()
        assert (waits["status"], waits["place"]) == ("accepted", "waiting")
        assert await available(staff, session) == (1, 1)
        declined = (await hers.put(paths[0], json={"reply": "no"})).json()
        assert (declined["status"], declined["place"]) == ("declined", None)
        [now_his] = (await his.get("/v1/me/invitations")).json()["items"]
        assert now_his["place"] == "confirmed", "the line moved in the same transaction"
        assert await available(staff, session) == (1, 0)
        assert (await staff.post(f"/v1/guests/{two['id']}/revocation")).is_success
        assert await available(staff, session) == (0, 0)
        ended = await service.platform.mongo.collection("registrations").find_one(
            {"person_id": mai}
        )
        assert ended is not None
        assert ended["ended_by"] == "staff"


async def test_company_takes_places_too(service: Running) -> None:
    forum, session = await published_forum(service, capacity=3, kinds=INVITED)
    lan = new_id()
    async with (
        service.as_(Role.ORGANISER) as staff,
        service.as_(person=lan) as hers,
        service.as_() as other,
    ):
        one = await invited(staff, forum, session_id=str(session), person_id=str(lan), companions=3)
        path = f"/v1/me/invitations/{one['id']}/answer"
        assert (await hers.put(path, json=YES | {"companions": ["Budi", "Dewi"]})).is_success
        assert await available(staff, session) == (3, 0)
        waits = await made(other, f"/v1/sessions/{session}/registrations")
        more = await hers.put(path, json=YES | {"companions": ["Budi", "Dewi", "Ayu"]})
        assert (more.status_code, more.json()["code"]) == (422, "registration.group_too_large")
        fewer = (await hers.put(path, json=YES | {"companions": ["Dewi"]})).json()
        assert (fewer["place"], fewer["said"]["companions"]) == ("confirmed", ["Dewi"])
        seated = (await other.get(f"/v1/registrations/{waits['id']}")).json()
        assert seated["status"] == "confirmed", "what the guest left is taken at once"
        back = await hers.put(path, json=YES | {"companions": ["Dewi", "Budi"]})
        assert (back.status_code, back.json()["code"]) == (409, "registration.no_room")
        [kept] = (await hers.get("/v1/me/invitations")).json()["items"]
        assert kept["said"]["companions"] == ["Dewi"], "the answer before stands"
        assert (await hers.put(path, json={"reply": "maybe"})).json()["place"] is None
        assert (await hers.put(path, json=YES)).json()["place"] == "confirmed"
        assert await available(staff, session) == (2, 0)
        read = (await staff.get(f"/v1/guests/{one['id']}")).json()
        assert [past["companions"] for past in read["history"]] == [2, 1, 0, 0]


async def test_a_place_that_was_handed_on_is_used_up(service: Running) -> None:
    forum, session = await published_forum(service, capacity=5, kinds=[{"kind": "invited"}])
    lan = new_id()
    async with (
        service.as_(Role.ORGANISER) as staff,
        service.as_(person=lan) as hers,
        service.as_() as friend,
    ):
        one = await invited(staff, forum, session_id=str(session), person_id=str(lan))
        path = f"/v1/me/invitations/{one['id']}/answer"
        key = (await hers.put(path, json=YES)).json()["registration_id"]
        handed = (await hers.put(f"/v1/registrations/{key}/transfer", json={})).json()
        await made(friend, "/v1/transfers/acceptance", {"code": handed["code"]})
        again = (await hers.put(path, json=YES | {"name": "Siti R."})).json()
        assert again["place"] == "cancelled"
        assert (await hers.put(path, json={"reply": "no"})).is_success
        assert await available(staff, session) == (1, 0), "one invitation, one place: the friend's"


async def test_a_link_answered_signed_in_takes_a_place_for_whoever_it_is(
    service: Running,
) -> None:
    forum, session = await published_forum(service, capacity=5, kinds=INVITED)
    async with (
        service.as_(Role.ORGANISER) as staff,
        service.anonymous() as nobody,
        service.as_() as lan,
        service.as_() as mai,
    ):
        link = (await invited(staff, forum, session_id=str(session)))["path"]
        assert (await nobody.put(f"{link}/answer", json=YES)).json()["place"] is None
        assert (await lan.put(f"{link}/answer", json=YES)).json()["place"] == "confirmed"
        assert (await mai.put(f"{link}/answer", json=YES)).json()["place"] == "confirmed"
        assert await available(staff, session) == (1, 0), "one invitation, one place"
        assert (await nobody.put(f"{link}/answer", json={"reply": "no"})).json()["place"] is None
        assert await available(staff, session) == (0, 0)


async def test_who_has_a_place_already_keeps_it_and_says_yes(service: Running) -> None:
    forum, session = await published_forum(service, capacity=5, kinds=INVITED)
    lan = new_id()
    async with service.as_(Role.ORGANISER) as staff, service.as_(person=lan) as hers:
        one = await invited(staff, forum, session_id=str(session), person_id=str(lan))
        own = await made(hers, f"/v1/sessions/{session}/registrations")
        path = f"/v1/me/invitations/{one['id']}/answer"
        said = (await hers.put(path, json=YES)).json()
        assert (said["status"], said["place"]) == ("accepted", None)
        assert (await hers.put(path, json={"reply": "no"})).is_success
        kept = (await hers.get(f"/v1/registrations/{own['id']}")).json()
        assert kept["status"] == "confirmed", "what they took themselves is theirs"


async def test_who_came_in_can_no_longer_decline(service: Running) -> None:
    forum, session = await published_forum(service, capacity=5, kinds=INVITED)
    lan = new_id()
    async with (
        service.as_(Role.ORGANISER) as staff,
        service.as_(person=lan) as hers,
        service.as_(Role.GATE) as gate,
    ):
        one = await invited(staff, forum, session_id=str(session), person_id=str(lan))
        path = f"/v1/me/invitations/{one['id']}/answer"
        said = (await hers.put(path, json=YES)).json()
        ticket = (await hers.get(f"/v1/registrations/{said['registration_id']}/ticket")).json()
        assert (await gate.post(f"/v1/sessions/{session}/admissions", json=ticket)).is_success
        for answer in (
            await hers.put(path, json={"reply": "no"}),
            await staff.post(f"/v1/guests/{one['id']}/revocation"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (409, "invitation.admitted")
        [kept] = (await hers.get("/v1/me/invitations")).json()["items"]
        assert kept["status"] == "accepted"
