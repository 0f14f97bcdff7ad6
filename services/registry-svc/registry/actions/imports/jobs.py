"""An import from its upload to its end, each batch of rows in a transaction of its own."""

from collections import Counter
from collections.abc import AsyncIterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from chassis.errors import NotFound
from chassis.outbox import Tx, new_id

from registry.actions.imports.schools import import_schools
from registry.actions.imports.staff import import_staff
from registry.domain.imports.jobs import ATTEMPTS, Counts, Job, Order, RowVerdict, Seen, Unreadable
from registry.domain.imports.marks import Mark
from registry.domain.imports.schools import SchoolRow
from registry.domain.imports.staff import StaffRow
from registry.store import imports as store

SIGNAL = "imports"
LEASE = 6.0  # seconds; a worker renews it three times meanwhile, and with every batch
KEEP_FILES, KEEP_VERDICTS = timedelta(days=7), timedelta(days=90)
TAKEN_OVER = 5_000  # verdicts read at once
ROUND = 20  # old imports forgotten in one transaction


async def start_import(tx: Tx, order: Order, chunks: AsyncIterable[bytes]) -> UUID:
    """Keep the file and queue the import."""
    import_id, number = new_id(), 0
    await store.insert_import(tx, import_id, order)
    async for data in chunks:
        await store.insert_chunk(tx, import_id, number, data)
        number += 1
    tx.wake(SIGNAL)
    return import_id


async def known_import(tx: Tx, import_id: UUID) -> Job:
    """An import. Raises NotFound."""
    job = await store.import_(tx, import_id)
    if job is None:
        raise NotFound
    return job


async def locked_import(tx: Tx, import_id: UUID) -> Job:
    """An import between two batches. Raises NotFound."""
    job = await store.import_for_update(tx, import_id)
    if job is None:
        raise NotFound
    return job


async def cancel_import(tx: Tx, import_id: UUID) -> Job:
    """Stop after the batch that is in work; what was applied stays. Raises NotFound, WrongStep."""
    job = await locked_import(tx, import_id)
    job.require("cancel")
    await _end(tx, job, "cancelled")
    return await known_import(tx, import_id)


async def apply_import(tx: Tx, import_id: UUID) -> Job:
    """Do what the dry run has shown. Raises NotFound, WrongStep, Conflict."""
    job = await locked_import(tx, import_id)
    job.require("apply")
    if await store.chunk(tx, import_id, 0) is None:
        raise NotFound("import-file-gone")
    await store.delete_rows(tx, import_id)
    await store.save_requeued(tx, import_id)
    tx.wake(SIGNAL)
    return await known_import(tx, import_id)


async def take_import(tx: Tx) -> Job | None:
    """An import to work on, held against other workers; None when none is due. One that breaks its workers fails."""
    job = await store.claim_import(tx, LEASE)
    if job is None:
        return None
    if job.attempts >= ATTEMPTS:
        await _end(tx, job, "failed", Unreadable("import-broken"))
        return None
    job = replace(job, holder=new_id(), state="running")
    assert job.holder
    await store.save_taken(tx, job.import_id, job.holder)
    return job


async def keep_import(tx: Tx, job: Job) -> bool:
    """Hold it longer; False when it was cancelled or another worker has it."""
    return await store.hold(tx, job, LEASE) is not None


async def note_file(tx: Tx, job: Job, total: int, columns: Mapping[str, str]) -> bool:
    """What was seen of the file as a whole. False when the worker may not go on."""
    held = await store.hold(tx, job, LEASE)
    if held:
        await store.save_opened(tx, job.import_id, total, columns)
    return held is not None


async def seen_so_far(tx: Tx, job: Job, after: int) -> list[RowVerdict]:
    """Some of the verdicts that a worker before has reached, for who takes over."""
    return await store.rows_page(tx, job.import_id, after, TAKEN_OVER)


async def known_rows(tx: Tx, digests: Sequence[bytes]) -> dict[bytes, Mark]:
    """Those of these rows of the feed that the registry agrees with already, as it has found out before."""
    return {mark.digest: mark for mark in await store.marks(tx, digests)}


async def settle_batch(
    tx: Tx, job: Job, rows: Sequence[SchoolRow] | Sequence[StaffRow], seen: Seen
) -> list[RowVerdict] | None:
    """Decide and do a batch of rows; `seen` tells what rows before have said. None when the worker may not go on, and
    nothing has happened."""
    if await store.hold(tx, job, LEASE) is None:
        return None
    if job.kind == "schools":
        verdicts = await import_schools(tx, job, [row for row in rows if isinstance(row, SchoolRow)], seen)
    else:
        verdicts = await import_staff(tx, job, [row for row in rows if isinstance(row, StaffRow)], seen)
    await store.insert_rows(tx, job.import_id, verdicts)
    await store.save_progress(tx, job.import_id, rows[-1].number, _counted(verdicts))
    return verdicts


def _counted(verdicts: Sequence[RowVerdict]) -> Counts:
    return Counts(**Counter(str(one.verdict) for one in verdicts))


async def finish_import(tx: Tx, job: Job) -> None:
    """Every row has its verdict: list what is missing."""
    held = await store.hold(tx, job, LEASE)
    if held is None:
        return
    insert = store.insert_missing_schools if job.kind == "schools" else store.insert_missing_staff
    missing = await insert(tx, job.import_id, held.position)
    await store.save_progress(tx, job.import_id, held.position, Counts(missing=missing))
    await _end(tx, job, "done")


async def fail_import(tx: Tx, job: Job, why: Unreadable) -> None:
    """The file cannot be read."""
    if await store.hold(tx, job, LEASE):
        await _end(tx, job, "failed", why)


async def _end(tx: Tx, job: Job, state: str, why: Unreadable | None = None) -> None:
    """The file goes as soon as nobody will read it again: it may be about people."""
    await store.save_end(tx, job.import_id, state, why.code if why else None, why.params if why else {})
    if state != "done" or job.mode == "apply":
        await store.delete_chunks(tx, job.import_id)


async def forget_imports(tx: Tx) -> int:
    """Drop files of dry runs that nobody applied, and old imports with their verdicts."""
    await store.delete_chunks_before(tx, tx.now - KEEP_FILES)
    return await store.delete_imports_before(tx, tx.now - KEEP_VERDICTS, ROUND)
