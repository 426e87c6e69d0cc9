"""MONGODB_URL and AMQP_URL are tried before anything starts; what is wrong is said by name."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.given_servers import check_given_servers, without_password
from shared.testing.children import Child, DidNotStart
from shared.testing.mongod import mongod_binary
from shared.testing.ports import free_ports, wait_open


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("mongodb://127.0.0.1:27017/?replicaSet=rs0", "mongodb://127.0.0.1:27017/"),
        ("mongodb://lan:geheim@a.example,b.example/db", "mongodb://a.example,b.example/db"),
        ("mongodb+srv://lan:p%40ss@c.example/?tls=true", "mongodb+srv://c.example/"),
        ("amqp://lan:ge/he@im?@mq.example:5672/v", "amqp://mq.example:5672/v"),  # badly quoted
        ("lan:geheim@mq.example", "mq.example"),
        ("nonsense", "nonsense"),
    ],
)
def test_an_address_is_shown_without_its_password(url: str, shown: str) -> None:
    assert without_password(url) == shown


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def complaint(monkeypatch: pytest.MonkeyPatch, **urls: str) -> str:
    for name in ("MONGODB_URL", "AMQP_URL"):
        monkeypatch.setenv(name, urls.get(name, ""))
    began = time.monotonic()
    with pytest.raises(DidNotStart) as refused:
        check_given_servers()
    assert time.monotonic() - began < 10
    assert "geheim" not in str(refused.value)
    return str(refused.value)


def test_addresses_where_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = free_ports(2)
    said = complaint(
        monkeypatch,
        MONGODB_URL=f"mongodb://lan:geheim@127.0.0.1:{one}/?replicaSet=rs0",
        AMQP_URL=f"amqp://lan:geheim@127.0.0.1:{other}/",
    )
    first, second = said.splitlines()
    assert f"MONGODB_URL: no usable server at mongodb://127.0.0.1:{one}/" in first
    assert f"AMQP_URL: no usable server at amqp://127.0.0.1:{other}/" in second


def test_servers_that_say_nothing(monkeypatch: pytest.MonkeyPatch, silent: int) -> None:
    said = complaint(
        monkeypatch,
        MONGODB_URL=f"mongodb://lan:geheim@127.0.0.1:{silent}/",
        AMQP_URL=f"amqp://lan:geheim@127.0.0.1:{silent}/",
    )
    assert "MONGODB_URL: no" in said
    assert "AMQP_URL: no" in said


def test_addresses_that_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    said = complaint(monkeypatch, MONGODB_URL="lan:geheim@127.0.0.1", AMQP_URL="nonsense")
    assert "MONGODB_URL: no usable server at 127.0.0.1" in said
    assert "AMQP_URL: no usable server at nonsense" in said


def test_a_wrong_password(monkeypatch: pytest.MonkeyPatch, amqp_url: str) -> None:
    wrong = amqp_url.replace("guest:guest", "guest:geheim")
    assert wrong != amqp_url
    assert "AMQP_URL: no usable server at amqp://127.0.0.1" in complaint(
        monkeypatch, AMQP_URL=wrong
    )


def test_a_vhost_that_is_not_there(monkeypatch: pytest.MonkeyPatch, amqp_url: str) -> None:
    said = complaint(monkeypatch, AMQP_URL=f"{amqp_url}-not")
    assert "-not (" in said


@pytest.mark.servers
def test_a_mongod_that_is_no_replica_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    [port] = free_ports(1)
    command = [mongod_binary(), "--dbpath", tmp_path, "--port", str(port), "--nounixsocket"]
    alone = Child("mongod", command, tmp_path / "log")
    try:
        assert wait_open(port, 30)
        said = complaint(monkeypatch, MONGODB_URL=f"mongodb://127.0.0.1:{port}/")
    finally:
        alone.stop()
    assert said.startswith("MONGODB_URL: a server answers at")
    assert "no replica set" in said


def test_right_ones_are_taken(
    monkeypatch: pytest.MonkeyPatch, mongodb_url: str, amqp_url: str
) -> None:
    monkeypatch.setenv("MONGODB_URL", mongodb_url)
    monkeypatch.setenv("AMQP_URL", amqp_url)
    check_given_servers()


def test_none_given_none_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MONGODB_URL", raising=False)
    monkeypatch.setenv("AMQP_URL", "")
    check_given_servers()
