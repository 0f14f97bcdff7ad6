"""Export of the own data: everything, of the caller alone, readable; and every kind of data has a name."""

import io
import json
import zipfile
from datetime import UTC, datetime

import pytest
from cabinet.mydata.actions import EXPORTS, PERSONAL
from cabinet.mydata.domain import page
from chassis.testing.opened import Opened
from ekis_contracts.values import Audience

from .conftest import Person
from .library import Library
from .people import put, settle
from .uploads import uploaded


async def exported(it: Opened, person: Person, **headers: str) -> zipfile.ZipFile:
    answer = await it.http.get("/cabinet/export", headers=person.headers(it, **headers))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    return archive


async def test_everything_that_a_cabinet_holds_is_in_the_archive(cabinet: Opened, settled: Person) -> None:
    library = Library(cabinet)
    form = {"room": "217", "subjects": ["физика"], "work_phone": "+7 495 765-43-21"}
    await cabinet.http.put("/cabinet/workplace", json=form, headers=settled.headers(cabinet, If_Match="*"))
    await uploaded(cabinet, settled.headers(cabinet), b"x", "мой файл.txt")
    document_id = await library.mandatory()
    await library.acknowledge(document_id, settled)
    await put(cabinet, [settled.account_id], title="Только для неё")
    head = library.head(settled)
    written = await cabinet.http.post("/cabinet/news", json={"title": "Моя", "body": "<b>текст</b>"}, headers=head)
    news = f"/cabinet/news/{written.json()['news_id']}"
    await cabinet.http.post(f"{news}/publish", headers=head | {"If-Match": "*"})
    await cabinet.http.get(news, headers=settled.headers(cabinet))

    archive = await exported(cabinet, settled)
    assert set(archive.namelist()) == {f"{kind}.{end}" for kind in EXPORTS for end in ("json", "html")} | {"index.html"}
    counts = {kind: len(json.loads(archive.read(f"{kind}.json"))) for kind in EXPORTS}
    assert counts == dict.fromkeys(EXPORTS, 1) | {"inbox": 3}
    everything = "".join(archive.read(name).decode() for name in archive.namelist())
    for word in ("Забвенная", "217", "+74957654321", "Только для неё", "мой файл.txt", "О порядке аттестации"):
        assert word in everything, word
    assert "<b>текст" not in archive.read("news-written.html").decode()
    assert "<h1>Ознакомления с документами</h1>" in archive.read("acknowledgements.html").decode()


async def test_nothing_of_others_is_in_it(cabinet: Opened, settled: Person) -> None:
    stranger = await settle(cabinet, Person(last_name="Посторонняя"))
    await put(cabinet, [stranger.account_id], title="Чужое")
    await put(cabinet, Audience(school_ids=(stranger.school_id,)), title="Чужой школы")
    archive = await exported(cabinet, settled)
    everything = "".join(archive.read(name).decode() for name in archive.namelist())
    for word in ("Посторонняя", "Чужое", "Чужой школы", str(stranger.account_id)):
        assert word not in everything, word


async def test_its_pages_are_in_the_callers_language(cabinet: Opened, settled: Person) -> None:
    archive = await exported(cabinet, settled, Accept_Language="en")
    assert "Documents acknowledged" in archive.read("index.html").decode()


async def test_a_closed_cabinet_gives_nothing(cabinet: Opened) -> None:
    answer = await cabinet.http.get("/cabinet/export", headers=Person().headers(cabinet))
    assert (answer.status_code, answer.json()["code"]) == (409, "cabinet-closed")


@pytest.mark.parametrize("kind", sorted({*PERSONAL, *EXPORTS}))
def test_every_kind_of_data_has_a_name(cabinet: Opened, kind: str) -> None:
    assert set(cabinet.runtime.texts[f"kind-{kind}"]) == {"ru", "en"}


def test_times_are_shown_in_moscow() -> None:
    shown = page("inbox", [{"at": datetime(2026, 11, 24, 12, tzinfo=UTC), "list": ["а", "<"]}], str)
    assert "<td>24.11.2026 15:00</td><td>а, &lt;</td>" in shown
