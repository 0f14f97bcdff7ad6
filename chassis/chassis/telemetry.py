"""Logs, metrics and the thread of a story (correlation, cause, trace) through requests and events."""

import logging
import re
import secrets
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from prometheus_client import Counter, Gauge, Histogram

from chassis.tracing import Span, SpanKind, spanning, traceparent_of

HTTP_SECONDS = Histogram("ekis_http_seconds", "Time to answer", ["method", "route", "status"])
EVENTS_OUT = Counter("ekis_events_published_total", "Events acknowledged by the broker")
EVENTS_IN = Counter("ekis_events_handled_total", "Events taken in", ["topic", "outcome"])
REACTION_SECONDS = Histogram("ekis_reaction_seconds", "Time for a reaction and its commit", ["topic"])
DEAD_LETTERS = Counter("ekis_dead_letters_total", "Events put aside", ["topic", "reason"])
DEAD_LETTERS_HELD = Gauge("ekis_dead_letters_held", "Events put aside that wait for a person")
OUTBOX_AGE = Gauge("ekis_outbox_oldest_seconds", "Age of the oldest unsent event")
LAG = Gauge("ekis_consumer_lag", "Events not yet taken in", ["group"])
CUT_OFF_SECONDS = Histogram("ekis_cut_off_seconds", "From the end of a session until this service's database knows it")
REVOCATIONS_READ = Gauge("ekis_revocations_read_timestamp_seconds", "When this process last read whom to refuse")
DATABASE_BYTES = Gauge("ekis_database_bytes", "Size of the service's database")
LOOP_ERRORS = Counter("ekis_loop_errors_total", "Failed rounds of background work", ["loop"])

ADDRESS = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+")
PRIVATE = re.compile(
    "address|authorization|body|contact|cookie|email|first_name|last_name|login|name|one_time_password|password|"
    "patronymic|phone|text|token|tracking_code"
)


@dataclass(frozen=True, slots=True)
class Thread:
    """What the current work belongs to."""

    correlation: str
    causation: str | None = None
    traceparent: str | None = None


_thread: ContextVar[Thread | None] = ContextVar("thread", default=None)


def thread() -> Thread:
    """The current thread of the story; a new one when nothing has begun it."""
    return _thread.get() or Thread(correlation=secrets.token_hex(16))


@contextmanager
def following(
    correlation: str, causation: str | None, above: str | None, kind: SpanKind, name: str, *rest: Any
) -> Iterator[Span]:
    """Do the work inside as a part of this story, in a span of its own below the traceparent `above`: see
    `tracing.begin`."""
    with spanning(kind, name, above, *rest) as span:
        token = _thread.set(Thread(correlation, causation, traceparent_of(span, above)))
        try:
            yield span
        finally:
            _thread.reset(token)


def _redact_and_place(_: Any, __: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in fields.items():
        if isinstance(value, str):
            fields[key] = "[redacted]" if PRIVATE.fullmatch(key) else ADDRESS.sub("[address]", value)
    if current := _thread.get():
        fields["correlation"], fields["trace"] = current.correlation, (current.traceparent or "")[3:35]
    return fields


class _FromLibraries(logging.Handler):
    """Library records without arguments or tracebacks, which may quote what people sent."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger(record.name).log(record.levelno, "library", message=record.getMessage()[:300])


def configure_logs(service: str, level: str) -> None:
    """JSON lines on stdout: a static event name and fields, with personal data redacted."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _redact_and_place,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
    )
    structlog.contextvars.bind_contextvars(service=service)
    logging.basicConfig(handlers=[_FromLibraries()], level=logging.WARNING, force=True)


def failure(error: BaseException) -> str:
    """Where and what an error was, without its text: that may quote personal data."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
