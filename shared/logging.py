"""Logs: an event name and keys. JSON lines in production, readable in development.

Names look like `registration.confirmed`. Log ids, never personal data. The processor
`without_personal_data` only catches what a caller has overlooked.
"""

import logging
import sys
from typing import Any, Literal

import structlog
from structlog.typing import EventDict, WrappedLogger

from shared.telemetry import current_trace_id

PERSONAL = frozenset(
    {"email", "phone", "name", "address", "code", "token", "authorization", "body"}
)
"""Keys whose values are never written."""


def without_personal_data(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    for key in PERSONAL & event.keys():
        event[key] = "(left out)"
    return event


def with_trace(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    trace_id = current_trace_id()
    if trace_id is not None:
        event.setdefault("trace_id", trace_id)
    return event


def configure(service: str, form: Literal["json", "text"], level: str) -> None:
    """Set up logging for this process, and for its libraries from WARNING up."""

    def with_service(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event["service"] = service
        return event

    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        with_service,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        with_trace,
        without_personal_data,
    ]
    render = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, render],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
