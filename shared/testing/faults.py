"""Network faults for tests: a TCP proxy that can hold back bytes or cut connections.

It listens on 127.0.0.1 only.
"""

import asyncio
import contextlib
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit


class Direction:
    """The bytes in one direction: they pass, or they wait."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()
        self.passed = 0

    def hold(self) -> None:
        """Let no more bytes pass. Those that wait are not lost."""
        self._open.clear()

    def flow(self) -> None:
        self._open.set()

    async def pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                await self._open.wait()
                writer.write(data)
                await writer.drain()
                self.passed += len(data)
        writer.close()


class Proxy:
    """A proxy between a client and a server of ours.

    `up` is the direction to the server, `down` the one to the client. A direction on hold is like a
    slow network, a cut is like a network that has failed.
    """

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self.up = Direction()
        self.down = Direction()
        self._server: asyncio.Server | None = None
        self._links: set[asyncio.StreamWriter] = set()
        self._refusing = False

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self) -> "Proxy":
        self._server = await asyncio.start_server(self._link, "127.0.0.1", 0)
        return self

    async def _link(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        if self._refusing:
            back.transport.abort()
            return
        try:
            far, forth = await asyncio.open_connection(*self._target)
        except OSError:
            back.transport.abort()
            return
        self._links |= {back, forth}
        with contextlib.suppress(asyncio.CancelledError):  # the test is over
            await asyncio.gather(self.up.pump(near, forth), self.down.pump(far, back))
        self._links -= {back, forth}

    def cut(self) -> None:
        """Drop every connection, without closing it properly."""
        for writer in self._links:
            writer.transport.abort()

    @contextlib.contextmanager
    def away(self) -> Iterator[None]:
        """Cut, and refuse new connections, until the block ends."""
        self._refusing = True
        self.cut()
        try:
            yield
        finally:
            self._refusing = False

    async def stop(self) -> None:
        self.up.flow()
        self.down.flow()
        self.cut()
        if self._server is not None:
            self._server.close()

    def through(self, url: str) -> str:
        """That URL, but through this proxy."""
        parts = urlsplit(url)
        credentials, at, _ = parts.netloc.rpartition("@")
        query = parts.query
        if parts.scheme.startswith("mongodb"):
            query = "directConnection=true"  # otherwise the driver connects to the member itself
        place = f"{credentials}{at}127.0.0.1:{self.port}"
        return urlunsplit((parts.scheme, place, parts.path, query, ""))


def proxy_to(url: str) -> Proxy:
    """A proxy to the server of a URL. Start it before use."""
    parts = urlsplit(url)
    return Proxy(parts.hostname or "127.0.0.1", parts.port or 0)
