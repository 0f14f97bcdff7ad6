"""Files that nobody needs."""

from chassis.http import Runtime
from chassis.loops import Loop

from cabinet.files import store
from cabinet.files.actions import LOOSE, ROUND


async def drop_files(runtime: Runtime) -> bool:
    """First they are for nobody any more, then the objects go, then the rows: a kill in between is made up for."""
    async with runtime.database.transaction() as tx:
        loose = await store.take_loose(tx, LOOSE, ROUND)
    for file_id in loose:
        await runtime.own.objects.delete(file_id)
    async with runtime.database.transaction() as tx:
        await store.delete_files(tx, loose)
    return len(loose) == ROUND


LOOPS = (Loop("drop-files", drop_files, every=300),)
