"""Creative spaces: entered by a registrar, public once published, told of again when corrected."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from services.registry.app import build
from services.registry.settings import Settings
from services.registry.spaces.rules import Describe, Publish, SpaceFacts, SpaceUnknown, decide
from shared.contracts.registry import SpacePublished
from shared.ids import new_id
from shared.roles import Role
from shared.testing.running import Running, running
from shared.testing.scenarios import given
from tests.helping.guards import without_unique_indexes
from tests.helping.told import sequences, told
from tests.registry.conftest import API

HERE = new_id()


def facts(slug: str = "thap-nuoc-hang-dau", **changes: Any) -> dict[str, Any]:
    return {
        "slug": slug,
        "name": {"vi": "Tháp nước Hàng Đậu", "en": "Hàng Đậu water tower"},
        "kind": "heritage",
        "address": "Ngã sáu Hàng Đậu, Quán Thánh",
        "ward": "Phường Ba Đình",
        "capacity": 60,
        **changes,
    }


FACTS = SpaceFacts.model_validate(facts())
WIDER = FACTS.model_copy(update={"capacity": 90})


def published(of: SpaceFacts) -> SpacePublished:
    fields = of.model_dump(exclude={"about"}) | {"kind": of.kind.value}
    return SpacePublished(space_id=HERE, **fields)


def test_a_space_is_told_of_when_it_is_published_and_not_before() -> None:
    given(decide).when(Describe(HERE, FACTS)).then()
    given(decide, Describe(HERE, FACTS)).when(Describe(HERE, WIDER)).then()
    space = given(decide, Describe(HERE, FACTS)).when(Publish()).then(published(FACTS))
    assert space.public


def test_a_public_space_is_told_of_again_when_its_facts_change() -> None:
    public = given(decide, Describe(HERE, FACTS), Publish())
    public.when(Describe(HERE, WIDER)).then(published(WIDER))


def test_nothing_new_is_not_told() -> None:
    public = given(decide, Describe(HERE, FACTS), Publish())
    public.when(Describe(HERE, FACTS)).then()
    public.when(Publish()).then()


def test_a_space_that_was_never_entered_cannot_be_published() -> None:
    given(decide).when(Publish()).then_refused(SpaceUnknown)


@pytest.fixture
async def registrar(registry: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with registry.as_(Role.REGISTRAR) as client:
        yield client


@pytest.fixture
async def public(registry: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with registry.anonymous() as client:
        yield client


async def enter(client: httpx.AsyncClient, **changes: Any) -> httpx.Response:
    answer = await client.post("/v1/spaces", json=facts(**changes))
    assert answer.status_code == 201, answer.text
    return answer


async def test_a_draft_is_not_there_for_the_public(
    registrar: httpx.AsyncClient, public: httpx.AsyncClient
) -> None:
    space = (await enter(registrar)).json()
    assert space["public"] is False
    address = f"/v1/spaces/{space['id']}"
    hidden, nothing = await public.get(address), await public.get(f"/v1/spaces/{new_id()}")
    assert hidden.status_code == nothing.status_code == 404
    assert hidden.json() | {"request_id": ""} == nothing.json() | {"request_id": ""}
    assert (await public.get("/v1/spaces")).json()["items"] == []
    await registrar.post(f"{address}/publication")
    assert (await public.get(address)).json()["facts"] == facts() | {"about": ""}
    assert len((await public.get("/v1/spaces")).json()["items"]) == 1


async def test_a_space_is_edited_from_the_version_one_has_read(
    registrar: httpx.AsyncClient, public: httpx.AsyncClient
) -> None:
    entered = await enter(registrar)
    address = f"/v1/spaces/{entered.json()['id']}"
    blind = await registrar.put(address, json=facts(capacity=90))
    assert (blind.status_code, blind.json()["code"]) == (428, "precondition.required")
    await registrar.post(f"{address}/publication")
    old = {"If-Match": entered.headers["etag"]}
    stale = await registrar.put(address, json=facts(capacity=90), headers=old)
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition.failed")
    # What a registrar needs for it, they get by reading, be it weeks later.
    seen = {"If-Match": (await public.get(address)).headers["etag"]}
    edited = await registrar.put(address, json=facts(capacity=90), headers=seen)
    assert edited.status_code == 200
    assert (await public.get(address)).json()["facts"]["capacity"] == 90
    assert (await public.get(address)).headers["etag"] == edited.headers["etag"]
    again = await registrar.put(address, json=facts(capacity=80), headers=seen)
    assert again.status_code == 412


@pytest.mark.parametrize("tag", ['"0"', '"x"', "1", '"1", "2"', "", "W/1"])
async def test_an_etag_we_never_gave_matches_nothing(
    registrar: httpx.AsyncClient, tag: str
) -> None:
    space = (await enter(registrar)).json()
    answer = await registrar.put(
        f"/v1/spaces/{space['id']}", json=facts(capacity=1), headers={"If-Match": tag}
    )
    assert answer.status_code == 412


async def test_a_space_that_is_not_there_is_not_made_by_editing_it(
    registrar: httpx.AsyncClient,
) -> None:
    for tag in ('"0"', '"1"', '"-1"'):
        answer = await registrar.put(
            f"/v1/spaces/{new_id()}", json=facts(), headers={"If-Match": tag}
        )
        assert (answer.status_code, answer.json()["code"]) == (404, "space.unknown")


async def test_each_change_of_a_public_space_is_told_with_a_higher_sequence(
    registry: Running, registrar: httpx.AsyncClient
) -> None:
    entered = await enter(registrar)
    address = f"/v1/spaces/{entered.json()['id']}"
    answer = await registrar.post(f"{address}/publication")
    for capacity in (70, 70, 80):
        seen = {"If-Match": answer.headers["etag"]}
        answer = await registrar.put(address, json=facts(capacity=capacity), headers=seen)
        assert answer.status_code == 200
    mongo = registry.platform.mongo
    assert [event.capacity for event in await told(mongo, SpacePublished)] == [60, 70, 80]
    found = await sequences(mongo, SpacePublished)
    assert found == sorted(set(found))


async def test_a_slug_names_one_space(registrar: httpx.AsyncClient) -> None:
    await enter(registrar)
    other = await enter(registrar, slug="bao-tang-ha-noi")
    taken = await registrar.post("/v1/spaces", json=facts())
    assert (taken.status_code, taken.json()["code"]) == (409, "space.slug_taken")
    moved = await registrar.put(
        f"/v1/spaces/{other.json()['id']}",
        json=facts(),
        headers={"If-Match": other.headers["etag"]},
    )
    assert (moved.status_code, moved.json()["code"]) == (409, "space.slug_taken")


async def _entered_at_once(running: Running) -> list[int]:
    async with running.as_(Role.REGISTRAR) as client:
        answers = await asyncio.gather(*(client.post("/v1/spaces", json=facts()) for _ in range(8)))
    return sorted(answer.status_code for answer in answers)


async def test_a_slug_asked_for_at_the_same_moment_names_one_space(registry: Running) -> None:
    assert await _entered_at_once(registry) == [201] + [409] * 7


async def test_control_without_the_unique_index_it_names_several(
    settings: Settings, database: str
) -> None:
    fresh = settings.model_copy(update={"mongodb_database": database})
    async with running(without_unique_indexes(build), fresh, roles=API) as careless:
        assert (await _entered_at_once(careless)).count(201) > 1


@pytest.mark.parametrize(
    "changes",
    [
        {"slug": "Tháp nước"},
        {"slug": "-a"},
        {"slug": "a--b"},
        {"slug": "a\n"},
        {"name": {"en": "Tower"}},
        {"name": {"vi": " "}},
        {"kind": "castle"},
        {"capacity": -1},
        {"ward": "a\u0000b"},
    ],
    ids=str,
)
async def test_facts_that_cannot_be_are_refused(
    registrar: httpx.AsyncClient, changes: dict[str, Any]
) -> None:
    answer = await registrar.post("/v1/spaces", json=facts(**changes))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith(f"/{next(iter(changes))}")


async def test_spaces_are_found_by_kind_and_without_diacritics(
    registrar: httpx.AsyncClient, public: httpx.AsyncClient
) -> None:
    village = {
        "slug": "lang-gom-bat-trang",
        "kind": "craft_village",
        "name": {"vi": "Làng gốm Bát Tràng"},
        "address": "Thôn 2, Bát Tràng",
    }
    for changes in ({}, village):
        space = (await enter(registrar, **changes)).json()
        await registrar.post(f"/v1/spaces/{space['id']}/publication")

    async def found(**query: str) -> list[str]:
        items = (await public.get("/v1/spaces", params=query)).json()["items"]
        return [item["facts"]["slug"] for item in items]

    assert await found() == ["lang-gom-bat-trang", "thap-nuoc-hang-dau"]
    assert await found(q="hang dau") == ["thap-nuoc-hang-dau"]
    assert await found(q="LÀNG") == ["lang-gom-bat-trang"]
    assert await found(kind="heritage") == ["thap-nuoc-hang-dau"]
    assert await found(kind="heritage", q="gom") == []


async def test_a_space_entered_twice_under_one_key_is_one_space(
    registrar: httpx.AsyncClient,
) -> None:
    key = {"Idempotency-Key": "tháp-1".encode().hex()}
    first = await registrar.post("/v1/spaces", json=facts(), headers=key)
    second = await registrar.post("/v1/spaces", json=facts(), headers=key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert (first.content, first.headers["etag"]) == (second.content, second.headers["etag"])
    other = await registrar.post("/v1/spaces", json=facts(slug="khac"), headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency.reused")
