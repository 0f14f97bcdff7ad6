"""Files of results, read under a lease: whoever takes one over goes on where the last portion ended."""

import asyncio
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager, closing, suppress
from functools import partial
from itertools import islice

from chassis.crash import crash_point
from chassis.db import Database, suppress_transient
from chassis.http import Runtime
from chassis.loops import Loop
from ekis_tables.reading import Record, Table

from cabinet.exams.actions import batches as actions
from cabinet.exams.domain.batches import LIMITS, Batch
from cabinet.exams.domain.dictionary import exam_of
from cabinet.exams.domain.rows import Layout, Row, layout_of, parse
from cabinet.exams.gateways import COLUMNS
from cabinet.exams.store import batches as store
from cabinet.sheets.domain import Unreadable
from cabinet.sheets.gateways.tables import opened_table

PORTION = 1_000  # rows in one transaction


async def work_batches(runtime: Runtime) -> bool:
    """Take one file and bring it to its end, unless it is cancelled or taken away."""
    database = runtime.database
    async with database.transaction() as tx:
        batch = await actions.take_batch(tx)
    if batch is None:
        return False
    try:
        async with _held(database, batch):
            if batch.is_read or await _read(database, batch):
                await _finish(database, batch)
    except Unreadable as why:
        async with database.transaction() as tx:
            await actions.fail_batch(tx, batch, why)
    return True


async def _finish(database: Database, batch: Batch) -> None:
    async with database.transaction() as tx:
        await actions.weigh_rows(tx, batch)
    async with database.transaction() as tx:
        await actions.finish_batch(tx, batch)


@asynccontextmanager
async def _held(database: Database, batch: Batch) -> AsyncIterator[None]:
    """Renew the lease while the body runs."""

    async def renew() -> None:
        while True:
            await asyncio.sleep(actions.LEASE / 3)
            with suppress_transient():
                async with database.transaction() as tx:
                    await actions.keep_batch(tx, batch)

    renewing = asyncio.create_task(renew())
    try:
        yield
    finally:
        renewing.cancel()
        with suppress(asyncio.CancelledError):
            await renewing


async def _chunks(database: Database, batch: Batch) -> AsyncIterator[bytes]:
    number = 0
    while True:
        async with database.transaction() as tx:
            data = await store.chunk(tx, batch.batch_id, number)
        if data is None:
            return
        yield data
        number += 1


async def _read(database: Database, batch: Batch) -> bool:
    """Keep what the rows say. Returns whether the worker has got to the end. Raises Unreadable."""
    async with opened_table(_chunks(database, batch), LIMITS) as table:
        layout = layout_of(table.header.cells, COLUMNS, exam_of(batch.exam, batch.subject), batch.year)
        columns = {field: table.header.cells[at] for field, at in layout.places.items()}
        async with database.transaction() as tx:
            if not await actions.note_file(tx, batch, table.total, columns):
                return False
        return await _keep_rows(database, batch, table, layout)


async def _keep_rows(database: Database, batch: Batch, table: Table, layout: Layout) -> bool:
    with closing(table.records(after=batch.position)) as records:
        while rows := await asyncio.to_thread(partial(_portion, records, layout)):
            async with database.transaction() as tx:
                if not await actions.keep_rows(tx, batch, rows):
                    return False
            crash_point("after-exam-rows")
    return True


def _portion(records: Generator[Record, None, None], layout: Layout) -> list[Row]:
    return [parse(number, cells, layout) for number, cells in islice(records, PORTION)]


async def tell_teachers(runtime: Runtime) -> bool:
    """A page of teachers of one published file."""
    async with runtime.database.transaction() as tx:
        return await actions.tell_next_teachers(tx)


async def forget_rows(runtime: Runtime) -> bool:
    """Drop what nobody will look at again."""
    async with runtime.database.transaction() as tx:
        return await actions.forget_rows(tx)


LOOPS = (
    Loop("exam-batches", work_batches, every=2, signal=actions.SIGNAL),
    Loop("tell-exam-teachers", tell_teachers, every=5),
    Loop("forget-exam-rows", forget_rows, every=3600),
)
