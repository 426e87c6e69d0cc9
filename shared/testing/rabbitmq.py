"""A real RabbitMQ from the system's package, as a child process.

It has its own name, ports, data, logs and port mapper (epmd), all on 127.0.0.1. So it never touches
another RabbitMQ on this machine.
"""

import json
import os
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from shared.bus.publisher import open_connection
from shared.bus.topology import declare_exchange, declare_queue
from shared.contracts.catalog import CATALOG
from shared.testing.children import Child, DidNotStart
from shared.testing.ports import is_open, wait_open

# Not /usr/sbin/rabbitmq-server: that script changes the user.
SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
HOW_TO_INSTALL = (
    "RabbitMQ is not installed. Run `apt-get install rabbitmq-server` as root (or have somebody "
    "do it), or set AMQP_URL to a broker that runs."
)


class RabbitMq:
    """`ports`: AMQP, Erlang distribution, epmd. `vhosts` are made at the first start."""

    def __init__(self, folder: Path, ports: Sequence[int], vhosts: Sequence[str] = ("/",)) -> None:
        self.folder = folder
        self.port, self._distribution, self._epmd = ports
        self._vhosts = vhosts
        self.child: Child | None = None
        self.mapper: Child | None = None

    def url(self, vhost: str = "/") -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}/{'' if vhost == '/' else vhost}"

    def start(self) -> list[Child]:
        """Start it and wait until it takes connections (about eight seconds)."""
        if not SERVER.is_file():
            raise DidNotStart(HOW_TO_INSTALL)
        env = self._environment()
        if not is_open(self._epmd):
            epmd = shutil.which("epmd") or "epmd"
            command = [epmd, "-port", str(self._epmd), "-address", "127.0.0.1"]
            self.mapper = Child("epmd", command, self.folder / "epmd.log", env=env)
            wait_open(self._epmd, 5)
        self.child = Child("rabbitmq", [SERVER], self.folder / "rabbitmq.log", env=env)
        deadline = time.monotonic() + 110  # on a machine with much else to do
        while not (wait_open(self.port, 1) and self._ready()):
            if not self.child.running or time.monotonic() > deadline:
                said = f"RabbitMQ did not start; see {self.child.log}\n{self.child.tail()}"
                self.stop()
                raise DidNotStart(said)
        return [child for child in (self.mapper, self.child) if child is not None]

    def _ready(self) -> bool:
        return self.child is not None and "Starting broker... completed" in self.child.tail(5)

    def stop(self) -> None:
        for child in (self.child, self.mapper):
            if child is not None:
                child.stop()

    def _environment(self) -> dict[str, str]:
        for name in ("mnesia", "log", "home"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        (self.folder / "enabled_plugins").write_text("[].\n")
        (self.folder / "definitions.json").write_text(self._definitions())
        config = self.folder / "rabbitmq.conf"
        config.write_text(f"load_definitions = {self.folder / 'definitions.json'}\n")
        return os.environ | {
            "HOME": str(self.folder / "home"),
            # Data is kept under this name, so it is the same on every port.
            "RABBITMQ_NODENAME": "creative@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._distribution),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(config),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "enabled_plugins"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none"
            ),
            # With this the script becomes the server. Otherwise it stays as its parent, and if the
            # parent is killed, the server runs on and nobody ends it.
            "RUNNING_UNDER_SYSTEMD": "true",
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self._epmd),
        }

    def _definitions(self) -> str:
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        return json.dumps(
            {
                "users": [{"name": "guest", "password": "guest", "tags": "administrator"}],
                "vhosts": [{"name": vhost} for vhost in self._vhosts],
                "permissions": [
                    {"user": "guest", "vhost": vhost, **everything} for vhost in self._vhosts
                ],
            }
        )


async def swallow_events(url: str, queue: str = "rest") -> None:
    """A queue that takes every event, for a test in which the usual consumers do not run.

    Without it, no queue would take the events, and the relay would try again and again.
    """
    async with await open_connection(url, "swallow") as connection:
        channel = await connection.channel()
        await declare_exchange(channel)
        await declare_queue(channel, queue, CATALOG)
