"""Read the texts of new versions; remind before deadlines."""

import asyncio

from chassis.http import Runtime
from chassis.loops import Loop

from cabinet.documents.actions import acknowledgements, texts
from cabinet.documents.actions.documents import READING
from cabinet.documents.domain.texts import cut
from cabinet.documents.gateways.texts import Unreadable, text_of
from cabinet.documents.store import search
from cabinet.files.actions import known_file


async def read_texts(runtime: Runtime) -> bool:
    """One version under a lease, outside any transaction: a killed reader's file is read by the next one."""
    async with runtime.database.transaction() as tx:
        unread = await search.take_unread(tx)
        if unread is None:
            return False
        file = await known_file(tx, unread.file_id)
    try:
        text = await text_of(file.kind, await runtime.own.objects.get(file.file_id))
        pieces = await asyncio.to_thread(cut, text)
    except Unreadable:
        async with runtime.database.transaction() as tx:
            await search.note_unreadable(tx, unread.version_id)
        return True
    async with runtime.database.transaction() as tx:
        await texts.save_text(tx, unread.version_id, pieces)
    return True


async def remind(runtime: Runtime) -> bool:
    """A page of one reminder."""
    async with runtime.database.transaction() as tx:
        return await acknowledgements.remind_next_page(tx)


LOOPS = (
    Loop("read-texts", read_texts, every=5, signal=READING),
    Loop("remind-of-documents", remind, every=60),
)
