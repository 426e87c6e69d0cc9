"""Examples for the bodies of an OpenAPI document that has none of their own.

A model that says `examples` is shown with its first one. For the others an example is put together
from their fields: a nested model's example, a default, the example of a name that is known
everywhere (fields.py), null where that is allowed, or a plain value of the type. A text that nobody
gave an example for stands as `MISSING`, which `python -m local docs --check` refuses.
"""

from collections.abc import Iterator
from typing import Any

from shared.http.fields import FIELDS

Json = dict[str, Any]

MISSING = "…"
_BY_FORMAT = {
    "uuid": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
    "date-time": "2026-11-06T02:00:00Z",
    "date": "2026-11-06",
    "time": "09:00:00",
    "uri": "https://hanoi.example/le-hoi",
    "email": "lan@example.com",
}
_BY_TYPE = {"string": MISSING, "integer": 1, "number": 1.5, "boolean": True}
_TYPES = {
    bool: {"boolean"},
    int: {"integer", "number"},
    float: {"number"},
    str: {"string"},
    list: {"array"},
    dict: {"object"},
}


class _Endless(Exception):
    """A schema that contains itself: no example can be put together this way."""


def add_examples(document: Json) -> None:
    """Give every JSON body an example, where its model is described or, if it has none, here."""
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        for found in schema.get("examples", ()):
            _complete(found, schema, schemas)
    for media in _json_bodies(document):
        name = _model(media["schema"])
        if name is not None:
            schemas[name].setdefault("examples", [compose(schemas[name], schemas)])
        elif not {"example", "examples"} & media.keys():
            media["example"] = compose(media["schema"], schemas)


def _complete(value: Any, schema: Json, schemas: Json) -> None:
    """Give a model's own example what it has to have and does not.

    FastAPI leaves out all nulls of a document, in examples too; and what a model computes stands in
    no example of it.
    """
    if "$ref" in schema:
        _complete(value, schemas[schema["$ref"].rpartition("/")[2]], schemas)
    for option in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        _complete(value, option, schemas)
    if isinstance(value, list):
        for part in value:
            _complete(part, schema.get("items", {}), schemas)
    fields = schema.get("properties", {})
    if not isinstance(value, dict) or not _describes(fields, value):
        return
    for name in schema.get("required", ()):
        if name not in value:
            value[name] = None if _may_be_null(fields[name]) else compose(fields[name], schemas)
    for name in value:
        _complete(value[name], fields[name], schemas)


def _describes(fields: Json, value: Json) -> bool:
    """Whether an object with these fields is meant: it has no others, and its constants are so."""
    return fields.keys() >= value.keys() and all(
        value.get(name, field["const"]) == field["const"]
        for name, field in fields.items()
        if "const" in field
    )


def _may_be_null(schema: Json) -> bool:
    return {"type": "null"} in schema.get("anyOf", ()) or schema.get("type") == "null"


def _json_bodies(document: Json) -> Iterator[Json]:
    for item in document["paths"].values():
        for operation in item.values():
            for body in (operation.get("requestBody"), *operation["responses"].values()):
                media = (body or {}).get("content", {}).get("application/json")
                if media and media.get("schema"):
                    yield media


def _model(schema: Json) -> str | None:
    """The component that the schema is, or may be beside null."""
    given = [option for option in schema.get("anyOf", [schema]) if option.get("type") != "null"]
    if len(given) == 1 and "$ref" in given[0]:
        return str(given[0]["$ref"]).rpartition("/")[2]
    return None


def compose(schema: Json, schemas: Json, name: str = "", within: tuple[str, ...] = ()) -> Any:
    """A value that the schema allows, as far as one can be put together; `name` is its field's."""
    if "$ref" in schema:
        target = schema["$ref"].rpartition("/")[2]
        if target in within:
            raise _Endless
        return compose(schemas[target], schemas, name, (*within, target))
    if schema.get("examples"):
        return schema["examples"][0]
    if "const" in schema:
        return schema["const"]
    if schema.get("default"):
        return schema["default"]
    known = FIELDS.get(name)
    if known is not None and known.example is not None and _fits(known.example, schema):
        return known.example
    if "enum" in schema:
        return schema["enum"][0]
    for option in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        if option.get("type") == "null":
            return None  # the options before it gave no example
        try:
            found = compose(option, schemas, name, within)
        except _Endless:
            continue
        if found != MISSING:
            return found
    return _of_type(schema, schemas, name, within)


def _of_type(schema: Json, schemas: Json, name: str, within: tuple[str, ...]) -> Any:
    match schema.get("type"):
        case "object":
            return _object(schema, schemas, within)
        case "array" if "prefixItems" in schema:
            return [compose(part, schemas, "", within) for part in schema["prefixItems"]]
        case "array":
            return [compose(schema.get("items", {}), schemas, name, within)]
        case "integer" | "number" if "minimum" in schema:
            return max(schema["minimum"], 1)
        case kind:
            return _BY_FORMAT.get(schema.get("format", ""), _BY_TYPE.get(str(kind)))


def _object(schema: Json, schemas: Json, within: tuple[str, ...]) -> Json:
    if "properties" in schema:
        needed = schema.get("required", ())
        return {
            name: compose(field, schemas, name, within)
            for name, field in schema["properties"].items()
            if name in needed or not _may_be_null(field)
        }
    values = schema.get("additionalProperties")
    if not isinstance(values, dict):
        return {}
    key = compose(schema.get("propertyNames", {"const": "key"}), schemas, "", within)
    return {key: compose(values, schemas, "", within)}


def _fits(value: object, schema: Json) -> bool:
    options = schema.get("anyOf", [schema])
    return any(option.get("type") in _TYPES[type(value)] for option in options)
