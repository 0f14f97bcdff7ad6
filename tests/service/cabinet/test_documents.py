"""Documents: written, versioned, published, superseded; found by Russian words in names and texts."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cabinet.files.gateways import Objects
from cabinet.people.domain import MOSCOW
from chassis.testing.opened import Opened
from ekis_contracts.cabinet import DocumentPublished
from pydantic import SecretStr

from .conftest import Person
from .library import CARD, Library, statute
from .people import inbox
from .uploads import docx, packed, pdf, uploaded


@pytest.fixture
def library(cabinet: Opened) -> Library:
    return Library(cabinet)


async def test_a_draft_is_the_editors_alone_until_a_version_is_out(
    cabinet: Opened, library: Library, settled: Person
) -> None:
    document_id = await library.write(specialties=["Физика", "химия"])
    assert (await library.draft(document_id, "Текст приказа".encode())).status_code == 201
    headers = settled.headers(cabinet)
    for path in ("", "/versions", "/versions/1/file", "/card"):
        status = (await cabinet.http.get(f"/cabinet/documents/{document_id}{path}", headers=headers)).status_code
        assert status in (403, 404), path
    assert [one["document_id"] for one in (await library.ok("GET", "/drafts"))["items"]] == [document_id]
    await library.ok("POST", f"/{document_id}/versions/1/publish")
    shown = (await cabinet.http.get(f"/cabinet/documents/{document_id}", headers=headers)).json()
    assert (shown["current_no"], shown["is_asked"], shown["specialties"]) == (1, False, ["физика", "химия"])
    assert (await library.ok("GET", "/drafts"))["items"] == []
    assert (await inbox(cabinet, settled))[0] == ["Приказ № 15-р «О порядке аттестации»"]
    ((event, envelope),) = [one for one in await cabinet.published() if isinstance(one[0], DocumentPublished)]
    assert (event.document_version, event.mandatory, event.specialties) == (1, False, ["физика", "химия"])
    assert envelope.sequence == 1


async def test_what_is_in_force_today_is_listed_and_found_alone(
    cabinet: Opened, library: Library, settled: Person
) -> None:
    today = cabinet.clock().astimezone(MOSCOW).date()
    days = [(today - timedelta(days=9), today), (today, None), (today - timedelta(days=9), today - timedelta(days=1))]
    days += [(today + timedelta(days=1), None)]
    written = [
        await library.published(
            b"x", {"title": f"Устав {number}"}, in_force_from=str(first), in_force_to=last and str(last)
        )
        for number, (first, last) in enumerate(days)
    ]
    for q in ("", "устав"):
        hits = await library.found(settled, q, in_force=True)
        assert {hit["document_id"] for hit in hits} == set(written[:2]), q
        assert len(await library.found(settled, q)) == 4
    newer = await library.published(b"x", {"title": "Новый устав", "supersedes": written[0]}, in_force_from=str(today))
    hits = await library.found(settled, "устав", in_force=True)
    assert {hit["document_id"] for hit in hits} == {written[1], newer}


async def test_a_text_is_read_on_the_page_piece_by_piece(cabinet: Opened, library: Library, settled: Person) -> None:
    text = "\n".join(f"Статья {number}. Школа <обязана> вести дневник." for number in range(200))
    document_id = await library.published(text.encode())
    path, headers = f"/cabinet/documents/{document_id}/versions/1/text?limit=2", settled.headers(cabinet)
    read, cursor = "", ""
    while True:
        answer = (await cabinet.http.get(f"{path}{cursor}", headers=headers)).json()
        assert len(answer["items"]) <= 2
        read += "".join(one["text"] + "\n" for one in answer["items"])
        if answer["next"] is None:
            break
        cursor = f"&cursor={answer['next']}"
    assert read.split() == text.replace("<", "‹").replace(">", "›").split()
    await library.draft(document_id, "Черновик".encode())
    draft = f"/cabinet/documents/{document_id}/versions/2/text"
    assert (await cabinet.http.get(draft, headers=headers)).status_code == 404
    assert (await cabinet.http.get(draft, headers=library.headers)).status_code == 200


async def test_a_file_is_sent_to_be_saved_and_never_run(cabinet: Opened, library: Library, settled: Person) -> None:
    document_id = await library.published("Текст".encode(), name="Приказ «о порядке».txt")
    path = f"/cabinet/documents/{document_id}/versions/1/file"
    answer = await cabinet.http.get(path, headers=settled.headers(cabinet))
    assert (answer.content.decode(), answer.headers["x-content-type-options"]) == ("Текст", "nosniff")
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith("attachment; filename=\"file.txt\"; filename*=UTF-8''%D0%9F")
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("приказ.txt", "Об аттестации педагогических работников".encode()),
        ("приказ.txt", "Об аттестации педагогических работников".encode("cp1251")),
        ("приказ.docx", docx("Об аттеста\u00adции", "педагогических работников")),
    ],
)
async def test_texts_of_every_kind_are_found_in_any_form_of_a_word(
    library: Library, settled: Person, name: str, content: bytes
) -> None:
    document_id = await library.published(content, {"title": "Без примет"}, name=name)
    (hit,) = await library.found(settled, "аттестация педагогического работника")
    assert hit["document_id"] == document_id
    assert "<mark>аттестации</mark>" in hit["found"]


async def test_the_text_of_a_pdf_is_found(library: Library, settled: Person) -> None:
    await library.published(pdf("Certification of teachers"), {"title": "PDF"}, name="x.pdf")
    assert len(await library.found(settled, "certification")) == 1


async def test_a_name_comes_before_a_text_and_html_in_it_is_shown_as_text(library: Library, settled: Person) -> None:
    by_text = await library.published("<script>Устав</script> & школы".encode(), {"title": "Разное"})
    by_name = await library.published(b"x", {"title": "Устав", "issued_on": "2020-01-01"})
    hits = await library.found(settled, "устав")
    assert [hit["document_id"] for hit in hits] == [by_name, by_text]
    assert (hits[0]["found"], hits[1]["found"]) == (
        None,
        "script›<mark>Устав</mark>‹/script› &amp; школы",
    )


async def test_a_statute_of_300_000_letters_is_found_by_its_last_words(
    cabinet: Opened, library: Library, settled: Person
) -> None:
    text = f"{statute(300_000)} Заключительные положения вступают в силу завтра."
    await library.published(text.encode())
    (hit,) = await library.found(settled, "заключительное положение")
    assert "<mark>Заключительные</mark> <mark>положения</mark>" in hit["found"]
    passages = await cabinet.runtime.database.pool.fetchval("SELECT count(*) FROM document_passage")
    assert 100 < passages < 300


async def test_two_million_letters_of_different_words_are_found_by_the_first(library: Library, settled: Person) -> None:
    words = " ".join(f"слово{number}ъ" for number in range(200_000))
    await library.published(f"Первоначально {words}".encode())
    assert len(await library.found(settled, "первоначально")) == 1


@pytest.mark.parametrize("content", [b"PK\x03\x04", pdf("x")[:100], b"%PDF-1.7\n" + b"\xff" * 1000])
async def test_what_cannot_be_read_is_found_by_its_name(
    cabinet: Opened, library: Library, settled: Person, content: bytes
) -> None:
    broken = content if content.startswith(b"%PDF") else docx()[:-1] + docx()
    name = "приказ.pdf" if content.startswith(b"%PDF") else "приказ.docx"
    document_id = await library.published(broken, name=name)
    versions = (await library.ok("GET", f"/{document_id}/versions"))["items"]
    assert versions[0]["text_state"] in ("failed", "done")
    assert [hit["document_id"] for hit in await library.found(settled, "порядке аттестации")] == [document_id]


@pytest.mark.parametrize("q", ["", " ", "и на в", "'; --", "<b>", '"', "-приказ", "a OR b", "(:*&|!)", "ъ" * 300, "%_"])
async def test_no_search_breaks(library: Library, settled: Person, q: str) -> None:
    await library.published()
    await library.found(settled, q)


async def test_lists_and_searches_filter_by_specialty_and_go_on_by_cursor(
    cabinet: Opened, library: Library, settled: Person
) -> None:
    for number in range(5):
        specialties = ["физика"] if number % 2 else ["химия"]
        await library.published(b"x", {"number": str(number), "specialties": specialties})
    for q in ("", "аттестация"):
        assert {hit["number"] for hit in await library.found(settled, q, specialty="Физика")} == {"1", "3"}
        numbers, cursor = [], None
        while True:
            params: dict[str, Any] = {"q": q, "limit": 2} | ({"cursor": cursor} if cursor else {})
            answer = await cabinet.http.get("/cabinet/documents", params=params, headers=settled.headers(cabinet))
            numbers += [one["number"] for one in answer.json()["items"]]
            cursor = answer.json()["next"]
            if cursor is None:
                break
        assert sorted(numbers) == ["0", "1", "2", "3", "4"]


async def test_a_newer_version_is_searched_in_place_of_the_older(library: Library, settled: Person) -> None:
    document_id = await library.published("Стажировка".encode())
    await library.draft(document_id, "Наставничество".encode())
    await library.it.run_loops()
    assert len(await library.found(settled, "стажировка")) == 1
    assert await library.found(settled, "наставничество") == [], "a draft is not found"
    await library.ok("POST", f"/{document_id}/versions/2/publish")
    assert await library.found(settled, "стажировка") == []
    assert len(await library.found(settled, "наставничество")) == 1


async def test_a_second_draft_takes_the_place_of_the_first(cabinet: Opened, library: Library) -> None:
    document_id = await library.write()
    first = (await library.draft(document_id)).json()
    second = (await library.draft(document_id)).json()
    assert (first["no"], second["no"]) == (1, 1)
    versions = (await library.ok("GET", f"/{document_id}/versions"))["items"]
    assert [one["file_id"] for one in versions] == [second["file_id"]]
    state = "SELECT state FROM file WHERE file_id = $1"
    assert await cabinet.runtime.database.pool.fetchval(state, first["file_id"]) == "kept"


async def test_a_document_takes_the_place_of_another(cabinet: Opened, library: Library, settled: Person) -> None:
    older = await library.mandatory()
    newer = await library.published(b"x", {"supersedes": older})
    shown = (await cabinet.http.get(f"/cabinet/documents/{older}", headers=settled.headers(cabinet))).json()
    assert (shown["superseded_by"], shown["in_force_to"], shown["is_asked"]) == (newer, "2026-12-01", False)
    third = await library.write(supersedes=older)
    await library.draft(third)
    again = await library.ask("POST", f"/{third}/versions/1/publish")
    assert (again.status_code, again.json()["code"]) == (422, "supersedes-unknown")
    more = await library.draft(older)
    assert (await library.ask("POST", f"/{older}/versions/{more.json()['no']}/publish")).json()["code"] == (
        "document-superseded"
    )


async def test_what_a_published_document_supersedes_stays(library: Library) -> None:
    older, other = await library.published(), await library.published()
    newer = await library.published(b"x", {"supersedes": older})
    for supersedes in (other, None):
        refused = await library.ask("PUT", f"/{newer}", json=CARD | {"supersedes": supersedes})
        assert (refused.status_code, refused.json()["code"]) == (409, "supersedes-fixed")
    await library.ok("PUT", f"/{newer}", json=CARD | {"supersedes": older, "title": "Иначе"})


async def test_no_transaction_is_open_while_the_object_store_is_asked(
    cabinet: Opened, library: Library, settled: Person
) -> None:
    document_id = await library.published()
    asked, answers = asyncio.Event(), asyncio.Event()

    async def ask(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await answers.wait()
        writer.close()

    async with await asyncio.start_server(ask, "127.0.0.1", 0) as store:
        address = f"http://127.0.0.1:{store.sockets[0].getsockname()[1]}"
        keys = {"s3_access_key": "key", "s3_secret_key": SecretStr("secret")}
        given = cabinet.runtime.settings.model_copy(update={"files": "s3://bucket", "s3_endpoint": address} | keys)
        cabinet.runtime.own = replace(cabinet.runtime.own, objects=Objects(given))
        path = f"/cabinet/documents/{document_id}/versions/1/file"
        sending = asyncio.create_task(cabinet.http.get(path, headers=settled.headers(cabinet)))
        await asyncio.wait_for(asked.wait(), 30)
        sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"
        assert await cabinet.runtime.database.pool.fetchval(sql) == 0
        sending.cancel()
        answers.set()
        await asyncio.wait([sending])


@pytest.mark.parametrize("name", ["схема.png", "таблица.xlsx"])
async def test_only_files_with_a_text_are_documents(library: Library, name: str) -> None:
    content = {"схема.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 50}.get(name)
    if content is None:
        content = packed(**{"xl/workbook.xml": "x"})
    answer = await library.draft(await library.write(), content, name)
    assert (answer.status_code, answer.json()["code"]) == (422, "document-file-kind")


async def test_a_file_of_somebody_else_or_used_already_is_unknown(
    cabinet: Opened, library: Library, settled: Person
) -> None:
    document_id = await library.write()
    used = (await library.draft(document_id)).json()["file_id"]
    foreign = await uploaded(cabinet, settled.headers(cabinet), b"x")
    for file_id in (used, foreign, document_id):
        body = {"file_id": file_id, "in_force_from": "2026-12-01"}
        answer = await library.ask("POST", f"/{document_id}/versions", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "file-unknown")


async def test_stale_edits_are_refused_with_what_is_there(library: Library) -> None:
    document_id = await library.write()
    await library.ok("PUT", f"/{document_id}", match='"1"', json=CARD | {"title": "Новее"})
    file_id = await uploaded(library.it, library.headers, b"x")
    version = {"file_id": file_id, "in_force_from": "2026-12-01"}
    stale = [
        await library.ask("PUT", f"/{document_id}", match='"1"', json=CARD),
        await library.ask("POST", f"/{document_id}/versions", match='"1"', json=version),
    ]
    await library.ok("POST", f"/{document_id}/versions", json=version)
    stale.append(await library.ask("POST", f"/{document_id}/versions/1/publish", match='"2"'))
    for answer in stale:
        assert (answer.status_code, answer.json()["current"]["title"]) == (412, "Новее")
