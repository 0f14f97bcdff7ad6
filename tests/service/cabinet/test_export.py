"""Export of the own data: everything, of the caller alone, readable; and every kind of data has a name."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from cabinet.mydata.actions import EXPORTS, PERSONAL
from cabinet.mydata.domain import page
from cabinet.mydata.routes import archived
from chassis.errors import Conflict
from chassis.testing.opened import Opened
from ekis_contracts.values import Audience

from .conftest import Person, proven
from .contests import Board, entry
from .library import Library
from .people import put, settle
from .polling import answered, head_of
from .school import opened_school
from .uploads import uploaded

DIARY = (
    "teaching-loads",
    "substitutes",
    "late-leaves",
    "classes-led",
    "lessons-entered",
    "marks-given",
    "finals-given",
)
ELSEWHERE = ("exam-familiarisations", "online-lessons")  # looked at by the tests of their sections


async def exported(it: Opened, person: Person, **headers: str) -> zipfile.ZipFile:
    return await archive_of(it, person.headers(it, **headers))


async def archive_of(it: Opened, headers: dict[str, str]) -> zipfile.ZipFile:
    answer = await it.http.get("/cabinet/export", headers=proven(it, headers))
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
    await answered(cabinet, settled, await head_of(cabinet, settled).publish(), 0)

    await entry(cabinet, await Board(cabinet, settled).announce(), settled, text="О дробях")

    archive = await exported(cabinet, settled)
    assert set(archive.namelist()) == {f"{kind}.{end}" for kind in EXPORTS for end in ("json", "html")} | {"index.html"}
    counts = {kind: len(json.loads(archive.read(f"{kind}.json"))) for kind in EXPORTS}
    assert counts == dict.fromkeys(EXPORTS, 1) | {"inbox": 6} | dict.fromkeys((*DIARY, *ELSEWHERE), 0)
    everything = "".join(archive.read(name).decode() for name in archive.namelist())
    for word in (
        "Забвенная",
        "217",
        "+74957654321",
        "Только для неё",
        "мой файл.txt",
        "О порядке аттестации",
        "О дробях",
    ):
        assert word in everything, word
    assert "<b>текст" not in archive.read("news-written.html").decode()
    assert "<h1>Ознакомления с документами</h1>" in archive.read("acknowledgements.html").decode()


async def test_the_diary_says_what_a_teacher_was_given_and_counts_what_the_teacher_did(cabinet: Opened) -> None:
    school = await opened_school(cabinet)
    day, year = str(school.day), school.year
    teacher = str(school.teacher.account_id)
    await school.head.made("/substitutes", **school.teaching, account_id=teacher, since=day, until=day)
    leave = {"account_id": teacher, "term_id": school.term_id, "until": day, "reason": "болела"}
    await school.head.made("/leaves", **leave)
    lesson_id = await school.lesson()
    await school.give(lesson_id, school.cell("Волков", mark=5), school.cell("Гусева", mark=4))
    finals = [{"pupil_id": school.pupils["Волков"], "version": 0, "mark": 5}]
    assert (await school.teacher.put("/finals", **school.teaching, term_id=school.term_id, finals=finals)).is_success

    archive = await archive_of(cabinet, school.teacher.headers)
    said = {kind: json.loads(archive.read(f"{kind}.json")) for kind in DIARY}
    place = {"year": year, "class": "5А", "subject": "Математика"}
    own = {"term": "1 четверть", "year": year, "class": None, "subject": None, "until": day, "reason": "болела"}
    assert said == {
        "teaching-loads": [place],
        "substitutes": [place | {"since": day, "until": day}],
        "late-leaves": [own],
        "classes-led": [],
        "lessons-entered": [place | {"count": 1}],
        "marks-given": [place | {"count": 2}],
        "finals-given": [{"year": year, "subject": "Математика", "count": 1}],
    }
    fields = {field for rows in said.values() for row in rows for field in row}
    assert {field for field in fields if f"field-{field}" not in cabinet.runtime.texts} == set(), "each has a name"
    assert "<th>Учебный период</th>" in archive.read("late-leaves.html").decode()
    assert f"<td>{school.day:%d.%m.%Y}</td>" in archive.read("substitutes.html").decode()
    leader = await archive_of(cabinet, school.leader.headers)
    assert json.loads(leader.read("classes-led.json")) == [{"year": year, "class": "5А"}]
    assert [json.loads(leader.read(f"{kind}.json")) for kind in DIARY if kind != "classes-led"] == [[]] * 6
    everything = "".join(archive.read(name).decode() for name in archive.namelist())
    assert "Волков" not in everything, "pupils are not the teacher's data"


async def test_nothing_of_others_is_in_it(cabinet: Opened, settled: Person) -> None:
    stranger = await settle(cabinet, Person(last_name="Посторонняя"))
    await put(cabinet, [stranger.account_id], title="Чужое")
    await put(cabinet, Audience(school_ids=(stranger.school_id,)), title="Чужой школы")
    archive = await exported(cabinet, settled)
    everything = "".join(archive.read(name).decode() for name in archive.namelist())
    for word in ("Посторонняя", "Чужое", "Чужой школы", str(stranger.account_id)):
        assert word not in everything, word


@pytest.mark.parametrize("seconds", [None, 301, 299])
async def test_it_asks_for_a_proof_of_the_last_five_minutes(
    cabinet: Opened, settled: Person, seconds: int | None
) -> None:
    headers = settled.headers(cabinet)
    cabinet.clock.stop()
    if seconds is not None:
        headers = proven(cabinet, headers, timedelta(seconds=seconds))
    answer = await cabinet.http.get("/cabinet/export", headers=headers)
    if seconds == 299:
        assert answer.status_code == 200
    else:
        assert (answer.status_code, answer.json()["code"]) == (401, "proof-required")


async def test_its_pages_are_in_the_callers_language(cabinet: Opened, settled: Person) -> None:
    archive = await exported(cabinet, settled, Accept_Language="en")
    assert "Documents acknowledged" in archive.read("index.html").decode()


async def test_an_archive_ends_with_the_cabinet(cabinet: Opened, settled: Person) -> None:
    archive = archived(cabinet.runtime, settled.account_id, str)
    assert (await anext(archive)).startswith(b"PK")
    await cabinet.tell(settled.disabled(), 3)
    with pytest.raises(Conflict):
        async for _ in archive:
            pass


async def test_a_closed_cabinet_gives_nothing(cabinet: Opened) -> None:
    answer = await cabinet.http.get("/cabinet/export", headers=Person().headers(cabinet))
    assert (answer.status_code, answer.json()["code"]) == (409, "cabinet-closed")


@pytest.mark.parametrize("kind", sorted({*PERSONAL, *EXPORTS}))
def test_every_kind_of_data_has_a_name(cabinet: Opened, kind: str) -> None:
    assert set(cabinet.runtime.texts[f"kind-{kind}"]) == {"ru", "en"}


def test_times_are_shown_in_moscow() -> None:
    shown = page("inbox", [{"at": datetime(2026, 11, 24, 12, tzinfo=UTC), "list": ["а", "<"]}], str)
    assert "<td>24.11.2026 15:00</td><td>а, &lt;</td>" in shown
