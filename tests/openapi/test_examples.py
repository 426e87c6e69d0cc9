"""Every example of a body is one that the service takes, or could answer with."""

from typing import Any

from fastapi import FastAPI
from pydantic import TypeAdapter, ValidationError

from local.contract import bodies, example, resolve
from shared.http.openapi import routes

JSON = "application/json"


def wrong(model: Any, found: Any) -> str:
    try:
        TypeAdapter(model).validate_json(TypeAdapter(Any).dump_json(found))
    except ValidationError as error:
        return str(error)
    return ""


def test_examples_are_valid(app: FastAPI) -> None:
    document = app.openapi()
    media = dict(bodies(document))
    checked = 0
    found = {}
    for route in routes(app):
        if not route.include_in_schema:
            continue
        for method in route.methods or ():
            name = f"{method} {route.path_format}"
            body = route.original_route.body_field
            if f"{name}: the {JSON} body" in media:
                model = body.field_info.annotation
                at = f"{name}: the {JSON} body"
                found[at] = wrong(model, example(document, media[at]))
                checked += 1
            at = f"{name}: the answer {route.original_route.status_code or 200}"
            if at in media:
                found[at] = wrong(route.original_route.response_model, example(document, media[at]))
                checked += 1
    assert checked > 5
    assert {at: said for at, said in found.items() if said} == {}


def test_a_wrong_example_is_noticed(app: FastAPI) -> None:
    """The control."""
    assert wrong(int, "one")
    assert resolve({"a": {"b": {"x": 1}}}, {"$ref": "#/a/b"}) == {"x": 1}
