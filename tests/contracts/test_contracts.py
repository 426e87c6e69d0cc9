"""The contracts between the services: their form, their golden files, who may hear what."""

import json
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from pydantic import BaseModel

from local.docs import load
from local.layout import SERVICES
from shared.contracts.base import CATALOG, Envelope, Event, PersonalData, read_wire
from shared.service import Service

GOLDEN = Path(__file__).parent / "golden"
EVENTS = sorted(CATALOG.values(), key=lambda event: event.type_name())


@pytest.fixture(scope="module")
def services() -> list[Service]:
    return [load(name) for name in SERVICES]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type_name())
def test_an_event_published_long_ago_is_still_read_the_same(event: type[Event]) -> None:
    """A golden file is what a version looked like on the wire; it is never edited, only added."""
    file = GOLDEN / f"{event.type_name()}.json"
    assert file.is_file(), f"write {file.name}: a new version needs a golden file"
    envelope, read = read_wire(file.read_bytes())
    assert type(read) is event
    again = json.loads(envelope.model_copy(update={"data": read}).to_wire())
    golden = json.loads(file.read_bytes())
    assert again | golden | {"data": again["data"]} == again
    assert again["data"] | golden["data"] == again["data"], "what was said then is said now"


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type_name())
def test_the_official_sdk_reads_our_bytes(event: type[Event]) -> None:
    body = (GOLDEN / f"{event.type_name()}.json").read_bytes()
    ours, _ = read_wire(body)
    theirs = JSONFormat().read(CloudEvent, ours.to_wire())
    assert theirs.get_type() == event.type_name()
    assert theirs.get_id() == str(ours.id)
    assert theirs.get_subject() == str(ours.subject)
    assert theirs.get_time() == ours.time
    assert theirs.get_extension("sequence") == ours.sequence
    assert theirs.get_extension("correlationid") == ours.correlationid
    assert theirs.get_extension("traceparent") == ours.traceparent
    assert theirs.get_data() == json.loads(body)["data"]


def test_no_golden_file_is_without_its_event() -> None:
    assert {file.stem for file in GOLDEN.glob("*.json")} == set(CATALOG)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type_name())
def test_a_reader_ignores_what_it_does_not_know(event: type[Event]) -> None:
    wire = json.loads((GOLDEN / f"{event.type_name()}.json").read_bytes())
    newer = wire | {"partitionkey": "7"} | {"data": wire["data"] | {"invented": [1, 2]}}
    assert read_wire(json.dumps(newer).encode())[1] == read_wire(json.dumps(wire).encode())[1]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type_name())
def test_personal_data_travels_in_registry_person_events_only(event: type[Event]) -> None:
    personal = {name for name, info in event.model_fields.items() if _is_personal(info)}
    if personal:
        assert event.type_name().startswith("registry.person."), personal


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type_name())
def test_no_field_looks_personal_without_being_marked(event: type[Event]) -> None:
    for name, info in event.model_fields.items():
        if name in {"email", "phone", "code"} or (name == "name" and info.annotation is not None):
            public = isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel)
            assert public or _is_personal(info), f"{event.__name__}.{name}"


def _is_personal(info: Any) -> bool:
    marks = [*info.metadata, *(m for arg in get_args(info.annotation) for m in get_args(arg))]
    return any(isinstance(mark, PersonalData) for mark in marks)


def test_only_notifications_hears_of_persons(services: list[Service]) -> None:
    for service in services:
        heard = {name for s in service.subscriptions for name in s.reactions}
        if service.name != "notifications":
            assert not any(name.startswith("registry.person.") for name in heard), service.name


def test_every_event_has_somebody_who_wants_it(services: list[Service]) -> None:
    """The relay holds an event that no queue takes, so one without a consumer would pile up."""
    wanted = {n for service in services for s in service.subscriptions for n in s.reactions}
    assert set(CATALOG) - wanted == set()


def test_a_queue_belongs_to_the_service_it_is_named_after(services: list[Service]) -> None:
    names = [s.queue for service in services for s in service.subscriptions]
    assert len(set(names)) == len(names)
    for service in services:
        assert all(s.queue.startswith(f"{service.name}.") for s in service.subscriptions)


def test_an_event_must_bear_a_well_formed_type_and_its_subject() -> None:
    with pytest.raises(TypeError, match="no event type"):
        type("Bad", (Event,), {"__annotations__": {"type": str}, "type": "registry.nothing"})
    with pytest.raises(TypeError, match="needs a field thing_id"):
        type("Bad", (Event,), {"__annotations__": {"type": str}, "type": "registry.thing.made.v1"})


def test_two_classes_cannot_share_a_type() -> None:
    taken = EVENTS[0].type_name()
    fields = {"type": str, f"{EVENTS[0].aggregate}_id": UUID}
    with pytest.raises(TypeError, match="is taken by"):
        type("Other", (Event,), {"__annotations__": fields, "type": taken})


def test_absent_extensions_are_left_out_of_the_bytes() -> None:
    body = (GOLDEN / f"{EVENTS[0].type_name()}.json").read_bytes()
    envelope, read = read_wire(body)
    bare = Envelope.of(
        read, id=envelope.id, time=envelope.time, sequence=1, correlationid="request"
    )
    assert {"causationid", "traceparent"}.isdisjoint(json.loads(bare.to_wire()))
