"""Who may call what of the programme. A wider or a narrower rule changes this table, or fails."""

import dataclasses
from typing import Any

from fastapi import APIRouter, Depends
from pydantic import SecretStr

from services.programme.app import build
from services.programme.settings import Settings
from shared.http.access import anyone, requires
from shared.roles import Role
from shared.service import Platform, Service
from shared.testing.running import running
from tests.helping.matrix import EVERYBODY, OPERATIONS, SIGNED_IN, only, who_may
from tests.programme.conftest import API

OFFICERS = only(Role.OFFICER)
TABLE = OPERATIONS | {
    "GET /v1/initiatives": EVERYBODY,
    "POST /v1/initiatives": OFFICERS,
    "GET /v1/initiatives/{initiative_id}": EVERYBODY,
    "PUT /v1/initiatives/{initiative_id}": OFFICERS,
    "GET /v1/agencies": EVERYBODY,
    "POST /v1/agencies": OFFICERS,
    "GET /v1/agencies/{agency_id}": EVERYBODY,
    "PUT /v1/agencies/{agency_id}": OFFICERS,
    "GET /v1/work-items": OFFICERS,
    "POST /v1/work-items": OFFICERS,
    "POST /v1/work-items/{item_id}/beginning": OFFICERS,
    "POST /v1/work-items/{item_id}/revision": OFFICERS,
    "POST /v1/work-items/{item_id}/completion": OFFICERS,
    "GET /v1/indicators": EVERYBODY,
    "GET /v1/follow-ups": OFFICERS,
    "POST /v1/follow-ups/{follow_up_id}/adoption": OFFICERS,
}


def with_wide_routes(platform: Platform[Any]) -> Service:
    """The programme and four routes more, each open to others."""
    router = APIRouter(prefix="/v1/more")
    for name, rule in {
        "anyone": anyone,
        "signed-in": Depends(requires()),
        "one": Depends(requires(Role.GATE)),
        "two": Depends(requires(Role.GATE, Role.OFFICER)),
    }.items():

        async def answer() -> None:
            pass

        router.add_api_route(f"/{name}", answer, dependencies=[rule])
    service = build(platform)
    return dataclasses.replace(service, routers=[*service.routers, router])


async def test_everybody_may_do_what_the_table_says_and_no_more(
    settings: Settings, amqp_url: str
) -> None:
    reachable = settings.model_copy(update={"amqp_url": SecretStr(amqp_url)})
    async with running(build, reachable, roles=API) as programme:
        assert await who_may(programme) == TABLE


async def test_control_the_table_tells_wider_rules_from_narrower_ones(
    settings: Settings, amqp_url: str
) -> None:
    reachable = settings.model_copy(update={"amqp_url": SecretStr(amqp_url)})
    async with running(with_wide_routes, reachable, roles=API) as programme:
        found = await who_may(programme)
    assert {route: who for route, who in found.items() if route not in TABLE} == {
        "GET /v1/more/anyone": EVERYBODY,
        "GET /v1/more/signed-in": SIGNED_IN,
        "GET /v1/more/one": only(Role.GATE),
        "GET /v1/more/two": only(Role.GATE, Role.OFFICER),
    }
