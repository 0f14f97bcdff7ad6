"""Files of tickets."""

import asyncio

import httpx
import pytest

from .callers import Case, Help
from .people import Desk

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20
PDF = b"%PDF-1.7\n%\xe2\xe3"
TEXT = "Ошибка при входе\r\n".encode()


async def attach(desk: Desk, case: Case, name: str, content: bytes, **headers: str) -> httpx.Response:
    file = {"file": (name, content, "application/octet-stream")}
    return await desk.http.post(f"{case.path}/attachments", files=file, headers=case.headers | headers)


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("снимок экрана.png", PNG, "image/png"),
        ("a.JPG", JPEG, "image/jpeg"),
        ("a.jpeg", JPEG, "image/jpeg"),
        ("a.pdf", PDF, "application/pdf"),
        ("a.txt", TEXT, "text/plain; charset=utf-8"),
    ],
)
async def test_what_is_attached_is_handed_out_to_be_saved(
    helped: Help, desk: Desk, name: str, content: bytes, media_type: str
) -> None:
    case, other = await helped.open(), await helped.open()
    (kept,) = (await attach(desk, case, name, content)).json()["attachments"]
    assert (kept["name"], kept["size"], kept["author"]) == (name, len(content), "guest")
    path = f"{case.path}/attachments/{kept['attachment_id']}"
    for headers in (case.headers, helped.operator):
        file = await desk.http.get(path, headers=headers)
        assert (file.content, file.headers["content-type"]) == (content, media_type)
        assert file.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
        assert file.headers["x-content-type-options"] == "nosniff"
    foreign = await desk.http.get(path.replace(case.number, other.number), headers=other.headers)
    assert foreign.status_code == 404
    assert (await desk.http.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ\x90"),
        ("a.png", JPEG),
        ("a.txt", PNG),
        ("a.txt", b"\0\1\2"),
        ("a.txt", b"\xff\xfe"),
        ("a.txt", b" "),
        ("a.svg", b"<svg/>"),
        ("a.html", b"<p>"),
        ("png", PNG),
        ("a\u202egnp.exe", PNG),
    ],
    ids=repr,
)
async def test_other_files_are_refused(helped: Help, desk: Desk, name: str, content: bytes) -> None:
    case = await helped.open()
    answer = await attach(desk, case, name, content)
    assert (answer.status_code, answer.json()["code"]) == (422, "attachment-kind")


async def test_ten_files_fit_and_none_is_longer_than_ten_megabytes(helped: Help, desk: Desk) -> None:
    case = await helped.open()
    answers = await asyncio.gather(*(attach(desk, case, f"{number}.txt", TEXT) for number in range(12)))
    assert sorted(answer.status_code for answer in answers) == [*[200] * 10, 409, 409]
    assert len((await helped.page(case))["attachments"]) == 10
    other = await helped.open()
    assert (await attach(desk, other, "a.png", PNG + b"\0" * (10 * 2**20 - len(PNG)))).status_code == 200
    for size in (10 * 2**20 + 1, 12 * 2**20):
        answer = await attach(desk, other, "a.png", PNG + b"\0" * (size - len(PNG)))
        assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    missing = await desk.http.post(f"{other.path}/attachments", headers=other.headers)
    assert missing.status_code == 422


async def test_the_same_file_sent_twice_is_one(helped: Help, desk: Desk) -> None:
    case = await helped.open()
    for _ in range(2):
        answer = await attach(desk, case, "a.txt", TEXT, **{"Idempotency-Key": "once"})
    assert len(answer.json()["attachments"]) == 1
    other = await attach(desk, case, "b.txt", TEXT, **{"Idempotency-Key": "once"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")


async def test_a_closed_ticket_takes_no_files(helped: Help, desk: Desk) -> None:
    case, into = await helped.open(), await helped.open()
    kept = (await attach(desk, case, "a.txt", TEXT)).json()["attachments"]
    await helped.do(case, "merge", {"into": into.number})
    answer = await attach(desk, case, "a.txt", TEXT)
    assert (answer.status_code, answer.json()["code"]) == (409, "ticket-closed")
    assert (await helped.page(into))["attachments"] == kept
