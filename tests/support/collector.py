"""An OpenTelemetry collector inside the test: it takes spans over real HTTP, or hangs when told to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Self

import uvicorn
from chassis.tracing import export_spans
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

KINDS = {1: "INTERNAL", 2: "SERVER", 3: "CLIENT", 4: "PRODUCER", 5: "CONSUMER"}


@dataclass(frozen=True)
class Span:
    """One span with what its process says of itself; ids as in a traceparent."""

    service: str
    name: str
    kind: str
    trace: str
    span: str
    parent: str
    links: tuple[str, ...]
    failed: bool
    said: dict[str, Any]
    process: dict[str, Any]
    events: int


@dataclass
class Collector:
    """Keeps what it was sent, also as the bytes that came."""

    bodies: list[bytes] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    port: int = 0

    def __post_init__(self) -> None:
        self._goes_on = asyncio.Event()
        self._goes_on.set()

    @property
    def url(self) -> str:
        """What EKIS_TRACES says."""
        return f"http://127.0.0.1:{self.port}/v1/traces"

    def hang(self) -> None:
        """Take what comes and never answer, until `go_on`."""
        self._goes_on.clear()

    def go_on(self) -> None:
        """Answer again."""
        self._goes_on.set()

    def of(self, trace: str) -> dict[str, Span]:
        """The spans of one trace by their ids."""
        return {one.span: one for one in self.spans if one.trace == trace}

    async def _take(self, request: Request) -> Response:
        body = await request.body()
        await self._goes_on.wait()
        self.bodies.append(body)
        self.spans += read_spans(body)
        return Response(status_code=200)

    async def __aenter__(self) -> Self:
        app = Starlette(routes=[Route("/v1/traces", self._take, methods=["POST"])])
        config = uvicorn.Config(app, "127.0.0.1", 0, log_config=None, lifespan="off", access_log=False)
        config.timeout_graceful_shutdown = 1
        self._server, self._socket = uvicorn.Server(config), config.bind_socket()
        self.port = self._socket.getsockname()[1]
        self._task = asyncio.create_task(self._server.serve([self._socket]))
        return self

    async def __aexit__(self, *_: object) -> None:
        self.go_on()
        self._server.should_exit = True
        with suppress(asyncio.CancelledError):
            await self._task
        self._socket.close()


@asynccontextmanager
async def exporting(collector: Collector, service: str) -> AsyncIterator[None]:
    """This process is the service and sends its spans; at the end they have come, while the loop goes on."""
    export = export_spans(collector.url, service, "here")
    export.__enter__()
    try:
        yield
    finally:
        await asyncio.to_thread(export.__exit__, None, None, None)


def read_spans(body: bytes) -> list[Span]:
    """What an export holds (OTLP, protobuf)."""
    found = []
    for group in ExportTraceServiceRequest.FromString(body).resource_spans:
        process = _values(group.resource.attributes)
        found += [_span(one, process) for scope in group.scope_spans for one in scope.spans]
    return found


def _span(one: Any, process: dict[str, Any]) -> Span:
    return Span(
        service=process["service.name"],
        name=one.name,
        kind=KINDS[one.kind],
        trace=one.trace_id.hex(),
        span=one.span_id.hex(),
        parent=one.parent_span_id.hex(),
        links=tuple(link.span_id.hex() for link in one.links),
        failed=one.status.code == one.status.STATUS_CODE_ERROR,
        said=_values(one.attributes),
        process=process,
        events=len(one.events),
    )


def _values(pairs: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in pairs}
