"""What makes no sense is refused by every route that takes a body, and leaves no trace."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

import pytest

from services.events.app import build
from services.events.settings import Settings
from shared.process import ProcessRole
from shared.roles import Role
from shared.testing.running import Running, running
from tests.events.test_openapi import things
from tests.helping.told import documents

NO_JSON = [b"", b"{", b"\xff\xfe", b"\x00", b"{'ten': 1}", b"[" * 5_000]
NO_OBJECT = [b"[]", b"12", b"true", '"chữ"'.encode()]
HOLDERS = ["/v1/registrations/{registration_id}/release"]  # to staff it does not exist
NOT_THIS = [b"[[]]", b'{"x": {"y": []}}']  # for a field, whatever it should be


@pytest.fixture
async def service(settings: Settings) -> AsyncIterator[Running]:
    async with running(build, settings, roles=frozenset({ProcessRole.API})) as started:
        yield started


def schema_of(document: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """The object that a body has to be, of the alternatives that there are."""
    for one in body.get("anyOf", [body]):
        if "$ref" in one:
            found: dict[str, Any] = document["components"]["schemas"][one["$ref"].split("/")[-1]]
            return found
    return body


def bodies(document: dict[str, Any], operation: dict[str, Any]) -> Iterator[bytes]:
    """Bodies that this operation cannot take."""
    described = operation["requestBody"]
    schema = schema_of(document, described["content"]["application/json"]["schema"])
    yield from NO_JSON if described.get("required") else NO_JSON[1:]
    yield from NO_OBJECT
    if schema.get("required"):
        yield b"{}"
    for name in schema.get("properties", {}):
        for wrong in NOT_THIS:
            yield b'{"%s": %s}' % (name.encode(), wrong)


def about(path: str, known: Mapping[str, Sequence[str]]) -> str:
    for name, keys in known.items():
        path = path.replace(f"{{{name}}}", keys[0])
    return path


@pytest.mark.timeout(240)
async def test_bad_input_is_refused_everywhere_and_changes_nothing(service: Running) -> None:
    known = await things(service)
    document = service.process.app.openapi()
    before = await documents(service.platform.mongo)
    taken: list[str] = []
    asked = 0
    async with service.as_(*Role) as staff:
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                if "application/json" not in operation.get("requestBody", {}).get("content", {}):
                    continue
                address = about(path, known)
                hidden = "{" in address or path in HOLDERS
                refused = (400, 404, 422) if hidden else (400, 422)
                for body in bodies(document, operation):
                    headers = {"Content-Type": "application/json", "If-Match": '"1"'}
                    if method == "post":
                        del headers["If-Match"]
                    answer = await staff.request(
                        method, address, content=body, headers=headers | {"Idempotency-Key": "k"}
                    )
                    asked += 1
                    if answer.status_code not in refused:
                        taken.append(f"{answer.status_code} {method} {path} {body[:60]!r}")
                if await documents(service.platform.mongo) != before:
                    pytest.fail(f"{method} {path} changed something; taken: {taken}")
    assert not taken, "\n".join(taken)
    assert asked > 300
