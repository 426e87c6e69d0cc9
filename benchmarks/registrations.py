"""Registrations over HTTP: to one hot session, and spread over a thousand.

Against two floors in the same run: an authenticated POST of the same process that does nothing, and
a bare FastAPI + Motor app that does the same two writes in one transaction a request.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from statistics import median
from uuid import UUID, uuid4

from benchmarks.report import Row, Table
from benchmarks.servers import Servers, process
from shared.clock import now
from shared.ids import new_id
from shared.mongo import Mongo
from shared.signing import new_keys
from shared.testing.rabbitmq import swallow_events
from shared.testing.rush import post, rush
from shared.testing.tokens import TokenIssuer
from shared.testing.waiting import eventually

CONNECTIONS = 128
ROUNDS = 5
REQUESTS = 3_000  # a round
BARE_HOT_REQUESTS = 100  # the bare app manages a handful a second
SESSIONS = 1_000
Path = Callable[[int], str]


async def sessions(mongo: Mongo, count: int, capacity: int) -> list[UUID]:
    """So many sessions that take registrations now."""
    keys = [new_id() for _ in range(count)]
    day = timedelta(days=1)
    general = {"quotas": [], "code_only": False, "approval": False, "offer_seconds": None}
    await mongo.collection("bookable_terms").insert_many(
        {
            "_id": key,
            "kind": "session",
            "kinds": {"general": general | {"quotas": [key]}},
            "last_number": 0,
            "last_asked_at": None,
            "opens_at": now() - day,
            "closes_at": now() + day,
        }
        for key in keys
    )
    await mongo.collection("quotas").insert_many(
        {"_id": key, "capacity": capacity, "taken": 0, "waiting": 0} for key in keys
    )
    return keys


async def measure(port: int, mint: TokenIssuer, path: Path, count: int) -> float:
    """Answers a second; each request by another person."""
    requests = [post(path(n), mint.token(uuid4(), seconds=7200)) for n in range(count)]
    answers = await rush([port], requests, connections=CONNECTIONS)
    assert answers.statuses == {201: count}, answers.statuses
    return answers.a_second


async def relayed(mongo: Mongo) -> None:
    """Wait until the relay has caught up, so that one measurement does not pay for another."""

    async def none_waiting() -> bool:
        query = {"due_at": {"$exists": True}}
        return await mongo.collection("outbox").count_documents(query) == 0

    await eventually(none_waiting, "the relay to catch up", seconds=120, every=0.2)


async def ours(at: Servers, roles: tuple[str, ...]) -> dict[str, list[float]]:
    mint = TokenIssuer()
    database = f"events_{'_'.join(roles) or 'all'}"
    found: dict[str, list[float]] = {"nothing": [], "hot": [], "spread": []}
    with mint.published() as issuer:
        environment = {
            "MONGODB_URL": at.mongodb_url,
            "MONGODB_DATABASE": database,
            "AMQP_URL": at.amqp_url,
            "ISSUERS": json.dumps([issuer.model_dump()]),
            "TICKET_KEYS": new_keys(),
        }
        mongo = Mongo.connect(at.mongodb_url, database)
        arguments = [part for role in roles for part in ("--role", role)]
        async with process(at, "benchmarks.subject", *arguments, **environment) as port:
            spread = await sessions(mongo, SESSIONS, 100)
            for _ in range(ROUNDS):
                [hot] = await sessions(mongo, 1, 500)
                paths: dict[str, Path] = {
                    "nothing": lambda n: f"/v1/nothing/{n}",
                    "hot": partial("/v1/sessions/{0}/registrations".format, hot),
                    "spread": lambda n: f"/v1/sessions/{spread[n % SESSIONS]}/registrations",
                }
                for name, path in paths.items():
                    found[name].append(await measure(port, mint, path, REQUESTS))
                    if "relay" in roles or not roles:
                        await relayed(mongo)
        await mongo.close()
    return found


async def bare(at: Servers) -> dict[str, list[float]]:
    mint = TokenIssuer()
    mongo = Mongo.connect(at.mongodb_url, "bare")
    found: dict[str, list[float]] = {"hot": [], "spread": []}
    async with process(at, "benchmarks.bare", MONGODB_URL=at.mongodb_url) as port:
        keys = await sessions(mongo, SESSIONS + 1, 100)
        await mongo.collection("registrations").create_index("person_id")
        hot, spread = keys[0], keys[1:]
        for _ in range(ROUNDS):
            found["spread"].append(
                await measure(
                    port,
                    mint,
                    lambda n: f"/sessions/{spread[n % SESSIONS]}/registrations/{uuid4()}",
                    REQUESTS,
                )
            )
        path = f"/sessions/{hot}/registrations/"
        found["hot"].append(
            await measure(port, mint, lambda _: f"{path}{uuid4()}", BARE_HOT_REQUESTS)
        )
    await mongo.close()
    return found


async def run(at: Servers) -> Table:
    await swallow_events(at.amqp_url)
    everything, api_only, floor = await ours(at, ()), await ours(at, ("api",)), await bare(at)
    table = Table(
        f"Registrations over HTTP (one process, {CONNECTIONS} connections, requests a second)",
        "Each registration: token verified, rules, registration, places and outbox row in one "
        "transaction, ticket signed. `everything`: relay and consumers in the same process, and "
        "every event published while requests come in.",
    )
    for name, found in (("everything in one process", everything), ("--role api", api_only)):
        nothing = median(found["nothing"])
        table.add(Row(f"authenticated no-op, {name}", nothing))
        table.add(Row(f"hot session, {name}", median(found["hot"]), "no-op", nothing, 0.4))
        table.add(
            Row(
                f"hot session, {name}",
                median(found["hot"]),
                "bare app, hot session",
                median(floor["hot"]),
                20,
            )
        )
        table.add(
            Row(
                f"1,000 sessions, {name}",
                median(found["spread"]),
                "bare app, 1,000 sessions",
                median(floor["spread"]),
                0.8,
            )
        )
    return table
