"""A service's OpenAPI document taken at its word: Schemathesis asks, the answers must fit it.

The service answers over HTTP from the test's own event loop; Schemathesis asks from a thread. Most
ids it makes up are changed for those of things that are there (`known`), so that requests get past
"there is no such thing". The same requests come in every run.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import hypothesis
import requests
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from shared.ids import new_id
from shared.process import _Server
from shared.roles import Role
from shared.testing.ports import free_ports
from shared.testing.running import Running
from shared.testing.waiting import eventually

EXAMPLES = 5  # for each operation: valid ones, and as many invalid ones
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# What asks the broker. Where a test runs without one they say 503, which no document needs to name.
BROKER = (
    "GET /readyz",
    "GET /admin/dead-letters",
    "GET /admin/dead-letters/{letter_id}",
    "POST /admin/dead-letters/{letter_id}/redrive",
    "DELETE /admin/dead-letters/{letter_id}",
)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass
class Found:
    """What was asked and what was wrong."""

    asked: Counter[str] = field(default_factory=Counter)  # by operation
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: dict[str, str] = field(default_factory=dict)  # operation and kind → the first such


@asynccontextmanager
async def over_http(service: Running) -> AsyncIterator[str]:
    """The service on a port of its own; its address."""
    [port] = free_ports(1)
    server = _Server(
        uvicorn.Config(service.process.app, port=port, log_config=None, lifespan="off")
    )
    serving = asyncio.create_task(server.serve())

    async def started() -> bool:
        return server.started

    await eventually(started, "the service to answer")
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await serving


async def must_conform(
    service: Running,
    known: Mapping[str, Sequence[str]],
    people: Sequence[tuple[UUID, Sequence[Role]]] = (),
) -> None:
    """Ask as everybody in turn (these people, a stranger, all roles at once): nothing is wrong."""
    tokens = [
        service.token_issuer.token(person, *roles)
        for person, roles in [*people, (new_id(), []), (new_id(), [*Role])]
    ]
    found = await conforms(service, tokens, known, examples=EXAMPLES)
    assert not found.wrong, "\n\n".join(f"{key}: {said}" for key, said in found.wrong.items())
    assert {200, 403, 422} <= found.statuses.keys(), found.statuses


async def conforms(
    service: Running,
    tokens: Sequence[str],
    known: Mapping[str, Sequence[str]],
    *,
    examples: int,
    skip: Sequence[str] = BROKER,
) -> Found:
    """Ask each operation so many valid and so many invalid things, with each of the tokens."""
    document = service.process.app.openapi()
    async with over_http(service) as address:
        return await asyncio.to_thread(
            _ask_all, document, address, list(tokens), known, examples, set(skip)
        )


def _ask_all(
    document: dict[str, Any],
    address: str,
    tokens: list[str],
    known: Mapping[str, Sequence[str]],
    examples: int,
    skip: set[str],
) -> Found:
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=address)
    found = Found()
    effort = hypothesis.settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    chance = random.Random(7)  # noqa: S311 - the same in every run
    with requests.Session() as session:

        def ask(case: schemathesis.Case) -> None:
            _meant_for(case, known, chance)
            headers = {"Authorization": f"Bearer {chance.choice(tokens)}"}
            if case.method == "PUT" and chance.random() < 0.7:
                headers["If-Match"] = '"1"'
            answer = case.call(headers=headers, session=session, timeout=20)
            label = case.operation.label
            found.asked[label] += 1
            found.statuses[answer.status_code] += 1
            try:
                case.validate_response(answer, checks=CHECKS)
            except (Failure, FailureGroup) as failure:
                for one in getattr(failure, "exceptions", [failure]):
                    key = f"{label} {answer.status_code} {type(one).__name__}"
                    said = f"{one}\n{answer.text[:500]}\n{case.as_curl_command()}"
                    found.wrong.setdefault(key, said)

        for operation in (result.ok() for result in schema.get_all_operations()):
            for mode in () if operation.label in skip else tuple(schemathesis.GenerationMode):
                strategy = operation.as_strategy(generation_mode=mode)
                # With no parts there is nothing that can be wrong with a request.
                with suppress(hypothesis.errors.Unsatisfiable):
                    effort(hypothesis.given(strategy)(ask))()
    return found


def _meant_for(
    case: schemathesis.Case, known: Mapping[str, Sequence[str]], chance: random.Random
) -> None:
    for name in case.path_parameters or {}:
        if name in known and chance.random() < 0.7:
            case.path_parameters[name] = chance.choice(known[name])


async def strange_methods(service: Running) -> dict[str, int]:
    """Methods that an address does not take, and what they were answered with: all 405."""
    paths = service.process.app.openapi()["paths"]
    found: dict[str, int] = {}
    async with service.anonymous() as client:
        for path in paths:
            address = path.replace("{", "").replace("}", "")
            for method in METHODS:
                taken = {
                    m.upper()
                    for other, named in paths.items()
                    if _may_match(other, path)
                    for m in named
                }
                if method not in taken:
                    answer = await client.request(method, address)
                    found[f"{method} {path}"] = answer.status_code
    return found


def _may_match(one: str, other: str) -> bool:
    """Could an address be meant by both of these paths?"""
    first, second = one.split("/"), other.split("/")
    return len(first) == len(second) and all(
        a == b or "{" in a or "{" in b for a, b in zip(first, second, strict=True)
    )
