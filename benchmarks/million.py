"""A million registrations in the store: what one more costs, and what a scan at a gate takes.

Two stores on one server, one with a thousand registrations and one with a million, each with a
process of its own. They are measured in turn, and the turns change places every round, so that
whatever else the machine does hits both.
"""

import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from statistics import median
from typing import NamedTuple
from uuid import uuid4

from benchmarks.filled import SESSIONS, Filled
from benchmarks.report import Row, Table
from benchmarks.scans import scans
from benchmarks.servers import Servers, process
from shared.ids import new_id
from shared.signing import new_keys
from shared.testing.rabbitmq import swallow_events
from shared.testing.rush import post, rush
from shared.testing.tokens import TokenIssuer

FEW = 1_000
MANY = int(os.environ.get("MILLION", "1000000"))
ROUNDS = 8
REQUESTS = int(os.environ.get("REQUESTS", "1500"))  # a round
CONNECTIONS = 64


class Store(NamedTuple):
    filled: Filled
    port: int
    costs: dict[str, list[float]]  # what → milliseconds each, a round


@asynccontextmanager
async def store(at: Servers, mint: TokenIssuer, count: int) -> AsyncIterator[Store]:
    keys, database = new_keys(), f"events_{count}"
    filled = Filled(at, database, keys, count)
    began = time.perf_counter()
    await filled.fill()
    print(f"  {count:,} registrations in {time.perf_counter() - began:.0f} s", flush=True)
    with mint.published() as issuer:
        environment = {
            "MONGODB_URL": at.mongodb_url,
            "MONGODB_DATABASE": database,
            "AMQP_URL": at.amqp_url,
            "ISSUERS": json.dumps([issuer.model_dump()]),
            "TICKET_KEYS": keys,
        }
        async with process(
            at, "services.events", "--role", "api", health="/healthz", **environment
        ) as port:
            yield Store(filled, port, {"register": [], "cancel": []})
    await filled.mongo.close()


async def measure(of: Store, mint: TokenIssuer) -> None:
    """Some register, each for another session; then they cancel, and leave no trace."""
    mark = new_id()
    people = [uuid4() for _ in range(REQUESTS)]
    tokens = [mint.token(person, seconds=7200) for person in people]
    sessions = of.filled.sessions
    requests = [
        post(f"/v1/sessions/{sessions[n * 7 % SESSIONS]}/registrations", token)
        for n, token in enumerate(tokens)
    ]
    answers = await rush([of.port], requests, connections=CONNECTIONS, keep=True)
    assert answers.statuses == {201: REQUESTS}, answers.statuses
    of.costs["register"].append(1000 / answers.a_second)
    token_of = dict(zip(map(str, people), tokens, strict=True))
    given = [json.loads(body) for body in answers.bodies]
    requests = [
        post(f"/v1/registrations/{one['id']}/cancellation", token_of[one["person_id"]])
        for one in given
    ]
    answers = await rush([of.port], requests, connections=CONNECTIONS)
    assert answers.statuses == {200: REQUESTS}, answers.statuses
    of.costs["cancel"].append(1000 / answers.a_second)
    kept = of.filled.mongo.collection("registrations")
    gone = await kept.delete_many({"_id": {"$gt": mark}, "person_id": {"$in": people}})
    assert gone.deleted_count == REQUESTS


async def run(at: Servers) -> Table:
    await swallow_events(at.amqp_url)
    mint = TokenIssuer()
    async with AsyncExitStack() as stack:
        few, many = [
            await stack.enter_async_context(store(at, mint, count)) for count in (FEW, MANY)
        ]
        for one in (few, many):
            await measure(one, mint)  # the first is for warming up
            for costs in one.costs.values():
                costs.clear()
        for round_ in range(ROUNDS):
            for one in (few, many) if round_ % 2 else (many, few):
                await measure(one, mint)
        table = Table(
            f"With {MANY:,} registrations in the store",
            f"Milliseconds of the whole machine's time for each of {REQUESTS:,} requests over "
            f"{CONNECTIONS} connections, spread over {SESSIONS:,} sessions; beside the same with "
            f"{FEW:,} stored. A scan: one ticket at a gate, over HTTP; beside it a bare app that "
            "does one `find_one_and_update` by `_id` in the same collection with the same write "
            "concern, and the driver alone.",
        )
        for what in ("register", "cancel"):
            cost, floor = median(many.costs[what]), median(few.costs[what])
            table.add(Row(f"{what}, each", cost, f"{FEW:,} stored", floor, 1.2, "ms"))
        for row in await scans(at, mint, many.filled, many.port):
            table.add(row)
    return table
