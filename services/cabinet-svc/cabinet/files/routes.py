"""Uploads, and how a section sends a file."""

import asyncio
import zipfile
from collections.abc import AsyncIterator
from typing import Annotated, Self
from urllib.parse import quote
from uuid import UUID

from chassis.auth import Caller
from chassis.errors import Invalid
from chassis.http import BODY_LIMIT_MARK, Runtime
from fastapi import APIRouter, File, Request, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from cabinet.files import actions
from cabinet.files import domain as files
from cabinet.files.domain import Kind, file_name, kind_of
from cabinet.rights import RIGHTS

router = APIRouter(prefix="/files", tags=["files"])

CHUNK = 256 * 1024  # bytes
MEGABYTES = files.LARGEST // 2**20
_PACKED = b"PK\x03\x04"
_MOST_PARTS = 10_000


class FileOut(BaseModel):
    """What has been uploaded; `sha256` in hexadecimal."""

    file_id: UUID
    name: str
    kind: Kind
    size: int
    sha256: str

    @classmethod
    def of(cls, file: files.File) -> Self:
        """As it is kept."""
        return cls.model_validate(vars(file) | {"sha256": file.sha256.hex()})


class AttachedFile(BaseModel):
    """A file of something; `size` in bytes."""

    file_id: UUID
    name: str
    kind: str
    size: int


# One more, for what a form puts around the file
@router.post("", status_code=201, openapi_extra={BODY_LIMIT_MARK: MEGABYTES + 1})
async def upload_file(
    file: Annotated[UploadFile, File(description="20 MB at most")], request: Request, who: Caller
) -> FileOut:
    """Upload first, then name the file where it belongs; what is named nowhere is dropped after a day."""
    RIGHTS.require(who, "write", "file", account_id=who.account_id)
    name = file_name(file.filename)
    kind = kind_of(name, *await _content(file))
    return FileOut.of(await _stored(request.app.state.runtime, who.account_id, name, kind, file))


async def _stored(runtime: Runtime, account_id: UUID, name: str, kind: Kind, file: UploadFile) -> files.File:
    """Two transactions, for none is open while the object store is asked."""
    async with runtime.database.transaction() as tx:
        file_id = await actions.announce_file(tx, account_id, name, kind)
    try:
        size, digest = await runtime.own.objects.put(file_id, _chunks(file))
        async with runtime.database.transaction() as tx:
            return await actions.keep_file(tx, file_id, size, digest)
    except BaseException:  # whoever is cancelled has not uploaded it either
        await asyncio.shield(_given_up(runtime, file_id))
        raise


async def _given_up(runtime: Runtime, file_id: UUID) -> None:
    async with runtime.database.transaction() as tx:
        await actions.give_up_file(tx, file_id)


async def _content(file: UploadFile) -> tuple[bytes, frozenset[str] | None]:
    """The first bytes; and the names of its parts, if it is packed. Raises Invalid when it is empty or broken."""
    head = await file.read(4096)
    if not head:
        raise Invalid("file-empty", "/file")
    return head, await asyncio.to_thread(_parts, file) if head.startswith(_PACKED) else None


def _parts(file: UploadFile) -> frozenset[str]:
    try:
        with zipfile.ZipFile(file.file) as packed:
            return frozenset(packed.namelist()[:_MOST_PARTS])
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
        raise Invalid("file-broken", "/file") from None


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    await file.seek(0)
    while chunk := await file.read(CHUNK):
        yield chunk


async def sent(request: Request, file: files.File) -> StreamingResponse:
    """The bytes, to be saved and never run: a browser neither guesses the type nor shows it in our origin."""
    name = f"attachment; filename=\"file.{file.kind}\"; filename*=UTF-8''{quote(file.name, safe='')}"
    headers = {
        "Content-Disposition": name,
        "Content-Length": str(file.size),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-cache",
        "ETag": f'"{file.sha256.hex()}"',
    }
    chunks = await request.app.state.runtime.own.objects.get(file.file_id)
    return StreamingResponse(chunks, media_type=file.media_type, headers=headers)
