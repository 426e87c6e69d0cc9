"""The local system: how it is started, looked at and ended.

Each program's process id is kept in `.local/run`, with the moment it began, so that a later command
ends only what an earlier one started.
"""

import fcntl
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

from local.given_servers import check_given_servers
from local.layout import SERVICES, Layout
from local.programs import Program, programs
from shared.http.tls import trusted_authorities
from shared.testing.children import Child, DidNotStart, stop_groups
from shared.testing.ports import is_free

Say = Callable[[str], None]
# What is ended after what needs it; programs of one group end at the same time.
LAST = ({"mail", "sms"}, {"mongodb", "rabbitmq", "epmd"})


class Stack:
    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._run = layout.state / "run"
        self._children: dict[str, Child] = {}  # those this very process started

    def programs(self) -> list[Program]:
        return programs(self.layout)

    def up(self, say: Say) -> None:
        """Start what does not run, wait until all of it is ready. Raises `DidNotStart`."""
        missing = [one for one in self.programs() if not self.runs(one.name)]
        check_given_servers()
        self._check_ports(missing)
        self.layout.remember()
        if not missing:
            say(f"everything runs already, on the ports from {self.layout.base} on")
        for program in missing:
            say(f"starting {program.what}")
            for child in program.start():
                self._remember(child)
        say("waiting until all five services are ready")
        self._await_ready()

    def _check_ports(self, wanted: Sequence[Program]) -> None:
        """Raises `DidNotStart` if another program has one of them."""
        own = self.layout.port("epmd") if self.runs("epmd") else None  # it may outlive RabbitMQ
        taken = [
            f"{port} ({program.what})"
            for program in wanted
            for port in program.ports
            if port != own and not is_free(port)
        ]
        if taken:
            raise DidNotStart(
                f"{'port' if len(taken) == 1 else 'ports'} {', '.join(taken)}: taken by another "
                "program, perhaps by this system in another folder. Nothing was started. "
                "Choose another block of ports: LOCAL_PORT_BASE=9700 make up"
            )

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
            answer = httpx.get(
                f"{self.layout.url(service)}/readyz", timeout=5, verify=trusted_authorities()
            )
        except httpx.HTTPError as error:
            return type(error).__name__
        if answer.status_code == 200:
            return "ready"
        checks = answer.json().get("checks", {})
        return ", ".join(f"{part}: {text}" for part, text in checks.items() if text != "ok")

    def down(self, say: Say) -> None:
        """End all that runs, the services before what they need."""
        running = self.running()
        if not running:
            say("nothing runs")
        first = set(running).difference(*LAST)
        for group in (first, *LAST):
            if names := [name for name in running if name in group]:
                say(f"ending {', '.join(names)}")
                stop_groups([self._remembered(name)[0] for name in names])
        for child in self._children.values():
            child.stop()  # it has ended; a parent must ask how
        self._children.clear()
        for file in self._run.glob("*.json"):
            file.unlink()

    def running(self) -> list[str]:
        """The names of what we started and what still runs."""
        return sorted(file.stem for file in self._run.glob("*.json") if self.runs(file.stem))

    def runs(self, name: str) -> bool:
        """True if what we started under that name still runs (and is not another by now)."""
        pid, began = self._remembered(name)
        try:
            process = psutil.Process(pid)
            return process.create_time() == began and process.status() != psutil.STATUS_ZOMBIE
        except (psutil.NoSuchProcess, ValueError):
            return False

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other command starts or ends this system meanwhile. Raises `DidNotStart`.

        The lock ends with the process, however that ends.
        """
        self.layout.state.mkdir(parents=True, exist_ok=True)
        with (self.layout.state / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise DidNotStart(
                    "another command is starting or ending this system just now. "
                    "Wait until it is done; `make status` shows what runs"
                ) from None
            yield

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
