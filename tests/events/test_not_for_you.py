"""Who is told what about things that are there: what one may not know exists is not found."""

from typing import Any

import pytest
from pydantic import SecretStr

from services.events.app import build
from services.events.settings import Settings
from shared.ids import new_id
from shared.process import ProcessRole
from shared.roles import Role
from shared.testing.running import Running, running
from tests.events.programme.sample_programme import edition, made, published_session, session, venue
from tests.events.test_access_matrix import ANYONE, SIGNED_IN, TABLE
from tests.helping.matrix import EVERYBODY, only, who_may
from tests.helping.matrix import SIGNED_IN as ALL_SIGNED_IN

WHO = ("nobody", "stranger", "holder", "gate", "organiser")
PLANNED = [
    "GET /v1/editions/{planned_slug}",
    "GET /v1/editions/{planned}/activities",
    "GET /v1/activities/{planned_activity}",
    "GET /v1/sessions/{planned_session}",
]
HIDDEN = [  # until it is announced or published, from everybody
    "GET /v1/editions/{planned}/calendar.ics",
    "GET /v1/sessions/{planned_session}/calendar.ics",
    "GET /v1/sessions/{planned_session}/event.jsonld",
    "GET /v1/sessions/{planned_session}/availability",
]
OWN = [
    "GET /v1/registrations/{registration}",
    "GET /v1/registrations/{registration}/ticket",
    "GET /v1/registrations/{registration}/ticket.png",
]
DEEDS = [  # (refused to others; what the holder gets last ends the registration)
    "POST /v1/registrations/{registration}/confirmation",
    "POST /v1/registrations/{registration}/cancellation",
]


async def test_every_role_may_do_what_the_table_says_and_no_more(
    settings: Settings, amqp_url: str
) -> None:
    """Each role by itself, and somebody with none, at every route."""
    wanted = {
        route: EVERYBODY
        if who == ANYONE
        else ALL_SIGNED_IN
        if who == SIGNED_IN
        else only(*([who] if isinstance(who, Role) else who))
        for route, who in TABLE.items()
    }
    del wanted["GET /metrics"]  # for machines, not in the document
    reachable = settings.model_copy(update={"amqp_url": SecretStr(amqp_url)})
    async with running(build, reachable, roles=frozenset({ProcessRole.API})) as service:
        assert await who_may(service) == wanted


async def things(service: Running, holder: Any) -> dict[str, str]:
    public = await published_session(service)
    async with service.as_(Role.ORGANISER) as organiser:
        slug = f"kin-{new_id().hex[-8:]}"
        planned = await made(organiser, "/v1/editions", edition(slug))
        kind = {"title": {"vi": "Chưa công bố"}, "kind": "talk"}
        activity = await made(organiser, f"/v1/editions/{planned['id']}/activities", kind)
        path = f"/v1/activities/{activity['id']}/sessions"
        secret = await made(organiser, path, session(await venue(service)))
    mine = await made(holder, f"/v1/sessions/{public}/registrations")
    return {
        "planned": planned["id"],
        "planned_slug": slug,
        "planned_activity": activity["id"],
        "planned_session": secret["id"],
        "registration": mine["id"],
    }


async def test_what_one_may_not_know_exists_is_not_found(service: Running) -> None:
    async with (
        service.anonymous() as nobody,
        service.as_() as stranger,
        service.as_() as holder,
        service.as_(Role.GATE) as gate,
        service.as_(Role.ORGANISER) as organiser,
    ):
        clients = dict(zip(WHO, (nobody, stranger, holder, gate, organiser), strict=True))
        known = await things(service, holder)

        async def told(route: str, *who: str) -> list[int]:
            method, path = route.format(**known).split()
            return [(await clients[one].request(method, path)).status_code for one in who]

        for route in PLANNED:
            assert await told(route, *WHO) == [404, 404, 404, 404, 200], route
        for route in HIDDEN:
            assert await told(route, *WHO) == [404] * 5, route
        for route in OWN:
            assert await told(route, *WHO) == [401, 404, 200, 404, 200], route
        for route in DEEDS:
            assert await told(route, "nobody", "stranger", "gate") == [401, 404, 404], route
        confirm, cancel = DEEDS
        assert await told(confirm, "holder", "organiser") == [409, 409], "it is confirmed already"
        assert await told(cancel, "holder") == [200]


@pytest.mark.parametrize("header", ["Bearer", "Bearer x", "Basic eA==", "x", "Bearer ey.ey.ey"])
async def test_a_token_that_is_none_lets_nobody_in(service: Running, header: str) -> None:
    async with service.anonymous() as client:
        for path in ("/v1/registrations", "/v1/editions/mua-thu"):
            answer = await client.get(path, headers={"Authorization": header})
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == "Bearer"
