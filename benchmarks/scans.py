"""Scans at a gate beside the bare indexed update: over HTTP by an app that does nothing else."""

import asyncio
import json
import os
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from statistics import quantiles
from uuid import UUID, uuid4

from benchmarks.filled import Filled
from benchmarks.report import Row
from benchmarks.servers import Servers, process
from shared.clock import now
from shared.roles import Role
from shared.testing.rush import post, rush
from shared.testing.tokens import TokenIssuer

ROUNDS = 6
EACH = int(os.environ.get("SCANS", "300"))  # a round, one after another
AT_ONCE = 32
BATCH = 50  # scans that an offline device sends together


class Scans:
    """Makes scans of tickets that were not shown before, and keeps how long each took (ms)."""

    def __init__(self, filled: Filled, port: int, bare: int, mint: TokenIssuer) -> None:
        self._filled = filled
        self._gates = cycle(filled.gates)
        self._port = port
        self._bare = bare
        self._token = mint.token(uuid4(), Role.GATE, seconds=7200)
        self.waits: dict[tuple[str, int], list[float]] = {}

    async def ours(self, connections: int, count: int, batch: int = 1) -> None:
        requests = [self._request(batch) for _ in range(count)]
        answers = await rush([self._port], requests, connections=connections, keep=True)
        assert answers.statuses == {200: count}, answers.statuses
        assert all(body.count(b'"admitted"') == batch for body in answers.bodies)
        self._note("gate" if batch == 1 else "batch", connections, answers.waits)

    async def floor(self, connections: int, count: int) -> None:
        holders = self._holders(count)
        requests = [post(f"/scans/{key}", "none") for key in holders]
        answers = await rush([self._bare], requests, connections=connections)
        assert answers.statuses == {200: count}, answers.statuses
        self._note("bare", connections, answers.waits)

    async def driver(self, connections: int, count: int) -> None:
        rows = self._filled.mongo.collection("registrations")
        keys = iter(self._holders(count))
        waits: list[float] = []

        async def work() -> None:
            for key in keys:
                began = time.perf_counter()
                found = await rows.find_one_and_update(
                    {"_id": key, "admitted_at": None}, {"$set": {"admitted_at": now()}}
                )
                waits.append(time.perf_counter() - began)
                assert found is not None

        await asyncio.gather(*(work() for _ in range(connections)))
        self._note("driver", connections, waits)

    def _holders(self, count: int) -> list[UUID]:
        """Registrations of which nobody was let in yet."""
        gates = islice(self._gates, count)
        return [self._filled.holders[gate].pop()[0] for gate in gates]

    def _request(self, batch: int) -> bytes:
        """A device at one gate; a batch is of the tickets of one gate, taken while offline."""
        gate = next(self._gates)
        shown = [self._filled.ticket(gate) for _ in range(batch)]
        told = {} if batch == 1 else {"told": "admitted"}
        scans = [
            {"nonce": str(uuid4()), "ticket": one, "at": now().isoformat(), "device": "máy 1"}
            | told
            for one in shown
        ]
        body = json.dumps({"scans": scans}).encode()
        return post(f"/v1/gates/{gate}/scans", self._token, body)

    def _note(self, what: str, connections: int, waits: list[float]) -> None:
        kept = self.waits.setdefault((what, connections), [])
        kept.extend(wait * 1000 for wait in waits)

    def percentile(self, what: str, connections: int, percent: int) -> float:
        return quantiles(self.waits[what, connections], n=100)[percent - 1]


async def scans(at: Servers, mint: TokenIssuer, filled: Filled, port: int) -> list[Row]:
    environment = {"MONGODB_URL": at.mongodb_url, "BARE_DATABASE": filled.database}
    async with process(at, "benchmarks.bare", **environment) as bare:
        measured = Scans(filled, port, bare, mint)
        for connections, count in ((1, 50), (AT_ONCE, 100)):  # to warm up
            await measured.ours(connections, count)
            await measured.floor(connections, count)
        measured.waits.clear()
        for round_ in range(ROUNDS):
            for connections, count in ((1, EACH), (AT_ONCE, EACH * 4)):
                turns = [measured.ours, measured.floor, measured.driver]
                for turn in turns if round_ % 2 else reversed(turns):
                    await turn(connections, count)
            await measured.ours(1, 20, batch=BATCH)
    return list(_rows(measured))


def _rows(measured: Scans) -> Iterator[Row]:
    find: Callable[[str, int, int], float] = measured.percentile
    for connections, how in ((1, "one at a time"), (AT_ONCE, f"{AT_ONCE} at once")):
        for percent in (50, 95):
            value = find("gate", connections, percent)
            bare, driver = (find(what, connections, percent) for what in ("bare", "driver"))
            name, goal = f"a scan, {how}, p{percent}", 2 if percent == 95 else None
            yield Row(name, value, "bare app, one indexed update", bare, goal, "ms")
            yield Row(name, value, "the driver alone", driver, None, "ms")
    yield Row(f"a batch of {BATCH} scans, p50", find("batch", 1, 50), unit="ms")
    yield Row(f"a batch of {BATCH} scans, p95", find("batch", 1, 95), unit="ms")
