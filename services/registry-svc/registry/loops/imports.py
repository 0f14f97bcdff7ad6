"""Imports, worked on batch by batch under a lease; whoever takes one over goes on where the last batch ended."""

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

from chassis.crash import crash_point
from chassis.db import Database, suppress_transient
from chassis.http import Runtime
from chassis.loops import Loop
from ekis_tables.reading import Record, Table

from registry.actions.imports import jobs as actions
from registry.domain.imports.headers import columns_of
from registry.domain.imports.jobs import Job, Seen, Unreadable
from registry.domain.imports.marks import Mark, digest_of
from registry.domain.imports.schools import SchoolRow, known_row, read_school
from registry.domain.imports.staff import StaffRow, read_person
from registry.gateways.layouts import LAYOUTS, RULES
from registry.gateways.tables import opened_table
from registry.store import imports as store

BATCH = 500  # rows in one transaction


async def work_imports(runtime: Runtime) -> bool:
    """Take one import and bring it to its end, unless it is cancelled or taken away."""
    database = runtime.database
    async with database.transaction() as tx:
        job = await actions.take_import(tx)
    if job is None:
        return False
    try:
        async with _held(database, job), opened_table(_chunks(database, job)) as table:
            await _settle(database, job, table)
    except Unreadable as why:
        async with database.transaction() as tx:
            await actions.fail_import(tx, job, why)
    return True


@asynccontextmanager
async def _held(database: Database, job: Job) -> AsyncIterator[None]:
    """Renew the lease while the body runs."""

    async def renew() -> None:
        while True:
            await asyncio.sleep(actions.LEASE / 3)
            with suppress_transient():
                async with database.transaction() as tx:
                    await actions.keep_import(tx, job)

    renewing = asyncio.create_task(renew())
    try:
        yield
    finally:
        renewing.cancel()
        with suppress(asyncio.CancelledError):
            await renewing


async def _chunks(database: Database, job: Job) -> AsyncIterator[bytes]:
    number = 0
    while True:
        async with database.transaction() as tx:
            data = await store.chunk(tx, job.import_id, number)
        if data is None:
            return
        yield data
        number += 1


async def _settle(database: Database, job: Job, table: Table) -> None:
    header = table.header.cells
    places = columns_of(header, LAYOUTS[job.kind], job.mapping)
    async with database.transaction() as tx:
        if not await actions.note_file(tx, job, table.total, {field: header[at] for field, at in places.items()}):
            return
    seen = await _seen(database, job)
    with closing(table.records(after=job.position)) as records:
        batches = _Batches(database, job, partial(_read, records, places, len(header)))
        rows = await batches.next()
        while rows:  # the next batch is cleaned while the database works on this one
            coming = asyncio.create_task(batches.next())
            try:
                async with database.transaction() as tx:
                    verdicts = await actions.settle_batch(tx, job, rows, seen)
            finally:
                rows = await coming
            if verdicts is None:
                return
            for verdict in verdicts:
                seen.update(verdict.claims)
            crash_point("after-import-batch")
    async with database.transaction() as tx:
        await actions.finish_import(tx, job)


async def _seen(database: Database, job: Job) -> Seen:
    """What the rows have said that another worker has settled."""
    seen, after = dict[Hashable, int](), 0
    while after < job.position:
        async with database.transaction() as tx:
            verdicts = await actions.seen_so_far(tx, job, after)
        for verdict in verdicts:
            seen.update(verdict.claims)
        after = verdicts[-1].number
    return seen


class Raw(NamedTuple):
    """A row as it came. One that has more cells than the header may have slipped: it is never known."""

    number: int
    cells: dict[str, str]
    has_more: bool
    digest: bytes | None


def _read(records: Iterator[Record], places: dict[str, int], width: int) -> list[Raw]:
    """The next rows of the file."""
    rows = []
    for number, cells in islice(records, BATCH):
        raw = {field: cells[at] for field, at in places.items() if at < len(cells)}
        has_more = len(cells) > width and any(cell.strip() for cell in cells[width:])
        rows.append(Raw(number, raw, has_more, None if has_more else digest_of(raw, RULES)))
    return rows


@dataclass(frozen=True)
class _Batches:
    """The file batch by batch, cleaned as far as it says anything new."""

    database: Database
    job: Job
    read: Callable[[], list[Raw]]

    async def next(self) -> list[Any]:
        """The rows after those before; none at the end."""
        rows = await asyncio.to_thread(self.read)
        if self.job.kind == "staff":
            return await asyncio.to_thread(_people, rows, self.job.import_id.bytes)
        async with self.database.transaction() as tx:
            known = await actions.known_rows(tx, [row.digest for row in rows if row.digest])
        return await asyncio.to_thread(_schools, rows, known)


def _people(rows: Sequence[Raw], salt: bytes) -> list[StaffRow]:
    return [read_person(row.number, row.cells, has_more=row.has_more, salt=salt) for row in rows]


def _schools(rows: Sequence[Raw], known: Mapping[bytes, Mark]) -> list[SchoolRow]:
    return [
        known_row(row.number, known[row.digest])
        if row.digest and row.digest in known
        else read_school(row.number, row.cells, has_more=row.has_more, digest=row.digest)
        for row in rows
    ]


async def forget_imports(runtime: Runtime) -> bool:
    """Drop what nobody will look at again."""
    async with runtime.database.transaction() as tx:
        return await actions.forget_imports(tx) == actions.ROUND


LOOPS = (
    Loop("imports", work_imports, every=2, signal=actions.SIGNAL),
    Loop("forget-imports", forget_imports, every=3600),
)
