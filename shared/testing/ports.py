"""Ports of 127.0.0.1."""

import contextlib
import secrets
import socket
import time

# Below those that a system gives to outgoing connections (32768 and up on Linux): else one of them
# could take the port before the server does. Chosen at random: other test processes choose too.
RANGE = range(15_000, 32_000)


def free_ports(count: int) -> list[int]:
    """So many ports that nobody uses now."""
    found: set[int] = set()
    while len(found) < count:
        port = secrets.choice(RANGE)
        if is_free(port):
            found.add(port)
    return list(found)


def is_free(port: int) -> bool:
    """True if a server could listen there now."""
    with socket.socket() as probe, contextlib.suppress(OSError):
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        return True
    return False


def is_open(port: int) -> bool:
    """True if something listens there."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_open(port: int, seconds: float) -> bool:
    """Wait until something listens there. Returns False if nothing does in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_open(port):
            return True
        time.sleep(0.05)
    return False
