"""As much of an S3-compatible store as a client of multipart uploads needs, in memory, behind a real socket."""

import asyncio
import re
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import uvicorn
from ekis_local.process import free_ports
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from waiting import until


@dataclass
class Bucket:
    """What is in it, by key; `is_away` refuses everything."""

    address: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    is_away: bool = False
    authorizations: list[str] = field(default_factory=list)
    _parts: defaultdict[str, dict[int, bytes]] = field(default_factory=lambda: defaultdict(dict))

    async def answer(self, request: Request) -> Response:
        self.authorizations.append(request.headers.get("authorization", ""))
        if self.is_away:
            return Response(status_code=403)  # what a client does not try again
        key, asked = request.path_params.get("key", ""), request.query_params
        if request.method == "POST" and "uploads" in asked:
            said = f"<Bucket>b</Bucket><Key>{key}</Key><UploadId>{uuid4()}</UploadId>"
            return _xml("InitiateMultipartUploadResult", said)
        if request.method == "PUT" and "uploadId" in asked:
            self._parts[asked["uploadId"]][int(asked["partNumber"])] = await request.body()
            return Response(headers={"ETag": f'"{asked["partNumber"]}"'})
        if request.method == "POST" and "delete" in asked:
            gone = re.findall("<Key>(.*?)</Key>", (await request.body()).decode())
            for one in gone:
                self.objects.pop(one, None)
            return _xml("DeleteResult", "".join(f"<Deleted><Key>{one}</Key></Deleted>" for one in gone))
        if request.method == "POST":
            parts = self._parts.pop(asked["uploadId"])
            self.objects[key] = b"".join(parts[number] for number in sorted(parts))
            return _xml("CompleteMultipartUploadResult", f'<Key>{key}</Key><ETag>"x"</ETag>')
        return await self._whole(request, key)

    async def _whole(self, request: Request, key: str) -> Response:
        if request.method == "DELETE":
            self._parts.pop(request.query_params["uploadId"], None)
            return Response(status_code=204)
        if request.method == "PUT":
            self.objects[key] = await request.body()
            return Response(headers={"ETag": '"x"'})
        if key not in self.objects:
            return Response(status_code=404)
        headers = {"ETag": '"x"', "Last-Modified": "Tue, 24 Nov 2026 12:00:00 GMT"}
        return Response(self.objects[key], headers=headers)


def _xml(name: str, content: str) -> Response:
    return Response(f'<?xml version="1.0"?><{name}>{content}</{name}>', media_type="application/xml")


@asynccontextmanager
async def opened_bucket() -> AsyncIterator[Bucket]:
    """On a free port."""
    port, bucket = free_ports({"s3": 0})["s3"], Bucket()
    bucket.address = f"http://127.0.0.1:{port}"
    app = Starlette(
        routes=[
            Route("/{bucket}/{key:path}", bucket.answer, methods=["GET", "PUT", "POST", "DELETE"]),
            Route("/{bucket}", bucket.answer, methods=["POST"]),
        ]
    )
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None))
    serving = asyncio.create_task(server._serve())

    async def is_up() -> bool:
        return server.started

    await until(is_up, "the bucket is up")
    try:
        yield bucket
    finally:
        server.should_exit = True
        await serving
