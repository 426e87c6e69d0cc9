"""The MongoDB and the RabbitMQ of a test run, one of each however many processes run the tests.

They are children of the process that was started by hand. Where it only hands out the tests to
worker processes (pytest-xdist), it serves their questions on a socket; the first question starts
the server.
"""

import threading
from contextlib import suppress
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Protocol

from shared.testing.mongod import Mongod
from shared.testing.ports import free_ports
from shared.testing.rabbitmq import RabbitMq

VHOSTS = 90  # as many as tests ask for, and some more; each takes RabbitMQ a tenth of a second


class Servers(Protocol):
    def mongodb(self) -> int:
        """The port of a MongoDB that runs."""

    def rabbitmq(self) -> int:
        """The port of a RabbitMQ that runs."""

    def vhost(self) -> str:
        """One of its vhosts, that nobody else has got."""


class OwnServers:
    """Those that this process starts and ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._vhosts = [f"t{number}" for number in range(VHOSTS)]
        self._mongod: Mongod | None = None
        self._rabbitmq: RabbitMq | None = None
        self._starting = {"mongodb": threading.Lock(), "rabbitmq": threading.Lock()}
        self._listener: Listener | None = None

    def mongodb(self) -> int:
        with self._starting["mongodb"]:
            if self._mongod is None:
                server = Mongod(self.folder / "mongodb", *free_ports(1), forgets=True)
                server.start()
                self._mongod = server
        return self._mongod.port

    def rabbitmq(self) -> int:
        with self._starting["rabbitmq"]:
            if self._rabbitmq is None:
                server = RabbitMq(self.folder / "rabbitmq", free_ports(3), ["/", *self._vhosts])
                server.start()
                self._rabbitmq = server
        return self._rabbitmq.port

    def vhost(self) -> str:
        if not self._vhosts:
            raise LookupError(f"{VHOSTS} vhosts are too few by now (tests/helping/servers.py)")
        return self._vhosts.pop()

    def stop(self) -> None:
        if self._listener is not None:
            self._listener.close()
        if self._rabbitmq is not None:
            self._rabbitmq.stop()
        if self._mongod is not None and self._mongod.child is not None:
            self._mongod.child.stop()

    def offer(self) -> str:
        """Answer the questions of other processes from now on; the address to ask at."""
        if self._listener is None:
            self._listener = Listener(str(self.folder / "servers.sock"))
            threading.Thread(target=self._listen, args=[self._listener], daemon=True).start()
        return str(self._listener.address)

    def _listen(self, listener: Listener) -> None:
        while True:
            asked = listener.accept()
            threading.Thread(target=self._answer, args=[asked], daemon=True).start()

    def _answer(self, asked: Connection) -> None:
        answer: object
        with asked, suppress(EOFError, OSError):  # who asked may be gone
            try:
                answer = getattr(self, asked.recv())()
            except Exception as error:  # noqa: BLE001 - raised again where it was asked
                answer = error
            asked.send(answer)


class OthersServers:
    """Those of the process that started this one."""

    def __init__(self, address: str) -> None:
        self._address = address

    def mongodb(self) -> int:
        return int(self._ask("mongodb"))

    def rabbitmq(self) -> int:
        return int(self._ask("rabbitmq"))

    def vhost(self) -> str:
        return self._ask("vhost")

    def _ask(self, what: str) -> str:
        with Client(self._address) as asking:
            asking.send(what)
            answer = asking.recv()
        if isinstance(answer, Exception):
            raise answer
        return str(answer)
