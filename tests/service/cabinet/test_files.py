"""Uploads: what is taken, what is refused and why, what becomes of files that nobody needs."""

import asyncio
import hashlib
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from cabinet.files.actions import attach_file
from cabinet.files.domain import LARGEST
from chassis.testing.opened import Opened
from waiting import until

from .conftest import Person
from .uploads import docx, packed, pdf, upload, uploaded

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


def objects(it: Opened) -> list[str]:
    """Names of what is in the store."""
    return sorted(path.name for path in Path(it.runtime.settings.files).glob("*"))


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("приказ.pdf", pdf("x"), "pdf"),
        ("Приказ № 5.DOCX", docx("Текст"), "docx"),
        ("схема.png", PNG, "png"),
        ("фото.jpeg", b"\xff\xd8\xff\xe0" + b"\0" * 50, "jpg"),
        ("заметка.txt", "Просто текст".encode("cp1251"), "txt"),
        ("отчёт.xlsx", packed(xl__workbook="", **{"xl__workbook.xml": "x"}), "xlsx"),
    ],
)
async def test_known_kinds_are_kept_with_size_and_hash(
    cabinet: Opened, settled: Person, name: str, content: bytes, kind: str
) -> None:
    answer = await upload(cabinet, settled.headers(cabinet), name, content)
    assert answer.status_code == 201, answer.text
    kept = answer.json()
    assert (kept["name"], kept["kind"], kept["size"]) == (name, kind, len(content))
    assert kept["sha256"] == hashlib.sha256(content).hexdigest()
    assert objects(cabinet) == [kept["file_id"]]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("приказ.pdf", PNG, "file-type-mismatch"),
        ("приказ.docx", packed(**{"xl/workbook.xml": "x"}), "file-type-mismatch"),
        ("программа.exe", b"MZ\0\0", "file-type-unknown"),
        ("архив.zip", packed(readme="x"), "file-type-unknown"),
        ("страница.html", b"<script>alert(1)</script>", "file-type-mismatch"),
        ("битый.docx", b"PK\x03\x04" + b"\1" * 50, "file-broken"),
        ("пусто.txt", b"", "file-empty"),
        ("../../etc/passwd.txt", b"x", "file-name"),
        ("имя\u202etxt.txt", b"x", "file-name"),
        (".txt", b"x", "file-name"),
        ("x" * 200 + ".txt", b"x", "file-name"),
    ],
)
async def test_wrong_content_and_names_are_refused(
    cabinet: Opened, settled: Person, name: str, content: bytes, code: str
) -> None:
    answer = await upload(cabinet, settled.headers(cabinet), name, content)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["errors"][0]["pointer"] == "/file"
    assert objects(cabinet) == []


@pytest.mark.parametrize("more", [1, 2**20, 5 * 2**20])
async def test_what_is_too_large_is_refused_and_leaves_nothing(cabinet: Opened, settled: Person, more: int) -> None:
    answer = await upload(cabinet, settled.headers(cabinet), "большой.txt", b"x" * (LARGEST + more))
    assert (answer.status_code, answer.json()["limit"]) == (413, 20 if more == 1 else 21)
    assert objects(cabinet) == []


async def test_the_largest_is_taken(cabinet: Opened, settled: Person) -> None:
    answer = await upload(cabinet, settled.headers(cabinet), "большой.txt", b"x" * LARGEST)
    assert (answer.status_code, answer.json()["size"]) == (201, LARGEST)


async def test_what_is_attached_to_nothing_is_dropped_after_a_day(cabinet: Opened, settled: Person) -> None:
    headers = settled.headers(cabinet)
    loose, attached = await uploaded(cabinet, headers, b"1"), await uploaded(cabinet, headers, b"2")
    async with cabinet.runtime.database.transaction() as tx:
        await attach_file(tx, UUID(attached), settled.account_id)
    cabinet.clock.move(timedelta(hours=23))
    await cabinet.run_loops()
    assert objects(cabinet) == sorted([loose, attached])
    cabinet.clock.move(timedelta(hours=2))
    await asyncio.gather(cabinet.run_loops(), cabinet.run_loops())
    assert objects(cabinet) == [attached]
    assert await cabinet.runtime.database.pool.fetchval("SELECT count(*) FROM file") == 1


async def test_a_drop_that_was_killed_between_object_and_row_is_made_up_for(cabinet: Opened, settled: Person) -> None:
    file_id = await uploaded(cabinet, settled.headers(cabinet), b"1")
    await cabinet.runtime.database.pool.execute("UPDATE file SET state = 'dropping'")
    await cabinet.runtime.own.objects.delete(UUID(file_id))
    cabinet.clock.move(timedelta(days=2))
    await cabinet.run_loops()
    assert await cabinet.runtime.database.pool.fetchval("SELECT count(*) FROM file") == 0


async def test_loose_files_are_few_and_go_with_the_account(cabinet: Opened, settled: Person) -> None:
    for _ in range(20):
        await uploaded(cabinet, settled.headers(cabinet), b"1")
    extra = await upload(cabinet, settled.headers(cabinet), "ещё.txt", b"1")
    assert (extra.status_code, extra.json()["code"]) == (409, "too-many-files")
    await cabinet.tell(settled.disabled(), 3)
    ((receipt, _),) = await cabinet.published()
    assert receipt.counts["loose-files"] == 20
    await cabinet.run_loops()
    assert objects(cabinet) == []


async def test_uploads_at_once_are_no_more_than_one_after_another(cabinet: Opened, settled: Person) -> None:
    headers = settled.headers(cabinet)
    answers = await asyncio.gather(*(upload(cabinet, headers, "приказ.txt", b"1") for _ in range(30)))
    assert sorted(answer.status_code for answer in answers) == [201] * 20 + [409] * 10


async def test_an_upload_that_failed_counts_for_nobody(cabinet: Opened, settled: Person) -> None:
    headers, folder = settled.headers(cabinet), Path(cabinet.runtime.settings.files)
    folder.write_text("no folder can be here")
    for _ in range(20):
        assert (await upload(cabinet, headers, "приказ.txt", b"1")).status_code == 503
    folder.unlink()
    file_id = await uploaded(cabinet, headers, b"1")
    cabinet.clock.move(timedelta(hours=25))
    await cabinet.run_loops()
    assert file_id not in objects(cabinet)
    assert await cabinet.runtime.database.pool.fetchval("SELECT count(*) FROM file") == 0


async def test_an_upload_that_was_cancelled_counts_for_nobody(cabinet: Opened, settled: Person) -> None:
    pool = cabinet.runtime.database.pool
    await pool.execute("""
        CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN PERFORM pg_advisory_xact_lock(7); RETURN new; END';
        CREATE TRIGGER wait BEFORE UPDATE ON file FOR EACH ROW WHEN (new.state = 'kept') EXECUTE FUNCTION wait()
    """)
    try:
        async with pool.acquire() as held, held.transaction():
            await held.execute("SELECT pg_advisory_xact_lock(7)")
            uploading = asyncio.create_task(upload(cabinet, settled.headers(cabinet), "приказ.txt", b"1"))

            async def waits() -> bool:
                return bool(await pool.fetchval("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"))

            await until(waits, "the object is there, the row is not kept yet")
            uploading.cancel()
            await asyncio.wait([uploading])
            assert uploading.cancelled()
        assert await pool.fetchval("SELECT state FROM file") == "dropping"
    finally:
        await pool.execute("DROP TRIGGER wait ON file; DROP FUNCTION wait()")
