"""A file of results from its upload to its end: rows are read in transactions of their own, and published in one."""

from collections.abc import AsyncIterable, Mapping, Sequence
from uuid import UUID

from chassis.errors import NotFound
from chassis.outbox import Tx, new_id, publish
from ekis_contracts.cabinet import ExamResultsPublished
from ekis_contracts.values import Audience

from cabinet.exams.domain.batches import ATTEMPTS, KEEP_ROWS, Batch, Order, appeal_until
from cabinet.exams.domain.dictionary import exam_of
from cabinet.exams.domain.rows import Row, find_schools
from cabinet.exams.store import batches as store
from cabinet.exams.store import publishing
from cabinet.exams.store import rows as rows_store
from cabinet.notices.actions import address_notice
from cabinet.notices.domain import Notice
from cabinet.sheets.domain import Unreadable

SIGNAL = "exam-batches"
LEASE = 6.0  # seconds; a worker renews it three times meanwhile, and with every portion of rows
MANY = 1_000  # rows
TEACHERS = 500  # told in one transaction


async def start_batch(tx: Tx, order: Order, chunks: AsyncIterable[bytes]) -> UUID:
    """Keep the file and queue it."""
    batch_id, number = new_id(), 0
    await store.ensure_set(tx, new_id(), order.exam, order.year, order.subject)
    await store.insert_batch(tx, batch_id, order)
    async for data in chunks:
        await store.insert_chunk(tx, batch_id, number, data)
        number += 1
    tx.wake(SIGNAL)
    return batch_id


async def known_batch(tx: Tx, batch_id: UUID) -> Batch:
    """Raises NotFound."""
    batch = await store.batch(tx, batch_id)
    if batch is None:
        raise NotFound
    return batch


async def cancel_batch(tx: Tx, batch_id: UUID) -> Batch:
    """Nothing of it becomes known. Raises NotFound, WrongStep once it has ended."""
    await _require(tx, batch_id, "cancel")
    await _end(tx, batch_id, "cancelled")
    return await known_batch(tx, batch_id)


async def apply_batch(tx: Tx, batch_id: UUID) -> Batch:
    """Publish what the dry run has shown, compared anew. Raises NotFound, WrongStep."""
    await _require(tx, batch_id, "apply")
    if not await rows_store.has_rows(tx, batch_id):
        raise NotFound("exam-rows-gone")
    await store.save_requeued(tx, batch_id)
    tx.wake(SIGNAL)
    return await known_batch(tx, batch_id)


async def _require(tx: Tx, batch_id: UUID, step: str) -> None:
    batch = await store.batch_for_update(tx, batch_id)
    if batch is None:
        raise NotFound
    batch.require(step)


async def take_batch(tx: Tx) -> Batch | None:
    """One to work on, held against other workers; None when none is due. One that breaks its workers fails."""
    batch_id = await store.claim_batch(tx, LEASE)
    if batch_id is None:
        return None
    if (await known_batch(tx, batch_id)).attempts >= ATTEMPTS:
        await _end(tx, batch_id, "failed", Unreadable("exam-file-broken"))
        return None
    await store.save_taken(tx, batch_id, new_id())
    return await known_batch(tx, batch_id)


async def keep_batch(tx: Tx, batch: Batch) -> bool:
    """Hold it longer; False when it was cancelled or another worker has it."""
    return await store.hold(tx, batch, LEASE)


async def note_file(tx: Tx, batch: Batch, total: int, columns: Mapping[str, str]) -> bool:
    """What was seen of the file as a whole. False when the worker may not go on."""
    held = await store.hold(tx, batch, LEASE)
    if held:
        await store.save_opened(tx, batch.batch_id, total, columns)
    return held


async def keep_rows(tx: Tx, batch: Batch, rows: Sequence[Row]) -> bool:
    """What some rows say, with the schools they mean. False when the worker may not go on, and nothing has happened."""
    if not await store.hold(tx, batch, LEASE):
        return False
    find_schools(rows, await rows_store.schools_of_rows(tx, rows))
    await rows_store.insert_rows(tx, batch.batch_id, rows)
    await store.save_progress(tx, batch.batch_id, rows[-1].number, len(rows))
    return True


async def weigh_rows(tx: Tx, batch: Batch) -> None:
    """Before many rows are compared, in a transaction of its own: statistics hold a lock that others wait for."""
    if (await known_batch(tx, batch.batch_id)).total >= MANY:
        await rows_store.note_statistics(tx)


async def finish_batch(tx: Tx, batch: Batch) -> None:
    """All rows are there: a verdict on each; unless it is a dry run, all that is new or different is published."""
    if not await store.hold(tx, batch, LEASE):
        return
    await store.lock_set(tx, batch.set_id)
    await rows_store.reject_malformed(tx, batch.batch_id)
    await rows_store.judge_rows(tx, batch)
    await store.save_counts(tx, batch.batch_id, await rows_store.count_verdicts(tx, batch.batch_id))
    if batch.mode == "apply":
        await _publish(tx, batch)
    await _end(tx, batch.batch_id, "done")


async def _publish(tx: Tx, batch: Batch) -> None:
    """At once for all schools; a file that says nothing new makes nothing known."""
    school_ids = await publishing.schools_of(tx, batch.batch_id)
    if not school_ids:
        return
    await publishing.insert_new(tx, batch)
    await publishing.update_changed(tx, batch.batch_id)
    await publishing.insert_versions(tx, batch)
    await publishing.save_totals(tx, batch, school_ids, exam_of(batch.exam, batch.subject))
    version = await store.save_published(tx, batch.batch_id, appeal_until(tx.now), school_ids)
    about = {"exam": batch.exam, "year": batch.year, "subject": batch.subject}
    event = ExamResultsPublished(batch_id=batch.batch_id, school_ids=school_ids, batch_version=version, **about)
    publish(tx, event, version)
    await address_notice(tx, _notice(batch), Audience(school_ids=tuple(school_ids), categories=("head",)))


def _notice(batch: Batch) -> Notice:
    return Notice("exam-results", batch.batch_id, batch.title, f"/exams/{batch.set_id}")


async def tell_next_teachers(tx: Tx) -> bool:
    """A notice to the next teachers entitled to what a file published. Returns whether there was anybody to tell.

    How far it got is saved with the notice, so whoever goes on after a kill repeats nothing.
    """
    untold = await store.untold_for_update(tx)
    if untold is None:
        return False
    batch = untold.batch
    page = await publishing.teachers_page(tx, untold, exam_of(batch.exam, batch.subject), TEACHERS)
    if page:
        await address_notice(tx, _notice(batch), page)
    await store.save_told(tx, batch.batch_id, page[-1] if len(page) == TEACHERS else None)
    return True


async def fail_batch(tx: Tx, batch: Batch, why: Unreadable) -> None:
    """The file cannot be read."""
    if await store.hold(tx, batch, LEASE):
        await _end(tx, batch.batch_id, "failed", why)


async def _end(tx: Tx, batch_id: UUID, state: str, why: Unreadable | None = None) -> None:
    """The bytes go, for rows are kept by themselves."""
    await store.save_end(tx, batch_id, state, why.code if why else None, why.params if why else {})
    await store.delete_chunks(tx, batch_id)


async def forget_rows(tx: Tx) -> bool:
    """What the rows of an old file said. Returns whether there may be more."""
    return await store.delete_rows_before(tx, tx.now - KEEP_ROWS, 1) > 0
