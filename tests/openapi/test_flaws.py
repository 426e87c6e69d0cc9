"""The OpenAPI documents hold what frontends need; each thing that may be missing is noticed."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI

from local.contract import flaws
from shared.http.examples import MISSING

Json = dict[str, Any]
OPERATION = "/v1/spaces"


def test_nothing_is_missing(app: FastAPI) -> None:
    assert flaws(app.openapi()) == []


def of(document: Json, method: str = "get") -> Json:
    found: Json = document["paths"][OPERATION][method]
    return found


def space(document: Json) -> Json:
    found: Json = document["components"]["schemas"]["SpaceFacts"]
    return found


PLANTED: dict[str, Callable[[Json], object]] = {
    "#/components/schemas/Problem leads nowhere": lambda d: d["components"]["schemas"].pop(
        "Problem"
    ),
    "says not what it is for": lambda d: d["info"].update(description="\n## Signing in\n"),
    "are not the last tags": lambda d: d["tags"].reverse(),
    "its api.py has no docstring": lambda d: d["tags"][0].update(description=""),
    "are the same path": lambda d: d["paths"].update({"/v1/spaces/{slug}": {}}),
    "is not camelCase": lambda d: of(d).update(operationId="search_spaces"),
    "another operation is called": lambda d: of(d).update(operationId="readSpace"),
    "its handler has no docstring": lambda d: of(d).update(summary=""),
    "docstring is over": lambda d: of(d).update(summary="x" * 121),
    "does not say who may call it": lambda d: of(d).pop("security"),
    "needs one tag": lambda d: of(d).update(tags=["none"]),
    "parameter q has no description": lambda d: of(d)["parameters"][0].pop("description"),
    "two models share a name": lambda d: d["components"]["schemas"].update(
        services__registry__spaces__Status={}
    ),
    "SpaceFacts.ward has no description": lambda d: space(d)["properties"]["ward"].pop(
        "description"
    ),
    "body has no example": lambda d: space(d).pop("examples"),
    "has no text at /ward": lambda d: space(d)["examples"][0].update(ward=MISSING),
}


@pytest.mark.parametrize("flaw", PLANTED)
def test_what_is_missing_is_noticed(apps: dict[str, FastAPI], flaw: str) -> None:
    document = copy.deepcopy(apps["registry"].openapi())
    PLANTED[flaw](document)
    assert flaw in "\n".join(flaws(document))


def test_shared_answers_are_said_once(apps: dict[str, FastAPI]) -> None:
    """Only an answer that a browser gets as a page, too, is written out where it is given."""
    document = apps["events"].openapi()
    answers = [
        answer
        for item in document["paths"].values()
        for operation in item.values()
        for status, answer in operation["responses"].items()
        if status[0] in "45"
    ]
    alone = [answer for answer in answers if "$ref" not in answer]
    assert len(answers) > 1000
    assert all("text/html" in answer["content"] or "Readiness" in str(answer) for answer in alone)
    assert len(json.dumps(answers)) < 150 * len(answers)
