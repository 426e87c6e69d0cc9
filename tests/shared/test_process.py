"""A process: ready or not and why, its parts, and how it ends."""

import asyncio
import os
import signal
import sys

import httpx
import pytest

from local.layout import ROOT
from shared.process import ProcessRole
from shared.testing.children import Child
from shared.testing.faults import proxy_to
from shared.testing.ports import free_ports
from shared.testing.running import Running, running
from shared.testing.waiting import eventually
from tests.conftest import Toy
from tests.shared import notes


async def readiness(service: Running) -> tuple[int, dict[str, str]]:
    async with service.anonymous() as client:
        answer = await client.get("/readyz")
        return answer.status_code, answer.json()["checks"]


async def test_ready_names_the_parts_that_this_process_needs(toy: Toy) -> None:
    async with running(notes.build, toy) as everything:
        assert await readiness(everything) == (
            200,
            {"mongodb": "ok", "keys": "ok", "rabbitmq": "ok", "relay": "ok"},
        )
    async with running(notes.build, toy, roles=frozenset({ProcessRole.API})) as api:
        assert await readiness(api) == (200, {"mongodb": "ok", "keys": "ok"})


async def test_a_process_that_only_relays_has_no_routes_but_the_operators(toy: Toy) -> None:
    async with running(notes.build, toy, roles=frozenset({ProcessRole.RELAY})) as relay:
        async with relay.as_() as client:
            assert (await client.post("/v1/notes", json={"title": "x"})).status_code == 404
            assert (await client.get("/healthz")).json() == {"alive": True}
        assert await readiness(relay) == (200, {"mongodb": "ok", "rabbitmq": "ok", "relay": "ok"})


async def test_not_ready_says_why_while_the_broker_is_away_and_recovers(toy: Toy) -> None:
    url = toy.amqp_url.get_secret_value()
    proxy = await proxy_to(url).start()
    by_proxy = toy.model_copy(update={"amqp_url": type(toy.amqp_url)(proxy.through(url))})
    async with running(notes.build, by_proxy) as service:
        assert (await readiness(service))[0] == 200
        with proxy.away():

            async def noticed() -> bool:
                status, checks = await readiness(service)
                return status == 503 and checks["rabbitmq"] != "ok" and checks["mongodb"] == "ok"

            await eventually(noticed, "the loss to be noticed")
            async with service.anonymous() as client:
                assert (await client.get("/healthz")).status_code == 200, "alive all the same"
            async with service.as_() as me:
                written = await me.post("/v1/notes", json={"title": "Vẫn ghi được"})
                assert written.status_code == 201, "what needs no broker goes on"

        async def recovered() -> bool:
            return (await readiness(service))[0] == 200

        await eventually(recovered, "the broker to be found again")
    await proxy.stop()


async def test_an_event_that_waits_too_long_makes_the_relay_unwell(toy: Toy) -> None:
    """Nobody wants these events here, but deferring them is no standstill."""
    impatient = toy.model_copy(update={"relay_stuck_after": 0.5})
    async with running(notes.build, impatient, roles=frozenset({ProcessRole.API})) as api:
        async with api.as_() as me:
            await me.post("/v1/notes", json={"title": "Chưa ai chuyển"})
        backlog = api.process._backlog

        async def stuck() -> bool:
            oldest = await backlog.oldest_due()
            return oldest is not None and oldest.total_seconds() > 0.5

        await eventually(stuck, "the row to be overdue")
        with pytest.raises(Exception, match="due for"):
            await api.process._relay_is_not_stuck()


def command(port: int, toy: Toy) -> tuple[list[str], dict[str, str]]:
    env = os.environ | {
        "MONGODB_URL": toy.mongodb_url.get_secret_value(),
        "AMQP_URL": toy.amqp_url.get_secret_value(),
        "MONGODB_DATABASE": toy.mongodb_database,
        "HTTP_PORT": str(port),
    }
    return [sys.executable, "-m", "services.programme"], env


async def test_asked_to_end_it_finishes_what_it_holds_and_leaves(toy: Toy, tmp_path) -> None:
    [port] = free_ports(1)
    arguments, env = command(port, toy)
    env |= {"ISSUERS": "[]"}
    child = Child("programme", arguments, tmp_path / "log", env=env, cwd=ROOT)

    async def answers() -> bool:
        async with httpx.AsyncClient() as client:
            try:
                return (await client.get(f"http://127.0.0.1:{port}/healthz")).status_code == 200
            except httpx.TransportError:
                return False

    await eventually(answers, "it to answer")
    child.signal(signal.SIGTERM)
    code = await asyncio.to_thread(child._process.wait, 20)
    assert code == 0, child.tail()
    assert "process.ended" in child.tail()


async def test_behind_a_gateway_that_strips_a_prefix_addresses_bear_it(toy: Toy, tmp_path) -> None:
    [port] = free_ports(1)
    arguments, env = command(port, toy)
    env |= {"ISSUERS": "[]", "HTTP_ROOT_PATH": "/programme"}
    child = Child("programme", arguments, tmp_path / "log", env=env, cwd=ROOT)
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:

            async def answers() -> bool:
                try:
                    return (await client.get("/healthz")).status_code == 200
                except httpx.TransportError:
                    return False

            await eventually(answers, "it to answer")
            described = (await client.get("/openapi.json")).json()
            assert described["servers"] == [{"url": "/programme"}]
            assert "'/programme/openapi.json'" in (await client.get("/docs")).text
            moved = await client.get("/v1/agencies/", headers={"Host": "city.example:8080"})
            assert moved.headers["location"] == "http://city.example:8080/programme/v1/agencies"
    finally:
        await asyncio.to_thread(child.stop)
    log = child.tail(50)
    assert "Deprecat" not in log
    assert "/healthz" not in log, "machines' questions are not logged"


async def test_a_port_that_is_taken_ends_it_with_a_message(toy: Toy, tmp_path) -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    arguments, env = command(port, toy)
    child = Child("programme", arguments, tmp_path / "log", env=env, cwd=ROOT)
    code = await asyncio.to_thread(child._process.wait, 30)
    assert code != 0
    assert "address already in use" in child.tail(30)
    server.close()
