"""How the system is started and ended, with small programs in place of the real ones."""

import dataclasses
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from local.__main__ import complain, say
from local.layout import Layout, asked_base
from local.programs import Program, programs
from local.stack import Stack
from shared.testing.children import Child, DidNotStart
from shared.testing.ports import free_ports

pytestmark = pytest.mark.servers

# Listens, and takes a second to end once it is asked to.
SLOW = """
import signal, socket, sys, time
signal.signal(signal.SIGTERM, lambda *_: (time.sleep(1), sys.exit()))
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
signal.pause()
"""


class SmallStack(Stack):
    """Four services and a server, each of them `SLOW`."""

    def __init__(self, layout: Layout, ports: Sequence[int]) -> None:
        super().__init__(layout)
        self.ports = ports

    def programs(self) -> list[Program]:
        names = ("mongodb", "registry", "events", "applications", "programme")
        return [self._program(name, port) for name, port in zip(names, self.ports, strict=True)]

    def _program(self, name: str, port: int) -> Program:
        command = [sys.executable, "-S", "-c", SLOW, str(port)]
        log = self.layout.logs / f"{name}.log"
        return Program(name, f"the {name}", [port], lambda: [Child(name, command, log)])

    def _await_ready(self) -> None:
        for program in self.programs():
            while not _listens(program.port):
                time.sleep(0.02)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallStack]:
    for name in ("MONGODB_URL", "AMQP_URL", "LOCAL_PORT_BASE"):
        monkeypatch.delenv(name, raising=False)
    made = SmallStack(Layout(tmp_path / "state", 20_000), free_ports(5))
    yield made
    made.down(lambda _: None)


def test_services_end_side_by_side_and_before_what_they_need(stack: SmallStack) -> None:
    said: list[str] = []
    stack.up(said.append)
    assert len(stack.running()) == 5
    later = SmallStack(stack.layout, stack.ports)  # another command, which started nothing itself
    began = time.monotonic()
    later.down(said.append)
    took = time.monotonic() - began
    assert 2 <= took < 4, "a second for four services, a second for what they need"
    assert said[-2:] == ["ending applications, events, programme, registry", "ending mongodb"]
    assert stack.running() == []
    assert not any(map(_listens, stack.ports))


def test_what_runs_already_is_left_alone(stack: SmallStack) -> None:
    said: list[str] = []
    stack.up(said.append)
    before = [stack._remembered(name) for name in stack.running()]
    again = SmallStack(stack.layout, stack.ports)
    again.up(said.append)
    assert "everything runs already, on the ports from 20000 on" in said
    assert [stack._remembered(name) for name in stack.running()] == before


def test_all_ports_are_checked_before_anything_starts(stack: SmallStack) -> None:
    with (
        socket.create_server(("127.0.0.1", stack.ports[2])),
        socket.create_server(("127.0.0.1", stack.ports[4])),
        pytest.raises(DidNotStart) as refused,
    ):
        stack.up(lambda _: None)
    said = str(refused.value)
    assert said.startswith(
        f"ports {stack.ports[2]} (the events), {stack.ports[4]} (the programme): taken"
    )
    assert stack.running() == []
    assert not stack.layout.logs.exists(), "nothing was started"


def test_every_port_of_the_real_programs_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MONGODB_URL", "AMQP_URL"):
        monkeypatch.delenv(name, raising=False)
    layout = Layout(tmp_path, 20_000)
    ports = [port for program in programs(layout) for port in program.ports]
    assert sorted(ports) == [20_000 + n for n in (1, 2, 3, 4, 5, 10, 11, 12, 13, 20, 21, 22, 23)]


def test_a_wrong_address_of_a_server_is_said_before_anything_starts(
    stack: SmallStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMQP_URL", f"amqp://lan:geheim@127.0.0.1:{free_ports(1)[0]}/")
    with pytest.raises(DidNotStart, match="AMQP_URL"):
        stack.up(lambda _: None)
    assert stack.running() == []


def test_two_commands_at_once(stack: SmallStack) -> None:
    other = SmallStack(stack.layout, stack.ports)
    with stack.alone(), pytest.raises(DidNotStart, match="another command"), other.alone():
        pass
    with other.alone():
        pass  # the first is done


def test_the_block_of_ports_is_remembered(stack: SmallStack) -> None:
    elsewhere = dataclasses.replace(stack.layout, base=8700)
    assert elsewhere.as_remembered() is None
    stack.up(lambda _: None)
    assert elsewhere.as_remembered() == stack.layout


@pytest.mark.parametrize("asked", ["many", "80", "-9700", "70000", "²", "97 00"])
def test_a_block_that_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch, asked: str) -> None:
    monkeypatch.setenv("LOCAL_PORT_BASE", asked)
    with pytest.raises(DidNotStart, match="LOCAL_PORT_BASE"):
        asked_base()


def test_what_a_log_says_is_shown_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    log = "[info] [/] [bold]no markup[/bold] :key: " + "a long line " * 30
    complain(log)
    assert capsys.readouterr().out == f"✗ {log}\n"
    say("port [8701] :key:")
    assert capsys.readouterr().out == "· port [8701] :key:\n"
