"""The address of an online session: holders of a seat read it, and nobody else."""

from shared.contracts.events import SessionPublished
from shared.roles import Role
from shared.testing.running import Running
from tests.events.programme.sample_programme import made, published_session
from tests.helping.told import documents, told

SECRET = "https://hop.hanoi.example/phong/8813-truyen-hinh"


async def test_only_who_holds_a_place_reads_where_to_join(service: Running) -> None:
    session = await published_session(service, capacity=1, mode="hybrid")
    async with (
        service.as_() as lan,
        service.as_() as mai,
        service.as_(Role.ORGANISER) as organiser,
        service.anonymous() as anyone,
    ):
        mine = await made(lan, f"/v1/sessions/{session}/registrations")
        hers = await made(mai, f"/v1/sessions/{session}/registrations")
        assert hers["status"] == "waiting"
        to_join = f"/v1/registrations/{mine['id']}/streams"
        assert (await lan.get(to_join)).json() == [], "not known yet"

        path = f"/v1/sessions/{session}/stream"
        blank = await organiser.get(path)
        assert (blank.headers["etag"], blank.json()["facts"]["url"]) == ('"0"', None)
        body = {"url": SECRET, "note": {"vi": "Mã phòng: 8813"}}
        first = {"If-Match": '"0"'}
        assert (await organiser.put(path, json=body, headers=first)).status_code == 200
        assert (await organiser.put(path, json=body, headers=first)).status_code == 412
        unsafe = {"url": "http://hop.hanoi.example/x"}
        assert (await organiser.put(path, json=unsafe, headers=first)).status_code == 422

        [joining] = (await lan.get(to_join)).json()
        assert (joining["url"], joining["note"]["vi"]) == (SECRET, "Mã phòng: 8813")
        refused = await mai.get(f"/v1/registrations/{hers['id']}/streams")
        assert refused.status_code == 409, "she is in line"
        assert (await mai.get(to_join)).status_code == 404
        assert (await mai.get(path)).status_code == 403
        for public in ("", "/calendar.ics", "/event.jsonld"):
            assert SECRET not in (await anyone.get(f"/v1/sessions/{session}{public}")).text
        await made(lan, f"/v1/registrations/{mine['id']}/cancellation")
        assert (await lan.get(to_join)).status_code == 409, "given up"
        assert len((await mai.get(f"/v1/registrations/{hers['id']}/streams")).json()) == 1
    assert (await told(service.platform.mongo, SessionPublished))[-1].mode == "hybrid"
    kept = await documents(service.platform.mongo)
    assert {name for name, row in kept if SECRET in str(row)} == {"online_access"}


async def test_a_session_on_site_has_none(service: Running) -> None:
    session = await published_session(service)
    async with service.as_(Role.ORGANISER) as organiser:
        answer = await organiser.put(
            f"/v1/sessions/{session}/stream", json={"url": SECRET}, headers={"If-Match": '"0"'}
        )
    assert (answer.status_code, answer.json()["code"]) == (409, "session.on_site")
