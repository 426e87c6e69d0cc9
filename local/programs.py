"""What the local system consists of, in the order in which it is started."""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from local.layout import ROOT, SERVICES, Layout
from shared.testing.children import Child
from shared.testing.mongod import Mongod
from shared.testing.rabbitmq import RabbitMq


@dataclass(frozen=True)
class Program:
    name: str
    what: str  # for people
    ports: Sequence[int]  # all it listens on; the first is the one that people use
    start: Callable[[], Sequence[Child]]

    @property
    def port(self) -> int:
        return self.ports[0]


def programs(layout: Layout) -> list[Program]:
    """Servers that are given from outside are left out."""
    found: list[Program] = []
    if not os.environ.get("MONGODB_URL"):
        mongod = Mongod(layout.state / "mongodb", layout.port("mongodb"))
        found.append(
            Program("mongodb", "MongoDB replica set", [mongod.port], lambda: [mongod.start()])
        )
    if not os.environ.get("AMQP_URL"):
        ports = [layout.port(n) for n in ("rabbitmq", "rabbitmq_distribution", "epmd")]
        rabbit = RabbitMq(layout.state / "rabbitmq", ports)
        found.append(Program("rabbitmq", "RabbitMQ", ports, rabbit.start))
    found.append(_sink(layout, "mail", "mail sink", "smtp"))
    found.append(_sink(layout, "sms", "SMS sink", "smpp"))
    found += [_service(layout, name) for name in SERVICES]
    return found


def _sink(layout: Layout, name: str, what: str, protocol: str) -> Program:
    page, taking = layout.port(name), layout.port(protocol)
    command = [sys.executable, "-m", f"local.sinks.{name}", str(taking), str(page)]
    return Program(name, what, [page, taking], lambda: [_child(layout, name, command)])


def _service(layout: Layout, name: str) -> Program:
    command = [sys.executable, "-m", f"services.{name}"]

    def start() -> list[Child]:
        env = os.environ | layout.environment(name)
        return [_child(layout, name, command, env)]

    return Program(name, f"{name} service", [layout.port(name)], start)


def _child(
    layout: Layout, name: str, command: list[str], env: dict[str, str] | None = None
) -> Child:
    return Child(name, command, layout.logs / f"{name}.log", env=env, cwd=ROOT)
