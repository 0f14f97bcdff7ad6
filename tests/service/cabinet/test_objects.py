"""The object store: the same from a folder and from an S3-compatible store, streamed, and honest when it is away."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from bucket import Bucket, opened_bucket
from cabinet.files.domain import LARGEST, FileTooLarge
from cabinet.files.gateways import Objects
from cabinet.settings import Settings
from chassis.db import new_id
from chassis.errors import Busy
from chassis.testing.opened import Opened
from pydantic import SecretStr


@pytest.fixture
async def bucket() -> AsyncIterator[Bucket]:
    async with opened_bucket() as it:
        yield it


def settings(cabinet: Opened, **changes: Any) -> Settings:
    given: Settings = cabinet.runtime.settings
    return given.model_copy(update=changes)


@pytest.fixture(params=["folder", "s3"])
def objects(request: pytest.FixtureRequest, cabinet: Opened, bucket: Bucket, tmp_path: Path) -> Objects:
    if request.param == "folder":
        return Objects(settings(cabinet, files=str(tmp_path / "store")))
    keys = {"s3_access_key": "key", "s3_secret_key": SecretStr("secret")}
    return Objects(settings(cabinet, files="s3://bucket/cabinet", s3_endpoint=bucket.address, **keys))


async def chunks(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // 2**16):
        yield b"x" * 2**16
    yield b"x" * (size % 2**16)


async def read(objects: Objects, file_id: UUID) -> bytes:
    return b"".join([chunk async for chunk in await objects.get(file_id)])


@pytest.mark.parametrize("size", [1, 100_000, 12 * 2**20 + 1])
async def test_what_is_put_is_got_and_deleted(objects: Objects, size: int) -> None:
    file_id = new_id()
    assert await objects.put(file_id, chunks(size)) == (size, hashlib.sha256(b"x" * size).digest())
    assert await read(objects, file_id) == b"x" * size
    for _ in range(2):
        await objects.delete(file_id)
    with pytest.raises(Busy):
        await objects.get(file_id)


async def test_more_than_the_limit_leaves_no_object(objects: Objects) -> None:
    file_id = new_id()
    with pytest.raises(FileTooLarge):
        await objects.put(file_id, chunks(LARGEST + 1))
    with pytest.raises(Busy):
        await objects.get(file_id)


async def test_a_bucket_is_asked_with_the_keys_under_the_prefix(cabinet: Opened, bucket: Bucket) -> None:
    keys = {"s3_access_key": "the-key", "s3_secret_key": SecretStr("the-secret")}
    objects = Objects(settings(cabinet, files="s3://bucket/cabinet", s3_endpoint=bucket.address, **keys))
    file_id = new_id()
    await objects.put(file_id, chunks(5))
    assert bucket.objects == {f"cabinet/{file_id}": b"xxxxx"}
    assert all("Credential=the-key/" in one and "the-secret" not in one for one in bucket.authorizations)
    bucket.is_away = True
    for work in (objects.put(new_id(), chunks(5)), objects.get(file_id), objects.delete(file_id)):
        with pytest.raises(Busy):
            await work
