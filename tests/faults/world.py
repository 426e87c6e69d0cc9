"""Services as processes of their own, with the network between them in our hands."""

import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx

from local.layout import ROOT
from shared.clock import now
from shared.http.tls import trusted_authorities
from shared.ids import new_id
from shared.mongo import Mongo
from shared.settings import Issuer
from shared.signing import new_keys
from shared.testing.children import Child
from shared.testing.ports import free_ports
from shared.testing.tokens import TokenIssuer
from shared.testing.waiting import eventually
from tests.events.conftest import open_places


class ServiceProcess:
    """One process of a service; killed and started again at will."""

    def __init__(self, world: "World", name: str, *, without: str | None, **env: str) -> None:
        self.name = name
        self.port = free_ports(1)[0]
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = (
            [sys.executable, "-m", "tests.faults.unguarded", without, name]
            if without
            else [sys.executable, "-m", f"services.{name}"]
        )
        self._log = world.folder / f"{name}-{self.port}.log"
        self._env = os.environ | world.environment(name, self.port) | env
        self.child: Child | None = None

    async def start(self) -> "ServiceProcess":
        self.child = Child(self.name, self._command, self._log, env=self._env, cwd=ROOT)
        await eventually(self.ready, f"{self.name} to be ready\n{self.child.tail(30)}", seconds=30)
        return self

    async def ready(self) -> bool:
        assert self.child is not None
        assert self.child.running, self.child.tail(30)
        async with httpx.AsyncClient(verify=trusted_authorities()) as client:
            try:
                return (await client.get(f"{self.url}/readyz")).status_code == 200
            except httpx.TransportError:
                return False

    def kill(self) -> None:
        assert self.child is not None
        self.child.kill()

    def stop(self) -> None:
        if self.child is not None:
            self.child.stop()

    async def figure(self, name: str, *labels: str) -> float:
        """The value of a Prometheus figure whose labels hold all these words."""
        async with httpx.AsyncClient(verify=trusted_authorities()) as client:
            text = (await client.get(f"{self.url}/metrics")).text
        lines = [x for x in text.splitlines() if x.startswith(name) and all(w in x for w in labels)]
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines)


class World:
    """What a story plays in: databases, a broker of its own, an issuer, a session with places."""

    def __init__(
        self,
        folder: Path,
        mongodb_url: str,
        amqp_url: str,
        database: str,
        mint: TokenIssuer,
        issuer: Issuer,
    ) -> None:
        self.folder = folder
        self.mongodb_url = mongodb_url
        self.amqp_url = amqp_url
        self.database = database
        self.token_issuer = mint
        self._issuer = issuer
        self._tickets = new_keys()
        self.events = Mongo.connect(mongodb_url, f"{database}_events")
        self.programme = Mongo.connect(mongodb_url, f"{database}_programme")
        self._processes: list[ServiceProcess] = []

    def environment(self, service: str, port: int) -> dict[str, str]:
        return {
            "MONGODB_URL": self.mongodb_url,
            "MONGODB_DATABASE": f"{self.database}_{service}",
            "AMQP_URL": self.amqp_url,
            "HTTP_PORT": str(port),
            "ISSUERS": json.dumps([self._issuer.model_dump()]),
            "TICKET_KEYS": self._tickets,
            "RELAY_LEASE": "1.5",
            "RETRY_AFTER": "[0.2, 0.5, 1]",
            "RECONNECT_PAUSE": "0.1",
        }

    async def run(self, name: str, *, without: str | None = None, **env: str) -> ServiceProcess:
        process = ServiceProcess(self, name, without=without, **env)
        self._processes.append(process)
        return await process.start()

    async def end(self) -> None:
        for process in self._processes:
            process.stop()
        await self.events.close()
        await self.programme.close()

    async def session(self, capacity: int) -> UUID:
        return await open_places(self.events, capacity)

    async def register(self, process: ServiceProcess, session: UUID) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token_issuer.token(new_id())}"}
        async with httpx.AsyncClient(timeout=30, verify=trusted_authorities()) as client:
            path = f"{process.url}/v1/sessions/{session}/registrations"
            return await client.post(path, headers=headers)

    async def places_counted(self) -> int:
        """What the programme has counted: the effect of the events in these stories."""
        row = await self.programme.collection("indicators").find_one({"_id": "places"})
        return int(row["value"]) if row else 0

    async def waiting_rows(self) -> int:
        return await self.events.collection("outbox").count_documents({"due_at": {"$exists": True}})

    async def all_relayed(self) -> bool:
        return await self.waiting_rows() == 0

    async def counted_at_least(self, count: int) -> None:
        async def enough() -> bool:
            return await self.places_counted() >= count

        await eventually(enough, f"{count} places to be counted", seconds=30)

    async def sentinel(self, process: ServiceProcess, counted: int) -> None:
        """One more registration, counted at last: what came before it has come, or never will.

        `counted` is what must be counted then at the least.
        """
        assert (await self.register(process, await self.session(1))).status_code == 201
        await self.counted_at_least(counted)
        pause = timedelta(seconds=2)  # longer than a redelivery takes: the retries are over
        seen = await self.programme.collection("inbox").find_one(sort=[("at", -1)])
        last = seen["at"] if seen else now()

        async def quiet() -> bool:
            return now() - last > pause

        await eventually(quiet, "the retries to be over", seconds=10)
