"""A service's OpenAPI document: what FastAPI makes of the code, in the form that frontends read.

It is made of names, types and docstrings:

- operationId: the handler's name in camelCase, so a handler's name is its own in the service
- summary and description: the first sentence of the handler's docstring, and the rest
- a group of routes (tag): the docstring of the module that the routes stand in
- a property: the docstring under the field; a name that is known everywhere (fields.py) needs none
- a body's example: `examples` of its model; where there are none, put together (examples.py)

`python -m local docs --check` refuses a document that lacks one of these (local/contract.py).
"""

import inspect
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from shared.errors import Forbidden, InvalidInput, PreconditionFailed, Unauthenticated
from shared.http import problems
from shared.http.access import Access, Anyone, OptionalSignIn, access_rules
from shared.http.examples import add_examples
from shared.http.fields import FIELDS
from shared.http.idempotency import KeyReused
from shared.http.openapi_problems import problem_responses, problem_schemas, refer
from shared.http.paging import BadCursor

Json = dict[str, Any]

LAST = ("audit", "operations")  # groups that stand at the end of /docs
LICENSE = {"name": "Apache License 2.0", "identifier": "Apache-2.0"}
COMMON = """
## Signing in

A person signs in at the registry service. `POST /v1/sign-in/challenges` sends a one-time code to an
e-mail address. `POST /v1/sign-in/tokens` takes the code and answers with an access token and a
refresh token. Send the access token with each request to any of the services:
`Authorization: Bearer <access token>`. It is good for some minutes (`expires_in`);
`POST /v1/sign-in/refresh` gives a new one. Routes without a lock need no token.

## What all routes have in common

- Errors are `application/problem+json` (RFC 9457). Programs decide by `code`, which never changes;
  `title` is for people, in the language of `Accept-Language` (`vi` or `en`).
- `Idempotency-Key` makes it safe to send a command again: it is carried out once, and the same
  answer comes again.
- `ETag` and `If-Match`: who changes something names the version that they have read. The answer is
  412 if it has changed since.
- Lists come in pages. Pass `next` as `cursor` to get the page after this one.
- Moments are RFC 3339 in UTC. Days are days in Hanoi (UTC+7). Money is whole đồng.
"""


def routes(app: FastAPI) -> Iterator[RouteContext]:
    """Every route that runs a handler of ours, those of included routers too."""
    for found in iter_route_contexts(app.routes):
        if isinstance(found.original_route, APIRoute):
            yield found


def install(app: FastAPI, description: str) -> None:
    """Have the app describe itself; `description` says what the service is for."""
    plain = app.openapi

    def described() -> Json:
        if app.openapi_schema is not None:
            return app.openapi_schema
        document = plain()
        _complete(document, [r for r in routes(app) if r.include_in_schema], description)
        app.openapi_schema = document
        return document

    app.openapi = described  # type: ignore[method-assign]


def _complete(document: Json, described: Sequence[RouteContext], description: str) -> None:
    document["info"] |= {"description": description + COMMON, "license": LICENSE}
    parts = document.setdefault("components", {})
    parts["securitySchemes"] = {
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The access token that `POST /v1/sign-in/tokens` of the registry gives.",
        }
    }
    schemas = parts.setdefault("schemas", {})
    schemas.pop("HTTPValidationError", None)  # FastAPI's own; we answer with Problem
    schemas.pop("ValidationError", None)
    schemas |= problem_schemas()
    parts["responses"] = problem_responses()
    for route in described:
        for method in route.methods or ():
            _describe(document["paths"][route.path_format][method.lower()], route)
    document["tags"] = _tags(described)
    _name_schemas(document)
    _describe_fields(document)
    add_examples(document)
    used = {node["$ref"].rpartition("/")[2] for node in nodes(document) if "$ref" in node}
    parts["responses"] = {name: one for name, one in parts["responses"].items() if name in used}


def _describe(operation: Json, route: RouteContext) -> None:
    rules = access_rules(route.dependant)
    handler: Any = route.endpoint
    text = inspect.cleandoc(handler.__doc__ or "")
    operation["operationId"] = _camel(handler.__name__)
    operation["summary"], rest = _first_sentence(text)
    roles = sorted({str(role) for r in rules if isinstance(r, Access) for role in r.roles})
    if roles:
        operation["x-roles"] = roles
        needed = "the role" if len(roles) == 1 else "one of the roles"
        rest = f"{rest}\n\nNeeds {needed} {', '.join(f'`{role}`' for role in roles)}.".strip()
    operation["description"] = rest
    if not rest:
        del operation["description"]
    operation["security"] = _security(rules)
    _add_common_problems(operation, rules)
    operation["responses"] = {
        status: refer(status, answer) for status, answer in sorted(operation["responses"].items())
    }


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


def _first_sentence(text: str) -> tuple[str, str]:
    """The first sentence without its full stop, and what follows it."""
    found = re.match(r"(.+?)(?:[.](?=\s|$)|\n\n|$)", text, re.DOTALL)
    if found is None:
        return "", ""
    return " ".join(found[1].split()), text[found.end() :].strip()


def _security(rules: Sequence[Access | Anyone]) -> list[Json]:
    if any(isinstance(rule, Access) for rule in rules):
        return [{"bearer": []}]
    return [{}, {"bearer": []}] if any(isinstance(rule, OptionalSignIn) for rule in rules) else []


def _add_common_problems(operation: Json, rules: Sequence[object]) -> None:
    """The errors that come before every handler: who asks, and what cannot be read."""
    names = {parameter["name"] for parameter in operation.get("parameters", ())}
    body = "requestBody" in operation
    common = {
        Unauthenticated: any(isinstance(rule, (Access, OptionalSignIn)) for rule in rules),
        Forbidden: any(isinstance(rule, Access) and rule.roles for rule in rules),
        BadCursor: "cursor" in names,
        problems.Malformed: body,
        problems.BodyTooLarge: body,
        InvalidInput: body or bool(names),
        KeyReused: "Idempotency-Key" in names,
        PreconditionFailed: "If-Match" in names,
    }
    responses = operation["responses"]
    if "HTTPValidationError" in str(responses.get("422")):
        del responses["422"]
    for status, said in problems.problems(*(e for e, may in common.items() if may)).items():
        known = responses.setdefault(str(status), said)
        known["x-codes"] = list(dict.fromkeys([*known["x-codes"], *said["x-codes"]]))


def _tags(described: Iterable[RouteContext]) -> list[Json]:
    """The groups of routes by name, with what the module of each says of itself."""
    texts: dict[str, str] = {}
    for route in described:
        module = inspect.getmodule(route.endpoint)
        for tag in route.tags or ():
            texts.setdefault(str(tag), inspect.cleandoc((module and module.__doc__) or ""))
    names = sorted(texts.keys() - set(LAST)) + [name for name in LAST if name in texts]
    return [{"name": name, "description": texts[name]} for name in names]


def _name_schemas(document: Json) -> None:
    """`SessionViewPage` for `Page_SessionView_`; one name where requests and answers are alike."""
    schemas = document["components"]["schemas"]
    names = {}
    for name, schema in schemas.items():
        plain, _, way = name.rpartition("-")
        if found := re.fullmatch(r"Page_(\w+)_", name):
            names[name] = f"{found[1]}Page"
        elif way == "Output":
            names[name] = plain
        elif way == "Input":
            other = schemas.get(f"{plain}-Output", schema)
            names[name] = plain if _wayless(schema) == _wayless(other) else f"{plain}Input"
    document["components"]["schemas"] = {names.get(n, n): s for n, s in sorted(schemas.items())}
    for node in nodes(document):
        target = node.get("$ref")
        if isinstance(target, str) and (name := target.rpartition("/")[2]) in names:
            node["$ref"] = f"#/components/schemas/{names[name]}"
        if "discriminator" in node and "true" in node["discriminator"].get("mapping", ()):
            del node["discriminator"]  # names are texts: generators would take true for "true"
        # A title only repeats the name in another spelling.
        if isinstance(node.get("title"), str) and node is not document["info"]:
            del node["title"]


def _wayless(schema: Any) -> str:
    return re.sub(r"-(Input|Output)\b", "", str(schema))


def _describe_fields(document: Json) -> None:
    """Give each property and parameter that says nothing of itself what its name always means."""
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        for name, field in schema.get("properties", {}).items():
            target = schemas.get(field.get("$ref", "").rpartition("/")[2], {})
            known = FIELDS.get(name)
            text = known.description if known else target.get("description")
            if "description" not in field and text:
                field["description"] = text
    for item in document["paths"].values():
        for operation in item.values():
            for parameter in operation.get("parameters", ()):
                # FastAPI says it twice, here and in the schema.
                text = parameter["schema"].pop("description", None)
                known = FIELDS.get(parameter["name"])
                if "description" not in parameter and (text or known):
                    parameter["description"] = text or (known.description if known else "")


def nodes(value: Any) -> Iterator[Json]:
    """Every object in an OpenAPI document, outermost first; not what stands in examples."""
    if isinstance(value, dict):
        yield value
        for name, part in value.items():
            if name not in ("example", "default") and not (
                name == "examples" and isinstance(part, list)
            ):
                yield from nodes(part)
    elif isinstance(value, list):
        for part in value:
            yield from nodes(part)
