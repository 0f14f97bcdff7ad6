"""The HTTP edge of every service: one app factory, one transaction a request, problems, probes, metrics."""

import asyncio
import hmac
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException
from fastapi_offline import FastAPIOffline
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis import operations, problems
from chassis.auth import Tokens
from chassis.db import Database, Tx, new_id, suppress_transient
from chassis.idempotency import Repeatable
from chassis.revocation import Revocations
from chassis.telemetry import HTTP_SECONDS, following
from chassis.tracing import Span, SpanKind, fail

BODY_LIMIT = 1  # MB of JSON; a route that takes uploads has an openapi_extra of its own
BODY_LIMIT_MARK = "x-body-limit-megabytes"
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}  # a client may call one of its own by any name


@dataclass
class Runtime:
    """What a running service has: given to routes through the app, to loops as their context."""

    service: str
    settings: Any
    database: Database
    tokens: Tokens
    revocations: Revocations
    texts: problems.Texts
    topics: Sequence[str] = ()
    own: Any = None
    ready: Callable[[], Awaitable[bool]] | None = None
    stopping: asyncio.Event = field(default_factory=asyncio.Event)


async def _transaction(request: Request) -> AsyncIterator[Tx]:
    database: Database = request.app.state.runtime.database
    async with database.transaction() as tx:
        yield tx


# scope="function": the commit comes before the answer, so what was answered 2xx is in the database
InTransaction = Annotated[Tx, Depends(_transaction, scope="function")]

_Key = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=255)]


async def _once(request: Request, key: _Key = None) -> Repeatable:
    runtime: Runtime = request.app.state.runtime
    bearer = request.headers.get("authorization", "").partition(" ")[2] if key else ""
    caller = runtime.tokens.principal(bearer).account_id if bearer else "anonymous"
    fingerprint = hmac.digest(runtime.database.secret, await request.body(), "sha256")
    scope = f"{request.method} {request.url.path} {caller}"
    return Repeatable(scope, key.strip('"') if key else None, fingerprint)


Once = Annotated[Repeatable, Depends(_once)]


class Edge:
    """Around every request: its id, its thread of the story, its span, the limit of its body, its time in metrics."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - ASGI entry
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        asked = headers.get(b"x-request-id", "")
        request_id = asked if re.fullmatch(r"[A-Za-z0-9-]{1,64}", asked) else str(new_id())
        scope.setdefault("state", {})["request_id"] = request_id
        status, received, began = 0, 0, time.perf_counter()
        method = scope["method"] if scope["method"] in METHODS else "_OTHER"

        async def take() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            limit = (getattr(scope.get("route"), "openapi_extra", None) or {}).get(BODY_LIMIT_MARK, BODY_LIMIT)
            if received > limit * 2**20:
                raise HTTPException(413, {"limit": limit})
            return message

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        name = method if scope["path"].startswith("/api/") else ""  # probes have no span
        told = {"http.request.method": method, "url.scheme": scope["scheme"]}
        with following(request_id, None, headers.get(b"traceparent"), SpanKind.SERVER, name, told) as span:
            try:
                await self._app(scope, take, answer)
            except Exception as error:  # here, for outside of Edge nobody knows the request's id
                if status:  # the answer has begun
                    raise
                await (await problems.answer(Request(scope), error))(scope, take, answer)
            finally:
                route = getattr(scope.get("route"), "path", "none")
                HTTP_SECONDS.labels(method, route, status).observe(time.perf_counter() - began)
                _tell(span, scope, method, status)


def _tell(span: Span, scope: Scope, method: str, status: int) -> None:
    base, problem = f"/api/{scope['app'].state.runtime.service}", scope["state"].get("problem")
    span.set_attribute("http.response.status_code", status)
    if "route" in scope:  # the innermost router's, so the base is missing
        span.set_attribute("http.route", route := base + scope["route"].path.removeprefix(base))
        span.update_name(f"{method} {route}")
    if problem:
        span.set_attribute("ekis.problem", problem)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        fail(span, problem or str(status))


def create_app(runtime: Runtime, router: APIRouter | None) -> FastAPI:
    """The service's app: its routes under /api/<service>, its OpenAPI and docs there too, probes beside them."""
    base = f"/api/{runtime.service}"
    app = FastAPIOffline(
        title=f"EKIS {runtime.service}",
        version="1",
        openapi_url=f"{base}/openapi.json",
        redoc_url=f"{base}/docs",
        docs_url=None,
        static_url=f"{base}/docs-assets",
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},  # tells paths and texts
        responses={"4XX": {"description": "Refused: RFC 9457", "content": {problems.MEDIA_TYPE: problems.SCHEMA}}},
    )
    app.state.runtime = runtime
    for kind in problems.REFUSALS:
        app.add_exception_handler(kind, problems.answer)
    app.add_middleware(Edge)
    app.add_route("/live", lambda _: PlainTextResponse("ok"))
    app.add_route("/ready", _ready)
    app.add_route("/metrics", lambda _: Response(generate_latest(), media_type=CONTENT_TYPE_LATEST))
    if router is not None:
        app.include_router(router, prefix=base)
        app.include_router(operations.router, prefix=base)
    return app


async def _ready(request: Request) -> Response:
    runtime: Runtime = request.app.state.runtime
    is_ready = False
    with suppress_transient():
        is_ready = runtime.ready is not None and await runtime.ready()
    return PlainTextResponse("ok" if is_ready else "not ready", 200 if is_ready else 503)
