"""The object store: a folder, or an S3-compatible store. Objects are named by the id of their file."""

import hashlib
from collections.abc import AsyncIterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import obstore
from chassis.errors import Busy
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from cabinet.files.domain import LARGEST, FileTooLarge
from cabinet.settings import Settings

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_RETRY = 10  # seconds
_CHUNK = 256 * 1024  # bytes


class Objects:
    """Streams in both directions; nothing is held in memory whole."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def _store(self) -> "ObjectStore":
        it = self._settings
        if not it.files.startswith("s3://"):
            return LocalStore(prefix=Path(it.files).absolute(), mkdir=True)
        bucket, _, prefix = it.files.removeprefix("s3://").partition("/")
        given = {"aws_endpoint": it.s3_endpoint, "aws_access_key_id": it.s3_access_key, "aws_region": it.s3_region}
        if it.s3_secret_key:
            given["aws_secret_access_key"] = it.s3_secret_key.get_secret_value()
        config = {name: value for name, value in given.items() if value}
        plain = (it.s3_endpoint or "").startswith("http://")
        return S3Store(bucket, prefix=prefix or None, config=config, client_options={"allow_http": plain})  # type: ignore[arg-type] # a TypedDict

    async def put(self, file_id: UUID, chunks: AsyncIterator[bytes]) -> tuple[int, bytes]:
        """Size and SHA-256 of what was stored. Raises FileTooLarge, Busy when the store is away."""
        digest, size = hashlib.sha256(), 0

        async def measured() -> AsyncIterator[bytes]:
            nonlocal size
            async for chunk in chunks:
                size += len(chunk)
                if size > LARGEST:
                    raise FileTooLarge(limit=LARGEST // 2**20)
                digest.update(chunk)
                yield chunk

        try:
            await obstore.put_async(self._store, str(file_id), measured())
        except (BaseError, OSError):
            raise Busy("files-away", _RETRY) from None
        return size, digest.digest()

    async def get(self, file_id: UUID) -> AsyncIterator[bytes]:
        """The bytes of an object that is there. Raises Busy when the store is away, or the object."""
        try:
            found = await obstore.get_async(self._store, str(file_id))
        except (BaseError, OSError):
            raise Busy("files-away", _RETRY) from None
        return _chunks(found)

    async def delete(self, file_id: UUID) -> None:
        """Also what is not there. Raises Busy when the store is away."""
        try:
            await obstore.delete_async(self._store, str(file_id))
        except FileNotFoundError:
            return
        except (BaseError, OSError):
            raise Busy("files-away", _RETRY) from None


async def _chunks(found: "obstore.GetResult") -> AsyncIterator[bytes]:
    async for chunk in found.stream(min_chunk_size=_CHUNK):
        yield bytes(chunk)
