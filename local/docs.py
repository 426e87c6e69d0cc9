"""Generated documents: each service's OpenAPI, and the AsyncAPI of the events between them.

They are committed, so that a change of an interface is seen in review. `make check` fails if they
differ from the code or lack something that frontends need (local/contract.py), and reports what
breaks clients of the last commit's documents (local/breaking.py).
"""

import importlib
import json
import subprocess
from pathlib import Path
from typing import Any

import yaml
from pydantic.json_schema import models_json_schema

from local.breaking import breaks
from local.contract import flaws
from local.layout import ROOT, SERVICES, Layout
from shared.contracts.base import CATALOG, Envelope, Event
from shared.http.app import create_app
from shared.service import Platform, Service

DOCS = ROOT / "docs"


def load(service: str) -> Service:
    """The service as it is put together, connected to nothing."""
    app = importlib.import_module(f"services.{service}.app")
    settings = importlib.import_module(f"services.{service}.settings")
    environment = Layout(ROOT / ".local", 8700).environment(service)
    values = {key.lower(): value for key, value in environment.items()}
    for key in ("issuers", "cors_origins"):
        values.pop(key, None)
    return app.build(Platform.connect(settings.Settings(**values)))  # type: ignore[no-any-return]


def documents() -> dict[Path, str]:
    """Every generated document, by its path."""
    importlib.import_module("shared.contracts.catalog")
    services = [load(name) for name in SERVICES]
    made = {_path(service.name): _json(openapi(service)) for service in services}
    made[DOCS / "asyncapi.yaml"] = yaml.safe_dump(
        asyncapi(services), sort_keys=False, allow_unicode=True, width=100
    )
    return made


def openapi(service: Service) -> dict[str, Any]:
    """The service's OpenAPI document, with the addresses where it can be tried out."""
    document = create_app(service).openapi()
    here = Layout(ROOT / ".local", 8700)
    servers = [
        {"url": f"http://127.0.0.1:{here.port(service.name)}", "description": "After `make up`."},
        {
            "url": f"http://127.0.0.1:8080/{service.name}",
            "description": "After `docker compose up`.",
        },
    ]
    return document | {"servers": servers}


def write(made: dict[Path, str]) -> list[Path]:
    """Write them; the paths of those that changed."""
    changed = stale(made)
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made[path])
    return changed


def stale(made: dict[Path, str]) -> list[Path]:
    """Those that differ from what the code says."""
    return [path for path, text in made.items() if not path.is_file() or path.read_text() != text]


def lacking(made: dict[Path, str]) -> list[str]:
    """What frontends need and the OpenAPI documents do not have, each as one line."""
    return [
        f"{path.stem}: {flaw}"
        for path, text in made.items()
        if path.suffix == ".json"
        for flaw in flaws(json.loads(text))
    ]


def broken(made: dict[Path, str], commit: str) -> list[str]:
    """What breaks clients that were written against the OpenAPI documents of that commit.

    A service that the commit has no document of breaks nothing. Raises `UnknownCommit`.
    """
    if not _git("rev-parse", "--verify", f"{commit}^{{commit}}"):
        raise UnknownCommit(commit)
    found = []
    for path, text in made.items():
        before = (
            _git("show", f"{commit}:{path.relative_to(ROOT)}") if path.suffix == ".json" else ""
        )
        if before:
            lines = breaks(json.loads(before), json.loads(text))
            found += [f"{path.stem}: {line}" for line in lines]
    return found


class UnknownCommit(Exception):
    """There is no such commit here, or no git."""


def _git(*arguments: str) -> str:
    """What git says; empty if it cannot."""
    try:
        asked = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    except FileNotFoundError:
        return ""
    return asked.stdout if asked.returncode == 0 else ""


def _path(service: str) -> Path:
    return DOCS / "openapi" / f"{service}.json"


def asyncapi(services: list[Service]) -> dict[str, Any]:
    """AsyncAPI 3.0: a channel per event type; who sends it and who receives it, on which queue."""
    events = sorted(CATALOG.values(), key=lambda event: event.type_name())
    _, schemas = models_json_schema(
        [(event, "serialization") for event in events], ref_template="#/components/schemas/{model}"
    )
    operations: dict[str, Any] = {}
    for event in events:
        name = event.type_name()
        operations[f"{event.producer}.sends.{name}"] = _operation("send", name, event.producer)
    for service in services:
        for subscription in service.subscriptions:
            for name in subscription.reactions:
                operations[f"{subscription.queue}.receives.{name}"] = _operation(
                    "receive", name, service.name
                ) | {
                    "bindings": {"amqp": {"ack": True}},
                    "description": f"Queue `{subscription.queue}`.",
                }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Events between the services",
            "version": "1",
            "description": "CloudEvents 1.0 (structured JSON) on the RabbitMQ topic exchange "
            "`events`; the routing key is the event's type.",
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {event.type_name(): _channel(event) for event in events},
        "operations": operations,
        "components": {
            "messages": {event.type_name(): _message(event) for event in events},
            "schemas": schemas["$defs"]
            | {"Envelope": Envelope.model_json_schema(mode="serialization")},
        },
    }


def _channel(event: type[Event]) -> dict[str, Any]:
    name = event.type_name()
    return {
        "address": name,
        "messages": {event.__name__: {"$ref": f"#/components/messages/{name}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": {"name": "events", "type": "topic"}}},
    }


def _operation(action: str, name: str, service: str) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{name}"},
        "tags": [{"name": service}],
    }


def _message(event: type[Event]) -> dict[str, Any]:
    data = {"$ref": f"#/components/schemas/{event.__name__}"}
    return {
        "name": event.type_name(),
        "summary": (event.__doc__ or "").strip().splitlines()[0],
        "contentType": "application/cloudevents+json",
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/Envelope"},
                {"type": "object", "properties": {"data": data}},
            ]
        },
    }


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
