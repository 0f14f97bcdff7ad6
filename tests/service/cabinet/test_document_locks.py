"""A version is published while its text is being read: both lock the document before the version."""

import asyncio
from uuid import UUID

from cabinet.documents.actions.texts import save_text
from cabinet.documents.store.documents import document_for_update
from chassis.testing.opened import Opened
from waiting import until

from .library import Library

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


async def test_who_publishes_and_who_reads_the_text_never_wait_for_each_other(cabinet: Opened) -> None:
    library, database = Library(cabinet), cabinet.runtime.database
    document_id = await library.write()
    assert (await library.draft(document_id)).status_code == 201
    version_id: UUID = await database.pool.fetchval("SELECT version_id FROM document_version")

    async def read() -> None:
        async with database.transaction() as tx:
            await save_text(tx, version_id, ["Порядок аттестации"])

    async def waits() -> bool:
        return bool(await database.pool.fetchval(WAITING))

    async with database.transaction() as tx:
        await document_for_update(tx, UUID(document_id))
        reading = asyncio.create_task(read())
        await until(waits, "the reader waits for the document")
        await tx.execute("UPDATE document_version SET published_at = now()")
    await reading
    assert await database.pool.fetchval("SELECT text_state FROM document_version") == "done"
