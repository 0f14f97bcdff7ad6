"""Spans for an OpenTelemetry collector (OTLP/HTTP), made by hand where work comes in and where it is handed on.

Names and attributes are those of OpenTelemetry's semantic conventions, with one omission: of an address only the
template is told, never the path or the query, and of an error its code or type, never its text. The provider is our
own, not the global one, so that no library adds spans of its own: what those tell of requests is personal.
"""

import asyncio
import re
import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any
from uuid import UUID

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import INVALID_SPAN, Link, StatusCode, Tracer, get_current_span
from opentelemetry.trace import Span as Span  # noqa: PLC0414 - for those that begin one
from opentelemetry.trace import SpanKind as SpanKind  # noqa: PLC0414
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from chassis.errors import AppError

FAREWELL = 2.0  # seconds that the last spans may take when the process ends
TRACEPARENT = re.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")  # W3C Trace Context, version 00
_tracer: Tracer | None = None


@contextmanager
def export_spans(endpoint: str, service: str, instance: str) -> Iterator[None]:
    """Send spans to the collector from a thread of its own while this is open; no endpoint, no spans. What it does not
    take in time is dropped: 2,048 spans wait at most. The SDK's own variables (OTEL_TRACES_SAMPLER ...) count too."""
    global _tracer  # noqa: PLW0603 - one a process, like its metrics
    if not endpoint:
        yield
        return
    who = {"service.name": service, "service.namespace": "ekis", "service.instance.id": instance}
    who["service.version"] = version(f"ekis-{service}-svc")
    provider = TracerProvider(resource=Resource.create(who), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint)))
    _tracer = provider.get_tracer("chassis")
    try:
        yield
    finally:
        _tracer = None
        leaving = threading.Thread(target=provider.shutdown, daemon=True)  # a collector that hangs may take 30 s
        leaving.start()
        leaving.join(FAREWELL)


def exporting() -> bool:
    """Whether anybody gets the spans of this process."""
    return _tracer is not None


def begin(
    kind: SpanKind, name: str, parent: str | None, said: Mapping[str, Any], others: Sequence[str | None] = ()
) -> Span:
    """A span below that of the traceparent `parent`, linked to `others`, to be ended by `end`. Without a collector, or
    without a name, it is none and does nothing."""
    if _tracer is None or not name:
        return INVALID_SPAN
    links = [Link(get_current_span(_above(one)).get_span_context()) for one in others if one]
    return _tracer.start_span(name, _above(parent), kind, said, links)


def end(span: Span, done: "asyncio.Future[Any]") -> None:
    """What the span stands for is done, or has failed."""
    if done.cancelled() or done.exception():
        fail(span, "cancelled" if done.cancelled() else type(done.exception()).__name__)
    span.end()


@contextmanager
def spanning(*which: Any) -> Iterator[Span]:
    """A span around the work inside: see `begin`."""
    span = begin(*which)
    try:
        yield span
    except BaseException as error:
        fail(span, error.code if isinstance(error, AppError) else type(error).__name__)
        raise
    finally:
        span.end()


def fail(span: Span, reason: str) -> None:
    """It went wrong: told by a code or the name of a type, never by a text."""
    span.set_status(StatusCode.ERROR)
    span.set_attribute("error.type", reason)


def messaging(doing: str, name: str, topic: str, event_id: UUID) -> dict[str, Any]:
    """What is told of an event at the broker; its key is not."""
    where = {"messaging.system": "kafka", "messaging.destination.name": topic, "messaging.message.id": str(event_id)}
    return where | {"messaging.operation.type": doing, "messaging.operation.name": name}


def traceparent_of(span: Span, above: str | None = None) -> str:
    """The span as others carry it on. Of none `above` goes on as it is, so that no trace has a gap; or a new trace
    begins, for the logs."""
    if (of := span.get_span_context()).is_valid:
        return f"00-{of.trace_id:032x}-{of.span_id:016x}-{of.trace_flags:02x}"
    return above if above and TRACEPARENT.fullmatch(above) else f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def _above(traceparent: str | None) -> Context:
    return TraceContextTextMapPropagator().extract({"traceparent": traceparent or ""}, Context())
