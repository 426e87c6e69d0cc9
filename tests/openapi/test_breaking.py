"""What breaks a frontend is reported; what does not, is not."""

import copy
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local import docs
from local.breaking import breaks

Json = dict[str, Any]
MODEL: Json = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "name": {"type": "string", "maxLength": 80},
        "kind": {"$ref": "#/components/schemas/Kind"},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
    },
}
WITHOUT_PARTS = MODEL | {
    "properties": {k: v for k, v in MODEL["properties"].items() if k != "parts"}
}


def body(name: str) -> Json:
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}


BEFORE: Json = {
    "paths": {
        "/things": {
            "get": {
                "operationId": "listThings",
                "security": [],
                "parameters": [{"in": "query", "name": "q", "schema": {"type": "string"}}],
                "responses": {"200": body("Thing")},
            },
            "post": {
                "operationId": "createThing",
                "security": [{"bearer": []}],
                "requestBody": {"required": False, **body("NewThing")},
                "responses": {"201": body("Thing"), "409": {"$ref": "#/components/responses/C"}},
            },
        }
    },
    "components": {
        "schemas": {
            "Thing": MODEL,
            "NewThing": copy.deepcopy(WITHOUT_PARTS),
            "Kind": {"type": "string", "enum": ["a", "b"]},
        }
    },
}


def thing(document: Json, name: str = "Thing") -> Json:
    found: Json = document["components"]["schemas"][name]
    return found


def fields(document: Json, name: str = "Thing") -> Json:
    found: Json = thing(document, name)["properties"]
    return found


def rename_kind(document: Json) -> None:
    schemas = document["components"]["schemas"]
    schemas["Sort"] = schemas.pop("Kind")
    for name in ("Thing", "NewThing"):
        fields(document, name)["kind"] = {"$ref": "#/components/schemas/Sort"}


def get(document: Json) -> Json:
    found: Json = document["paths"]["/things"]["get"]
    return found


def post(document: Json) -> Json:
    found: Json = document["paths"]["/things"]["post"]
    return found


def changed(change: Callable[[Json], object]) -> list[str]:
    after = copy.deepcopy(BEFORE)
    change(after)
    return breaks(BEFORE, after)


BREAKS: dict[str, Callable[[Json], object]] = {
    "POST /things is gone": lambda d: d["paths"]["/things"].pop("post"),
    "its operationId listThings is now browse": lambda d: get(d).update(operationId="browse"),
    "it asks for an access token now": lambda d: get(d).update(security=[{"bearer": []}]),
    "it needs a role now: gate": lambda d: post(d).update({"x-roles": ["gate"]}),
    "the query parameter q is gone": lambda d: get(d).update(parameters=[]),
    "the query parameter q must be sent now": lambda d: get(d)["parameters"][0].update(
        required=True
    ),
    "q: is no longer taken string": lambda d: get(d)["parameters"][0].update(
        schema={"type": "integer"}
    ),
    "the body must be sent now": lambda d: post(d)["requestBody"].update(required=True),
    "it no longer answers 201": lambda d: post(d)["responses"].update(
        {"200": post(d)["responses"].pop("201")}
    ),
    "the answer 200 is no longer application/json": lambda d: get(d)["responses"]["200"].update(
        content={"text/csv": {}}
    ),
    "the answer 200: name is gone": lambda d: fields(d).pop("name"),
    "the answer 200: name may be missing now": lambda d: thing(d).update(required=["id"]),
    "the answer 200: id: may be string": lambda d: fields(d)["id"].pop("format"),
    "the answer 200: name: may be null": lambda d: fields(d).update(
        name={"anyOf": [{"type": "string"}, {"type": "null"}]}
    ),
    "the answer 200: kind: may be c now": lambda d: thing(d, "Kind").update(enum=["a", "b", "c"]),
    "the body: kind: no longer takes b": lambda d: thing(d, "Kind").update(enum=["a"]),
    "the body: note must be sent now": lambda d: thing(d, "NewThing")["required"].append("note"),
    "the body: note: is no longer taken null": lambda d: fields(d, "NewThing").update(
        note={"type": "string"}
    ),
    "the body: name: maxLength is 40 now": lambda d: fields(d, "NewThing")["name"].update(
        maxLength=40
    ),
    "the body: name: must match ^x now": lambda d: fields(d, "NewThing")["name"].update(
        pattern="^x"
    ),
    "the name Kind is gone from the schemas": rename_kind,
}

HARMLESS: list[Callable[[Json], object]] = [
    lambda d: None,
    lambda d: d["paths"].update({"/others": {"get": get(d)}}),
    lambda d: fields(d).update(colour={"type": "string"}),
    lambda d: fields(d, "NewThing").update(colour={"type": "string"}),
    lambda d: get(d)["parameters"].append({"in": "query", "name": "n", "schema": {}}),
    lambda d: post(d).update(security=[]),
    lambda d: thing(d, "NewThing").update(required=["id"]),
    lambda d: thing(d)["required"].append("note"),
    lambda d: fields(d, "NewThing")["name"].update(maxLength=90),
    lambda d: fields(d)["name"].update(maxLength=40),
    lambda d: fields(d)["note"].update(description="Said better."),
]


@pytest.mark.parametrize("line", BREAKS)
def test_a_break_is_reported(line: str) -> None:
    assert line in "\n".join(changed(BREAKS[line]))


@pytest.mark.parametrize("change", HARMLESS, ids=range(len(HARMLESS)))
def test_what_only_adds_is_not(change: Callable[[Json], object]) -> None:
    assert changed(change) == []


def test_the_documents_of_a_commit_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "docs" / "openapi" / "things.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(BEFORE))
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    for command in (["init", "-q"], ["add", "."], [*identity, "commit", "-qm", "first"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    monkeypatch.setattr(docs, "ROOT", tmp_path)
    after = copy.deepcopy(BEFORE)
    del after["paths"]["/things"]["post"]
    new = tmp_path / "docs" / "openapi" / "new.json"
    made = {file: json.dumps(after), new: json.dumps(BEFORE)}
    assert docs.broken(made, "HEAD") == ["things: POST /things is gone"]
    with pytest.raises(docs.UnknownCommit):
        docs.broken(made, "nothing")
