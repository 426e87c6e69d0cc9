"""Forms: a call's questions as a JSON Schema, written by staff and so never trusted to be kind."""

import http.server
import threading
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from shared.errors import InvalidInput
from shared.forms import check_content, check_form
from shared.ids import new_id
from tests.applications.conftest import GOOD, Office

REMOTE: dict[str, dict[str, Any]] = {
    "a reference": {"$ref": "{url}/form.json"},
    "a fragment of it": {"$ref": "{url}/form.json#/$defs/a"},
    "below a property": {"properties": {"a": {"$ref": "{url}/form.json"}}},
    "in a definition nobody uses": {"$defs": {"a": {"$ref": "{url}/form.json"}}},
    "relative to an id": {"$id": "{url}/", "properties": {"a": {"$ref": "form.json"}}},
    "a dynamic reference": {"$dynamicRef": "{url}/form.json"},
    "a dialect": {"$schema": "{url}/dialect.json", "type": "object"},
    "a dialect below": {"properties": {"a": {"$id": "{url}/a", "$schema": "{url}/dialect.json"}}},
}


class Listener:
    """A web server that gives a schema to whoever asks, and remembers that they did."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                listener.asked.append(self.path)
                self.send_response(200)
                self.send_header("Content-Type", "application/schema+json")
                self.end_headers()
                self.wfile.write(b'{"$defs": {"a": {"type": "object"}}, "type": "object"}')

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=[0.01], daemon=True).start()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listening = Listener()
    yield listening
    listening.server.shutdown()
    listening.server.server_close()


def put(url: str, value: Any) -> Any:
    """The value, with that address in its place."""
    if isinstance(value, dict):
        return {key: put(url, part) for key, part in value.items()}
    return value.replace("{url}", url) if isinstance(value, str) else value


@pytest.mark.parametrize("form", REMOTE.values(), ids=REMOTE)
async def test_a_form_makes_us_fetch_nothing(
    office: Office, listener: Listener, form: dict[str, Any]
) -> None:
    written = await office.write(form=put(listener.url, form))
    if written.status_code == 201:  # then it must be harmless all the way to an entry
        await office.open(form=put(listener.url, form))
        author = new_id()
        await office.draft(author)
        assert (await office.submit(author)).status_code in (200, 422)
    else:
        assert written.status_code == 422
        assert written.json()["errors"][0]["code"] == "form.invalid"
        assert written.json()["errors"][0]["pointer"] == "/form"
    assert listener.asked == []


async def test_control_the_listener_notices_who_does_fetch(listener: Listener) -> None:
    jsonschema_rs.Draft202012Validator({"$ref": f"{listener.url}/form.json"})
    assert listener.asked == ["/form.json"]


@pytest.mark.parametrize(
    "reference", ["file:///etc/passwd", "other.json", "/etc/passwd", "#/$defs/nowhere", "ftp://x/y"]
)
def test_a_reference_to_a_file_or_to_nothing_is_refused(reference: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_form({"properties": {"a": {"$ref": reference}}})
    assert "root:" not in refused.value.fields[0].en


@pytest.mark.parametrize(
    "form",
    [
        {"type": "objekt"},
        {"type": 7},
        {"properties": []},
        {"required": "title"},
        {"minLength": -1},
        {"properties": {"a": {"pattern": "("}}},
        {"properties": {"a": {"pattern": "(?=a)b"}}},
        {"properties": {"a": {"pattern": r"(a)\1"}}},
        {"properties": {"a": {"pattern": "((a{1000}){1000}){1000}"}}},
        {"patternProperties": {"(?<!a)b": {}}},
    ],
    ids=str,
)
async def test_a_form_that_is_no_schema_is_refused_when_it_is_written(
    office: Office, form: dict[str, Any]
) -> None:
    answer = await office.write(form=form)
    assert (answer.status_code, answer.json()["code"]) == (422, "input.invalid")
    (field,) = answer.json()["errors"]
    assert (field["pointer"], field["code"]) == ("/form", "form.invalid")
    assert "\n" not in field["detail"]


async def test_a_form_nested_beyond_reason_is_refused(office: Office) -> None:
    for key in ("not", "default"):
        form: dict[str, Any] = {"type": "object"}
        for _ in range(900):
            form = {key: form}
        answer = await office.write(form=form)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/form"


def test_a_form_may_refer_to_itself() -> None:
    tree = {
        "properties": {"parts": {"type": "array", "items": {"$ref": "#"}}},
        "required": ["title"],
    }
    check_form(tree)
    check_content(tree, {"title": "a", "parts": [{"title": "b", "parts": []}]})
    with pytest.raises(InvalidInput) as refused:
        check_content(tree, {"title": "a", "parts": [{"title": "b", "parts": [{}]}]})
    assert refused.value.fields[0].pointer == "/content/parts/0/parts/0"


@pytest.mark.parametrize("form", [{"$ref": "#"}, {"allOf": [{"$ref": "#"}]}], ids=str)
def test_a_form_that_only_refers_to_itself_comes_to_an_end(form: dict[str, Any]) -> None:
    check_form(form)
    check_content(form, GOOD)


async def test_a_pattern_that_others_match_without_end_is_matched_at_once(office: Office) -> None:
    """With a backtracking matcher this takes longer than the universe has: the test would hang."""
    await office.open(form={"properties": {"title": {"pattern": "^(([a-z])+.)+[A-Z]([a-z])+$"}}})
    author = new_id()
    await office.draft(author, {"title": "a" * 5_000})
    answer = await office.submit(author)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "form.pattern")


CONTENT: list[tuple[dict[str, Any], dict[str, Any], list[tuple[str, str]]]] = [
    ({"required": ["title"]}, {}, [("/content", "form.required")]),
    ({"properties": {"a": {"type": "integer"}}}, {"a": "một"}, [("/content/a", "form.type")]),
    (
        {"properties": {"a": {"items": {"minimum": 3}}}},
        {"a": [5, 1, 2]},
        [("/content/a/1", "form.minimum"), ("/content/a/2", "form.minimum")],
    ),
    ({"properties": {"a/b": {"type": "null"}}}, {"a/b": 1}, [("/content/a~1b", "form.type")]),
    ({"properties": {"a~b": {"type": "null"}}}, {"a~b": 1}, [("/content/a~0b", "form.type")]),
    ({"properties": {"~1": {"type": "null"}}}, {"~1": 1}, [("/content/~01", "form.type")]),
    ({"properties": {"ảnh": {"type": "null"}}}, {"ảnh": 1}, [("/content/ảnh", "form.type")]),
    ({"properties": {"a": {"format": "email"}}}, {"a": "không"}, [("/content/a", "form.format")]),
    (
        {"properties": {"quen": {}}, "additionalProperties": False},
        {"lạ": 1},
        [("/content", "form.additionalProperties")],
    ),
]


@pytest.mark.parametrize(("form", "content", "errors"), CONTENT, ids=str)
def test_what_is_wrong_with_an_entry_is_pointed_at(
    form: dict[str, Any], content: dict[str, Any], errors: list[tuple[str, str]]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_content(form, content)
    assert [(field.pointer, field.code) for field in refused.value.fields] == errors


def test_no_more_than_fifty_errors_are_listed() -> None:
    with pytest.raises(InvalidInput) as refused:
        check_content({"additionalProperties": {"type": "null"}}, {str(n): n for n in range(500)})
    assert len(refused.value.fields) == 50
