"""Ten thousand people for five hundred seats, through three replicas, some giving up meanwhile.

The same crowd and the same laws as tests/faults/test_rush.py; a law that is broken ends the run.
Beside it, in the same processes: an authenticated POST that does nothing.
"""

import json
import os
from contextlib import AsyncExitStack
from statistics import median, quantiles
from typing import NamedTuple
from uuid import UUID

from benchmarks.registrations import relayed
from benchmarks.report import Row, Table
from benchmarks.servers import Servers, process
from shared.ids import new_id
from shared.mongo import Mongo
from shared.signing import new_keys
from shared.testing.rabbitmq import swallow_events
from shared.testing.rush import Answers, post, rush
from shared.testing.tokens import TokenIssuer
from tests.events.conftest import open_places
from tests.faults.crowd import Crowd, broken_laws

CONTENDERS = int(os.environ.get("RUSH_CONTENDERS", "10000"))
SEATS = CONTENDERS // 20
REPLICAS = 3
CONNECTIONS = 300
ROUNDS = 3


async def nothing(ports: list[int], mint: TokenIssuer) -> Answers:
    """As many people, who want nothing."""
    people = (new_id() for _ in range(CONTENDERS))
    requests = [post(f"/v1/nothing/{key}", mint.token(key, seconds=7200)) for key in people]
    answers = await rush(ports, requests, connections=CONNECTIONS)
    assert answers.statuses == {201: CONTENDERS}, answers.statuses
    return answers


async def contend(mongo: Mongo, ports: list[int], mint: TokenIssuer) -> tuple[Answers, Crowd, UUID]:
    session = await open_places(mongo, SEATS)
    crowd = Crowd(mint, session, CONTENDERS)
    answers = await crowd.contend(ports, CONNECTIONS)
    return answers, crowd, session


class Found(NamedTuple):
    floors: list[Answers]
    rushes: list[Answers]


async def play(at: Servers, *roles: str) -> Found:
    """Some rounds through replicas that play these parts (none named: all)."""
    mint, database = TokenIssuer(), f"events_rush_{'_'.join(roles) or 'all'}"
    mongo = Mongo.connect(at.mongodb_url, database)
    found = Found([], [])
    with mint.published() as issuer:
        environment = {
            "MONGODB_URL": at.mongodb_url,
            "MONGODB_DATABASE": database,
            "AMQP_URL": at.amqp_url,
            "ISSUERS": json.dumps([issuer.model_dump()]),
            "TICKET_KEYS": new_keys(),
        }
        arguments = [part for role in roles for part in ("--role", role)]
        async with AsyncExitStack() as stack:
            ports = [
                await stack.enter_async_context(
                    process(at, "benchmarks.subject", *arguments, **environment)
                )
                for _ in range(REPLICAS)
            ]
            for _ in range(ROUNDS):
                found.floors.append(await nothing(ports, mint))
                answers, crowd, session = await contend(mongo, ports, mint)
                found.rushes.append(answers)
                broken = await broken_laws(mongo, crowd, session, SEATS)
                assert not broken, broken[:10]
                assert answers.statuses.keys() == {200, 201}, answers.statuses
                if not roles:
                    await relayed(mongo)
    await mongo.close()
    return found


async def run(at: Servers) -> Table:
    await swallow_events(at.amqp_url)
    everything, api_only = await play(at), await play(at, "api")
    rushes = [*everything.rushes, *api_only.rushes]
    gone = int(median(answers.statuses[200] for answers in rushes))
    table = Table(
        f"The rush ({CONTENDERS:,} people, {SEATS:,} seats, {REPLICAS} replicas, "
        f"{CONNECTIONS} connections)",
        f"About {gone:,} give their place or their turn back while others still come. Checked "
        "after each round: exactly as many confirmed as there are seats, nobody passed in line at "
        "any moment of the history, every answer and every event true, no error. `everything`: "
        "each replica plays all parts, and events are published meanwhile.",
    )
    for name, found in (("everything", everything), ("--role api", api_only)):
        floor = median(answers.a_second for answers in found.floors)
        value = median(answers.a_second for answers in found.rushes)
        table.add(Row(f"registrations, {name}", value, "authenticated no-op", floor, 0.5))
        waits = [wait * 1000 for answers in found.rushes for wait in answers.waits]
        percentiles = quantiles(waits, n=100)
        table.add(Row(f"an answer, {name}, p50", percentiles[49], unit="ms"))
        table.add(Row(f"an answer, {name}, p99", percentiles[98], unit="ms"))
    return table
