"""What every route does: problems in two languages, idempotency, preconditions, limits."""

import asyncio
import re
from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest

from shared.ids import new_id
from shared.process import ProcessRole
from shared.roles import Role
from shared.testing.running import Running, running
from tests.conftest import Toy
from tests.shared import notes

API = frozenset({ProcessRole.API})


@pytest.fixture
async def service(toy_api: Toy) -> AsyncIterator[Running]:
    async with running(notes.build, toy_api, roles=API) as started:
        yield started


@pytest.fixture
async def me(service: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with service.as_() as client:
        yield client


def note(title: str = "Phố cổ", **more: object) -> dict[str, object]:
    return {"title": title, **more}


async def count(service: Running, name: str) -> int:
    return await service.platform.mongo.collection(name).count_documents({})


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("vi", "Không tìm thấy ghi chú."),
        ("en", "There is no such note."),
        ("en-GB;q=0.8, vi;q=0.9", "Không tìm thấy ghi chú."),
        ("fr, en;q=0.5", "There is no such note."),
        ("", "Không tìm thấy ghi chú."),
        ("en;q=x", "Không tìm thấy ghi chú."),
    ],
)
async def test_a_problem_is_told_in_the_callers_language(
    me: httpx.AsyncClient, language: str, title: str
) -> None:
    answer = await me.get(f"/v1/notes/{new_id()}", headers={"Accept-Language": language})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["code"], problem["title"], problem["status"]) == ("note.unknown", title, 404)
    assert problem["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/title"]),
        ({"title": ""}, ["/title"]),
        ({"title": "   "}, ["/title"]),
        ({"title": "x" * 201}, ["/title"]),
        ({"title": 7}, ["/title"]),
        ({"title": "a\u0000b"}, ["/title"]),
        ({"title": "x", "text": 3}, ["/text"]),
        ([], [""]),
    ],
    ids=str,
)
async def test_bad_input_names_the_fields_and_changes_nothing(
    service: Running, me: httpx.AsyncClient, body: object, pointers: list[str]
) -> None:
    answer = await me.post("/v1/notes", json=body)
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert [(e["part"], e["pointer"]) for e in problem["errors"]] == [("body", p) for p in pointers]
    assert all(e["detail"] for e in problem["errors"])
    assert await count(service, "notes") == await count(service, "outbox") == 0


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"nonsense", b'{"title": NaN', b"[" * 5000])
async def test_what_is_not_json_is_malformed(me: httpx.AsyncClient, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await me.post("/v1/notes", content=body, headers=headers)
    assert answer.status_code == 400, answer.text
    assert answer.json()["code"] == "input.malformed"


async def test_wrong_addresses_and_methods_are_problems_too(me: httpx.AsyncClient) -> None:
    nowhere = await me.get("/v1/nowhere")
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "route.unknown")
    method = await me.patch("/v1/notes")
    assert (method.status_code, method.json()["code"]) == (405, "method.not_allowed")
    assert "POST" in method.headers["allow"]
    path = await me.get("/v1/notes/not-a-uuid")
    assert (path.status_code, path.json()["errors"][0]["part"]) == (422, "path")


async def test_a_body_over_the_limit_is_refused_even_unannounced(
    service: Running, me: httpx.AsyncClient
) -> None:
    limit = service.platform.settings.max_body_bytes

    async def stream() -> AsyncIterator[bytes]:
        yield b'{"title": "x", "text": "'
        for _ in range(limit // 65536 + 1):
            yield b"a" * 65536
        yield b'"}'

    announced = await me.post("/v1/notes", content=b" " * (limit + 1))
    headers = {"Content-Type": "application/json"}
    streamed = await me.post("/v1/notes", content=stream(), headers=headers)
    for answer in (announced, streamed):
        assert (answer.status_code, answer.json()["code"]) == (413, "body.too_large")
    assert await count(service, "notes") == 0


async def test_what_breaks_inside_is_told_without_its_insides(
    service: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    async with service.as_(Role.ADMIN) as admin:
        answer = await admin.delete(f"/v1/notes/{new_id()}")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "lananh" not in answer.text
    written = capsys.readouterr()
    assert "http.failed" in written.out + written.err
    assert "lananh" not in written.out + written.err


async def test_a_request_id_is_kept_if_it_is_one_and_made_if_not(me: httpx.AsyncClient) -> None:
    kept = await me.get(f"/v1/notes/{new_id()}", headers={"X-Request-ID": "from-the-gateway.1"})
    assert kept.headers["x-request-id"] == "from-the-gateway.1"
    made = await me.get(f"/v1/notes/{new_id()}", headers={"X-Request-ID": "two words\t"})
    assert UUID(made.headers["x-request-id"])


async def test_text_is_kept_composed_and_trimmed(me: httpx.AsyncClient) -> None:
    decomposed = "  Đường Nguyễn Huệ  "
    answer = await me.post("/v1/notes", json=note(decomposed))
    assert answer.json()["title"] == "Đường Nguyễn Huệ"


async def test_an_edit_needs_the_version_it_was_made_from(me: httpx.AsyncClient) -> None:
    made = await me.post("/v1/notes", json=note())
    path, first = f"/v1/notes/{made.json()['id']}", made.headers["etag"]
    blind = await me.put(path, json=note("A"))
    assert (blind.status_code, blind.json()["code"]) == (428, "precondition.required")
    edited = await me.put(path, json=note("B"), headers={"If-Match": first})
    assert edited.status_code == 200
    assert edited.headers["etag"] != first
    stale = await me.put(path, json=note("C"), headers={"If-Match": first})
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition.failed")
    odd = await me.put(path, json=note("D"), headers={"If-Match": "soon"})
    assert odd.status_code == 412
    gone = await me.put(f"/v1/notes/{new_id()}", json=note("E"), headers={"If-Match": first})
    assert (gone.status_code, gone.json()["code"]) == (404, "note.unknown")


async def test_of_two_edits_from_the_same_version_one_wins(me: httpx.AsyncClient) -> None:
    made = await me.post("/v1/notes", json=note())
    path, headers = f"/v1/notes/{made.json()['id']}", {"If-Match": made.headers["etag"]}
    answers = await asyncio.gather(
        *(me.put(path, json=note(f"Bản {n}"), headers=headers) for n in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7


async def test_something_unique_made_twice_at_once_is_made_once(
    service: Running, me: httpx.AsyncClient
) -> None:
    answers = await asyncio.gather(*(me.post("/v1/notes", json=note()) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert await count(service, "outbox") == 1


async def test_cors_is_off_unless_an_origin_is_configured(service: Running, toy_api: Toy) -> None:
    origin = {"Origin": "https://sangtao.hanoi.example"}
    async with service.anonymous() as client:
        plain = await client.get("/healthz", headers=origin)
        assert "access-control-allow-origin" not in plain.headers
    allowed = toy_api.model_copy(update={"cors_origins": (origin["Origin"],)})
    async with running(notes.build, allowed, roles=API) as other, other.anonymous() as client:
        asked = {**origin, "Access-Control-Request-Method": "PUT"}
        answer = await client.options("/v1/notes/x", headers=asked)
        assert answer.headers["access-control-allow-origin"] == origin["Origin"]
        evil = await client.get("/healthz", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in evil.headers


@pytest.mark.parametrize(
    "match", ["9" * 5000, '"' + "9" * 5000 + '"', '"-1"', '""', "W/", "*, *"], ids=lambda m: m[:8]
)
async def test_an_etag_that_was_never_ours_matches_nothing(
    me: httpx.AsyncClient, match: str
) -> None:
    made = await me.post("/v1/notes", json=note())
    path = f"/v1/notes/{made.json()['id']}"
    answer = await me.put(path, json=note("A"), headers={"If-Match": match})
    assert answer.status_code == 412


async def test_the_docs_page_needs_no_other_server(service: Running) -> None:
    async with service.anonymous() as client:
        page = (await client.get("/docs")).text
        files = re.findall(r"""(?:src|href)="([^"]+)"|url: '([^']+)'""", page)
        assert len(files) == 4  # script, style, icon, the description of the API
        for found in map("".join, files):
            assert found.startswith("/")
            assert (await client.get(found)).status_code == 200
