"""What frontends need of an OpenAPI document, and what one lacks. Pure: document in, words out."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from shared.http.examples import MISSING
from shared.http.openapi import LAST, nodes

Json = dict[str, Any]

_ID = re.compile(r"[a-z]+([A-Z][a-z0-9]*)*")
_NAME = re.compile(r"[A-Z][A-Za-z0-9]*")
_LONGEST = 120  # characters of a summary: one line in a list of routes


def operations(document: Json) -> Iterator[tuple[str, Json]]:
    """Each operation, under its name: `POST /v1/editions`."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


def resolve(document: Json, schema: Json) -> Json:
    """What the schema refers to, or itself."""
    if "$ref" not in schema:
        return schema
    found = document
    for step in schema["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return resolve(document, found)


def flaws(document: Json) -> list[str]:
    """What the document lacks, each as one line; empty if frontends can work with it."""
    return [
        *_unresolved(document),
        *_of_the_service(document),
        *_same_paths(document),
        *_of_operations(document),
        *_of_schemas(document),
        *_without_example(document),
    ]


def _unresolved(document: Json) -> Iterator[str]:
    for target in sorted({str(node["$ref"]) for node in nodes(document) if "$ref" in node}):
        found: Any = document
        for step in target.removeprefix("#/").split("/"):
            found = found.get(step) if isinstance(found, dict) else None
        if found is None:
            yield f"{target} leads nowhere"


def _of_the_service(document: Json) -> Iterator[str]:
    if not document["info"].get("description", "").partition("\n## ")[0].strip():
        yield "the service says not what it is for: give the Service a description"
    tags = [tag["name"] for tag in document.get("tags", ())]
    if tags[len(tags) - len(LAST) :] != [tag for tag in LAST if tag in tags]:
        yield f"{LAST} are not the last tags"
    for tag in document.get("tags", ()):
        if not tag["description"]:
            yield f"tag {tag['name']!r}: its api.py has no docstring"


def _same_paths(document: Json) -> Iterator[str]:
    seen: dict[str, str] = {}
    for path in document["paths"]:
        other = seen.setdefault(re.sub(r"\{[^}]*\}", "{}", path), path)
        if other != path:
            yield f"{path} and {other} are the same path"


def _of_operations(document: Json) -> Iterator[str]:
    ids = Counter(operation.get("operationId") for _, operation in operations(document))
    known = {tag["name"] for tag in document.get("tags", ())}
    for name, operation in operations(document):
        key = operation.get("operationId", "")
        if not _ID.fullmatch(key):
            yield f"{name}: operationId {key!r} is not camelCase"
        if ids[key] > 1:
            yield f"{name}: another operation is called {key}, too: rename its handler"
        if not operation.get("summary"):
            yield f"{name}: its handler has no docstring"
        elif len(operation["summary"]) > _LONGEST:
            yield f"{name}: the first sentence of its docstring is over {_LONGEST} characters"
        if "security" not in operation:
            yield f"{name}: it does not say who may call it"
        if len(operation.get("tags", ())) != 1 or not known.issuperset(operation["tags"]):
            yield f"{name}: it needs one tag, on its router"
        for parameter in operation.get("parameters", ()):
            if not parameter.get("description"):
                yield f"{name}: parameter {parameter['name']} has no description"


def _of_schemas(document: Json) -> Iterator[str]:
    for name, schema in document["components"]["schemas"].items():
        if not _NAME.fullmatch(name):
            yield f"schema {name}: two models share a name; rename one"
        for field, described in schema.get("properties", {}).items():
            if not described.get("description"):
                yield f"{name}.{field} has no description: write a docstring below the field"


def _without_example(document: Json) -> Iterator[str]:
    for name, media in bodies(document):
        found = example(document, media)
        if found is None:
            yield f"{name} has no example"
        elif gap := _gap(found):
            yield f"{name}: its example has no text at {gap}: give its model one"


def bodies(document: Json) -> Iterator[tuple[str, Json]]:
    """Every JSON body and every form or file that is sent to us, under a name."""
    for name, operation in operations(document):
        for kind, media in operation.get("requestBody", {}).get("content", {}).items():
            yield f"{name}: the {kind} body", media
        for status, answer in operation["responses"].items():
            media = answer.get("content", {}).get("application/json", {})
            if media.get("schema"):
                yield f"{name}: the answer {status}", media


def example(document: Json, media: Json) -> Any:
    """The body's example: its own, or that of the model that its schema names. None: no example."""
    if "example" in media:
        return media["example"]
    if "examples" in media:
        return next(iter(media["examples"].values()))["value"]
    for option in media["schema"].get("anyOf", [media["schema"]]):
        if found := resolve(document, option).get("examples"):
            return found[0]
    return None


def _gap(value: Any, at: str = "/") -> str | None:
    """Where a text is missing in a composed example."""
    if value == MISSING:
        return at
    if not isinstance(value, (dict, list)):
        return None
    for key, part in value.items() if isinstance(value, dict) else enumerate(value):
        if found := _gap(part, f"{at.rstrip('/')}/{key}"):
            return found
    return None
