"""The service does what its OpenAPI document says, whatever it is asked (Schemathesis)."""

from collections.abc import AsyncIterator, Mapping, Sequence

import pytest

from services.events.app import build
from services.events.settings import Settings
from shared.ids import new_id
from shared.process import ProcessRole
from shared.roles import Role
from shared.testing.running import Running, running
from tests.events.admission.test_recordings_api import recording
from tests.events.programme.sample_programme import (
    edition,
    made,
    published_forum,
    published_session,
    venue,
)
from tests.helping.conformance import must_conform, strange_methods


@pytest.fixture
async def service(settings: Settings) -> AsyncIterator[Running]:
    """Without the watch over the audit trail: most of what is asked here does nothing."""
    async with running(build, settings, roles=frozenset({ProcessRole.API})) as started:
        yield started


async def things(service: Running) -> Mapping[str, Sequence[str]]:
    """One or two of everything, by the name that paths give it."""
    session = str(await published_session(service, capacity=1))
    async with service.as_(Role.ORGANISER) as organiser, service.as_() as lan, service.as_() as mai:
        facts = (await organiser.get(f"/v1/sessions/{session}")).json()
        pool = await made(
            organiser, f"/v1/editions/{facts['edition_id']}/pools", {"name": "Xe", "capacity": 3}
        )
        gate = await made(
            organiser,
            f"/v1/editions/{facts['edition_id']}/gates",
            {"name": "Cổng", "sessions": [session]},
        )
        mine = [
            (await made(client, f"/v1/sessions/{session}/registrations"))["id"]
            for client in (lan, mai)
        ]
        feed = (await lan.post("/v1/me/calendar")).json()["path"]
        planned = await made(organiser, "/v1/editions", edition(f"x-{new_id().hex[-8:]}"))
        forum, _ = await published_forum(service)
        episode, _ = await recording(service)
        seen = await made(lan, f"/v1/sessions/{episode}/registrations")
        return {
            "edition_id": [facts["edition_id"], planned["id"]],
            "edition": [planned["id"], planned["facts"]["slug"]],
            "activity_id": [str(forum), facts["activity_id"]],
            "session_id": [session, str(episode)],
            "venue_id": [facts["facts"]["venue_id"], str(await venue(service))],
            "registration_id": [seen["id"], *mine],
            "gate_id": [gate["id"]],
            "pool_id": [pool["id"]],
            "secret": [feed.split("/")[-1].removesuffix(".ics")],
        }


@pytest.mark.long
@pytest.mark.timeout(240)
async def test_every_answer_is_one_that_the_document_names(service: Running) -> None:
    staff = [(new_id(), [role]) for role in (Role.ORGANISER, Role.GATE)]
    await must_conform(service, await things(service), staff)


async def test_no_address_takes_a_method_it_does_not_name(service: Running) -> None:
    answered = await strange_methods(service)
    assert len(answered) > 50
    assert {method: status for method, status in answered.items() if status != 405} == {}


async def test_names_can_be_forgotten_also_once_the_session_is_cancelled(service: Running) -> None:
    """Found by the test above: it was refused (409) until the cancelled session was emptied."""
    session = await published_session(service, capacity=5)
    async with service.as_() as lan, service.as_(Role.ORGANISER) as organiser:
        mine = await made(lan, f"/v1/sessions/{session}/registrations", {"size": 2})
        path = f"/v1/registrations/{mine['id']}/companions"
        assert (await lan.put(path, json={"names": ["Phạm Kỳ Duyên"]})).status_code == 200
        reason = {"reason": {"vi": "Bão số 9"}}
        await made(organiser, f"/v1/sessions/{session}/cancellation", reason)
        assert (await lan.put(path, json={"names": ["Vũ Đức"]})).json()[
            "code"
        ] == "session.cancelled"
        assert (await lan.delete(path)).status_code == 204
        assert (await lan.get(path)).json() == {"names": []}
