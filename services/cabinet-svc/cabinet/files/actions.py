"""Take files in, attach them to what a section keeps, drop those that nobody needs."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from chassis.errors import Conflict, Invalid, NotFound
from chassis.outbox import Tx, new_id

from cabinet.files import store
from cabinet.files.domain import MOST_LOOSE, File, Kind

LOOSE = timedelta(days=1)
ROUND = 50  # files


async def announce_file(tx: Tx, account_id: UUID, name: str, kind: Kind) -> UUID:
    """A row before the object, so that no object is ever without one. Raises Conflict when too many are loose."""
    await store.lock_uploads(tx, account_id)
    if await store.count_loose(tx, account_id) >= MOST_LOOSE:
        raise Conflict("too-many-files", most=MOST_LOOSE)
    file_id = new_id()
    await store.insert_file(tx, file_id, account_id, name, kind)
    return file_id


async def give_up_file(tx: Tx, file_id: UUID) -> None:
    """Its bytes have not come: it counts for nobody any more, and what there may be of it goes in a day."""
    await store.give_up_file(tx, file_id)


async def keep_file(tx: Tx, file_id: UUID, size: int, sha256: bytes) -> File:
    """All of it is in the object store. Raises NotFound when it has been dropped meanwhile."""
    file = await store.keep_file(tx, file_id, size, sha256)
    if file is None:
        raise NotFound
    return file


async def attach_file(tx: Tx, file_id: UUID, account_id: UUID, pointer: str = "/file_id") -> File:
    """Make something of a file that this account has uploaded. Raises Invalid for any other."""
    file = await store.attach_file(tx, file_id, account_id)
    if file is None:
        raise Invalid("file-unknown", pointer)
    return file


async def known_file(tx: Tx, file_id: UUID) -> File:
    """An attached file. Raises NotFound."""
    file = await store.file(tx, file_id)
    if file is None:
        raise NotFound
    return file


async def file_among(tx: Tx, file_ids: Sequence[UUID], file_id: UUID) -> File:
    """One of those that something has. Raises NotFound."""
    if file_id not in file_ids:
        raise NotFound
    return await known_file(tx, file_id)


async def change_files(tx: Tx, former: Sequence[UUID], now: Sequence[UUID], account_id: UUID) -> None:
    """Attach those that are new, and let go of those that are missing. Raises Invalid at `/files/N`."""
    for file_id in set(former) - set(now):
        await store.detach_file(tx, file_id)
    for number, file_id in enumerate(now):
        if file_id not in former:
            await attach_file(tx, file_id, account_id, f"/files/{number}")
