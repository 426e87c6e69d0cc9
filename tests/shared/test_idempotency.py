"""The same command twice is one command."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx
import pytest

from shared.http import idempotency
from shared.http.execute import CommandExecutor
from shared.ids import new_id
from shared.process import ProcessRole
from shared.testing.running import Running, running
from tests.conftest import Toy
from tests.shared import notes


@pytest.fixture
async def service(toy_api: Toy) -> AsyncIterator[Running]:
    async with running(notes.build, toy_api, roles=frozenset({ProcessRole.API})) as started:
        yield started


async def written(service: Running) -> int:
    return await service.platform.mongo.collection("notes").count_documents({})


async def post(client: httpx.AsyncClient, key: str, **body: object) -> httpx.Response:
    return await client.post("/v1/notes", json=body, headers={"Idempotency-Key": key})


async def test_the_second_time_the_first_answer_is_given_again(service: Running) -> None:
    async with service.as_() as me:
        first = await post(me, "k1", title="Phố Hàng Gai")
        again = await post(me, "k1", title="Phố Hàng Gai")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["etag"] == first.headers["etag"]
    assert await written(service) == 1


async def test_the_same_key_for_something_else_is_refused(service: Running) -> None:
    async with service.as_() as me:
        await post(me, "k1", title="Phố Hàng Gai")
        other = await post(me, "k1", title="Phố Hàng Bạc")
        path = await me.put(
            f"/v1/notes/{new_id()}",
            json={"title": "Phố Hàng Gai"},
            headers={"Idempotency-Key": "k1", "If-Match": '"1"'},
        )
    assert [(a.status_code, a.json()["code"]) for a in (other, path)] == [
        (422, "idempotency.reused")
    ] * 2
    assert await written(service) == 1


async def test_keys_are_each_callers_own(service: Running) -> None:
    async with service.as_() as one, service.as_() as two:
        assert (await post(one, "k1", title="Của Lan")).status_code == 201
        assert (await post(two, "k1", title="Của Đức")).status_code == 201
    assert await written(service) == 2


async def test_a_refused_command_may_be_tried_again_under_its_key(service: Running) -> None:
    async with service.as_() as me:
        await post(me, "k1", title="Phố Hàng Gai")
        taken = await post(me, "k2", title="Phố Hàng Gai")
        assert taken.status_code == 409
        await service.platform.mongo.collection("notes").delete_many({})
        assert (await post(me, "k2", title="Phố Hàng Gai")).status_code == 201


async def test_sent_many_times_at_once_it_is_done_once(service: Running) -> None:
    async with service.as_() as me:
        answers = await asyncio.gather(*(post(me, "k1", title="Chợ Đồng Xuân") for _ in range(12)))
    assert {(a.status_code, a.content) for a in answers} == {(201, answers[0].content)}
    assert await written(service) == 1


async def test_without_the_stored_answer_the_same_would_be_done_again(
    service: Running,
) -> None:
    """Negative control: the key alone guards nothing."""
    rows = service.platform.mongo.collection(idempotency.ROWS)
    async with service.as_() as me:
        await post(me, "k1", title="Chợ Đồng Xuân", text="một")
        await rows.delete_many({})
        await service.platform.mongo.collection("notes").update_one({}, {"$set": {"title": "khác"}})
        await post(me, "k1", title="Chợ Đồng Xuân", text="một")
    assert await written(service) == 2


async def test_a_key_must_be_of_a_sensible_length(service: Running) -> None:
    async with service.as_() as me:
        for key in ("", "x" * 129):
            answer = await post(me, key, title="x")
            assert answer.status_code == 422
            assert answer.json()["errors"][0]["part"] == "header"


async def test_the_answer_and_the_deed_are_one_transaction(service: Running) -> None:
    """If storing the answer fails, nothing was done."""

    class Clumsy(Exception):
        pass

    platform = service.platform
    rows = platform.mongo.collection(idempotency.ROWS)
    repository = notes.Notes(platform.mongo, platform.outbox)
    given = idempotency.IdempotencyKey(new_id(), "k1", b"fingerprint")
    executor = CommandExecutor(platform.mongo, platform.clock, rows, given, None)

    def show(note: notes.Note) -> notes.NoteView:
        raise Clumsy

    key = new_id()
    with contextlib.suppress(Clumsy):
        await executor(repository, key, notes.Write(key, "Ô Quan Chưởng", ""), show)
    assert await written(service) == 0
    assert await rows.count_documents({}) == 0
