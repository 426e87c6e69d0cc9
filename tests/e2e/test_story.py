"""The whole system: what `make up` starts and `make demo` plays, and one trace through it."""

import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from local.demo.story import run_demo
from local.layout import SERVICES, Layout
from local.people import Person, await_mail, wait_for
from local.sample.load import load_sample
from local.stack import Stack
from shared.testing.mongod import Mongod
from shared.testing.ports import free_ports, is_free
from shared.testing.rabbitmq import RabbitMq
from shared.testing.spans import Collector, collecting
from tests.helping.servers import Servers

pytestmark = pytest.mark.long

Up = tuple[Layout, Collector]


def free_block() -> int:
    """The first of a block of ports that nobody uses."""
    while True:
        base = free_ports(1)[0] // 100 * 100
        if all(map(is_free, range(base, base + 30))):
            return base


@pytest.fixture(scope="module")
def up(
    tmp_path_factory: pytest.TempPathFactory,
    mongod: Mongod,
    rabbitmq: RabbitMq,
    servers: Servers,
) -> Iterator[Up]:
    """Everything, started as `make up` does, on the run's own servers, with the sample."""
    with collecting() as collector, pytest.MonkeyPatch.context() as environment:
        environment.setenv("MONGODB_URL", mongod.url)
        environment.setenv("AMQP_URL", rabbitmq.url(servers.vhost()))
        environment.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        environment.setenv("OTEL_BSP_SCHEDULE_DELAY", "200")  # milliseconds
        layout = Layout(Path(tmp_path_factory.mktemp("stack")), free_block())
        stack = Stack(layout)
        try:
            stack.up(lambda _: None)
            load_sample(layout, lambda _: None)
            yield layout, collector
        finally:
            stack.down(lambda _: None)


def test_every_service_is_ready_and_shows_its_docs(up: Up) -> None:
    layout, _ = up
    for service in SERVICES:
        assert httpx.get(f"{layout.url(service)}/readyz").json()["ready"] is True
        assert httpx.get(f"{layout.url(service)}/docs").status_code == 200


def test_the_sample_is_loaded_and_loading_it_again_changes_nothing(up: Up) -> None:
    layout, _ = up
    anyone = Person(layout, "")

    def everything() -> list[object]:
        return [
            anyone.get("registry", "/v1/spaces")["items"],
            anyone.get("registry", "/v1/designers")["items"],
            anyone.get("events", "/v1/editions")["items"],
            anyone.get("programme", "/v1/initiatives"),
            anyone.get("programme", "/v1/agencies"),
        ]

    before = everything()
    assert [len(found) for found in before] == [10, 4, 3, 6, 12]
    load_sample(layout, lambda _: None)
    assert everything() == before


def test_the_demo_plays(up: Up) -> None:
    layout, _ = up
    seen = io.StringIO()
    run_demo(layout, Console(file=seen, width=200))
    played = seen.getvalue()
    for what in (
        "exactly 12 confirmed",
        "number 1 was promoted",
        "release 2: one session moved",
        "whoever holds another session, or gave up, has not",
        "gate 2's scans arrive late and out of order, and count as of when they happened",
        "paid once, and confirmed",
        "with the code on the paper the name is told",
    ):
        assert what in played


def test_one_trace_leads_from_the_request_to_the_mail(up: Up) -> None:
    layout, collector = up
    person = Person(layout, "theodoi@hanoi.example").sign_in()
    person.put("registry", "/v1/me", {"name": "Đặng Thuỳ Trâm", "phone": None, "language": "vi"})
    edition = person.get("events", "/v1/editions/mua-toi")
    session = person.get("events", "/v1/sessions", edition_id=edition["id"])["items"][-1]
    registered = person.post("events", f"/v1/sessions/{session['id']}/registrations")
    assert registered["status"] == "confirmed"
    trace_id = str(await_mail(layout, person.email, "vé của bạn")["X-Trace-ID"])
    wanted = {
        ("events", "POST /v1/sessions/{session_id}/registrations"),
        ("events", "publish events.registration.confirmed.v1"),
        ("notifications", "notifications.messages events.registration.confirmed.v1"),
        ("notifications", "send email ticket"),
        ("programme", "programme.indicators events.registration.confirmed.v1"),
    }

    def all_there() -> bool:
        return wanted <= {(s.service, s.name) for s in collector.of_trace(trace_id)}

    wait_for(all_there, f"the spans {wanted}, seen {collector.of_trace(trace_id)}")
    spans = collector.of_trace(trace_id)
    known = {span.span_id for span in spans}
    roots = [span.name for span in spans if span.parent_id not in known]
    assert roots == ["POST /v1/sessions/{session_id}/registrations"], "one story, one beginning"


def test_no_log_line_holds_personal_data(up: Up) -> None:
    layout, _ = up
    for log in layout.logs.glob("*.log"):
        text = log.read_text()
        for secret in (
            "@hanoi.example",
            "+8491",
            "Đặng Thuỳ",
            "Minh Đức",
            "Quỳnh Như",
            "Hoàng Thị Yến",
        ):
            assert secret not in text, f"{secret} in {log.name}"
