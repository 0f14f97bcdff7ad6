"""The web client as the gateway serves it, with the cabinet behind it; whoever comes is signed in already."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import uvicorn
from ekis_local.web import DIST
from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse

Token = Callable[[Request], str]

_POLICY = "default-src 'self'; style-src 'self' 'nonce-{}'; img-src 'self' data:; worker-src 'self' blob:"
_NONCE = "{{placeholder `http.request.uuid`}}"
_PERSON = {"login": "bench", "full_name": "Числова Анна Петровна", "category": "employee", "state": "active"}


def _app(cabinet: str, token: Token) -> FastAPI:
    app, behind = FastAPI(openapi_url=None), httpx.AsyncClient(base_url=cabinet, timeout=30)

    @app.post("/api/identity/sessions/refresh")
    async def refresh(request: Request) -> dict[str, Any]:
        return {"access_token": token(request), "expires_in": 300, "scope": "full", "required": []}

    @app.get("/api/identity/me")
    async def me() -> dict[str, Any]:
        return _PERSON

    @app.get("/api/cabinet/inbox/stream")
    async def stream() -> Response:
        return Response(status_code=404)  # a page with an open stream would never be idle

    @app.api_route("/api/cabinet/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    async def pass_on(request: Request) -> Response:
        kept = {name: value for name, value in request.headers.items() if name not in ("host", "content-length")}
        url = httpx.URL(path=request.url.path, query=request.url.query.encode())
        answer = await behind.request(request.method, url, headers=kept, content=await request.body())
        names = ("content-type", "etag", "content-disposition", "retry-after")
        return Response(
            answer.content, answer.status_code, {name: answer.headers[name] for name in names if name in answer.headers}
        )

    @app.get("/{path:path}")
    async def client(path: str) -> Response:
        file = DIST / path
        if path and file.is_file() and file.is_relative_to(DIST):
            return FileResponse(file, headers={"Cache-Control": "public, max-age=31536000, immutable"})
        nonce = uuid4().hex
        page = Path(DIST / "index.html").read_text().replace(_NONCE, nonce)
        return Response(page, media_type="text/html", headers={"Content-Security-Policy": _POLICY.format(nonce)})

    return app


@asynccontextmanager
async def front(cabinet: str, token: Token) -> AsyncIterator[str]:
    """Serve before the cabinet at that address; `token` says who a browser is. Gives the address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(_app(cabinet, token), log_level="warning", lifespan="off")
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve(sockets=[listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await running
