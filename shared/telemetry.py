"""Traces: one trace from the HTTP request through the outbox and RabbitMQ to the last effect.

There are always spans, so that every event and log line has a trace id. They are sent only if
`OTEL_EXPORTER_OTLP_ENDPOINT` names a collector.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import Span, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_propagator = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("creative-city")


def configure(service: str, endpoint: str | None, sample: float) -> TracerProvider:
    """Set up spans for this process. A share `sample` (0 to 1) of the traces is sent.

    `endpoint` is the base URL of a collector (OTLP over HTTP). Without one, nothing is sent.
    """
    provider = TracerProvider(
        resource=Resource.create({"service.name": service}),
        sampler=ParentBased(TraceIdRatioBased(sample if endpoint else 0.0)),
    )
    if endpoint:
        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
        provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return provider


def current_traceparent() -> str | None:
    """The present span as a W3C `traceparent`, or None outside any span."""
    found = trace.get_current_span().get_span_context()
    if not found.is_valid:
        return None
    return f"00-{found.trace_id:032x}-{found.span_id:016x}-{found.trace_flags:02x}"


def current_trace_id() -> str | None:
    """The present trace id, 32 hexadecimal digits."""
    found = trace.get_current_span().get_span_context()
    return f"{found.trace_id:032x}" if found.is_valid else None


def is_sampled(traceparent: str | None) -> bool:
    """True if that trace is sent (the last bit of its flags, W3C Trace Context 3.2.2.5)."""
    return traceparent is not None and int(traceparent[-2:], 16) & 1 == 1


def _remote(traceparent: str | None) -> Context | None:
    return _propagator.extract({"traceparent": traceparent}) if traceparent else None


@contextmanager
def span(
    name: str, *, parent: str | None = None, kind: SpanKind = SpanKind.INTERNAL, **attributes: str
) -> Iterator[Span]:
    """A span around some work. `parent` is a traceparent that came from another process."""
    with _tracer.start_as_current_span(
        name, context=_remote(parent), kind=kind, attributes=attributes
    ) as opened:
        yield opened
