"""The local system: what runs, in which order, and how it is started and ended.

Each program's process id is kept in `.local/run`, with the moment it began, so that a later command
ends only what an earlier one started.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from local.layout import ROOT, SERVICES, Layout
from shared.testing.children import Child, DidNotStart, stop_group
from shared.testing.mongod import Mongod
from shared.testing.ports import is_open
from shared.testing.rabbitmq import RabbitMq

Say = Callable[[str], None]


@dataclass(frozen=True)
class Program:
    name: str
    what: str  # for people
    port: int
    start: Callable[[], Sequence[Child]]


class Stack:
    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._run = layout.state / "run"
        self._children: dict[str, Child] = {}  # those this very process started

    def programs(self) -> list[Program]:
        """In the order they are started. Servers that were given from outside are left out."""
        layout = self.layout
        found: list[Program] = []
        if "MONGODB_URL" not in os.environ:
            mongod = Mongod(layout.state / "mongodb", layout.port("mongodb"))
            found.append(
                Program("mongodb", "MongoDB replica set", mongod.port, lambda: [mongod.start()])
            )
        if "AMQP_URL" not in os.environ:
            ports = [layout.port(n) for n in ("rabbitmq", "rabbitmq_distribution", "epmd")]
            rabbit = RabbitMq(layout.state / "rabbitmq", ports)
            found.append(Program("rabbitmq", "RabbitMQ", rabbit.port, rabbit.start))
        found.append(self._sink("mail", "mail sink", "smtp"))
        found.append(self._sink("sms", "SMS sink", "smpp"))
        found += [self._service(name) for name in SERVICES]
        return found

    def _sink(self, name: str, what: str, protocol: str) -> Program:
        port = self.layout.port(name)
        command = [
            sys.executable, "-m", f"local.sinks.{name}", str(self.layout.port(protocol)), str(port)
        ]  # fmt: skip
        return Program(name, what, port, lambda: [self._child(name, command)])

    def _service(self, name: str) -> Program:
        command = [sys.executable, "-m", f"services.{name}"]
        env = os.environ | self.layout.environment(name)
        port = self.layout.port(name)
        return Program(name, f"{name} service", port, lambda: [self._child(name, command, env)])

    def _child(self, name: str, command: list[str], env: dict[str, str] | None = None) -> Child:
        return Child(name, command, self.layout.logs / f"{name}.log", env=env, cwd=ROOT)

    def up(self, say: Say) -> None:
        """Start what does not run, wait until all of it is ready. Raises `DidNotStart`."""
        for program in self.programs():
            if self.runs(program.name):
                continue
            if is_open(program.port):
                raise DidNotStart(
                    f"port {program.port} ({program.what}) is taken by another program. "
                    "Choose another block of ports: LOCAL_PORT_BASE=9700 make up"
                )
            say(f"starting {program.what}")
            for child in program.start():
                self._remember(child)
        say("waiting until all five services are ready")
        self._await_ready()

    def _await_ready(self) -> None:
        deadline = time.monotonic() + 60
        for name in SERVICES:
            while (state := self.readiness(name)) != "ready":
                if not self.runs(name) or time.monotonic() > deadline:
                    log = self.layout.logs / f"{name}.log"
                    tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
                    raise DidNotStart(f"{name} is not ready: {state}; see {log}\n{tail}")
                time.sleep(0.2)

    def readiness(self, service: str) -> str:
        """`ready`, or what is missing."""
        try:
            answer = httpx.get(f"{self.layout.url(service)}/readyz", timeout=5)
        except httpx.HTTPError as error:
            return type(error).__name__
        if answer.status_code == 200:
            return "ready"
        checks = answer.json().get("checks", {})
        return ", ".join(f"{part}: {text}" for part, text in checks.items() if text != "ok")

    def down(self, say: Say) -> None:
        """End all that runs, the services before what they need."""
        names = [program.name for program in reversed(self.programs())]
        known = [file.stem for file in self._run.glob("*.json")]
        if not any(map(self.runs, known)):
            say("nothing runs")
        for name in [n for n in names if n in known] + [n for n in known if n not in names]:
            if self.runs(name):
                say(f"ending {name}")
                self._end(name)
            self._file(name).unlink(missing_ok=True)

    def _end(self, name: str) -> None:
        if child := self._children.pop(name, None):
            child.stop()
        else:
            stop_group(self._remembered(name)[0])

    def runs(self, name: str) -> bool:
        """True if what we started under that name still runs (and is not another by now)."""
        pid, began = self._remembered(name)
        try:
            process = psutil.Process(pid)
            return process.create_time() == began and process.status() != psutil.STATUS_ZOMBIE
        except (psutil.NoSuchProcess, ValueError):
            return False

    def _file(self, name: str) -> Path:
        return self._run / f"{name}.json"

    def _remember(self, child: Child) -> None:
        self._children[child.name] = child
        self._run.mkdir(parents=True, exist_ok=True)
        began = psutil.Process(child.pid).create_time()
        self._file(child.name).write_text(json.dumps([child.pid, began]))

    def _remembered(self, name: str) -> tuple[int, float]:
        try:
            pid, began = json.loads(self._file(name).read_text())
        except (OSError, ValueError):
            return -1, 0.0
        return int(pid), float(began)
