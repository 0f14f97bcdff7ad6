"""Class lists from files: tried and applied, a verdict on every row, the same again changes nothing, hostile files."""

import io
import zipfile
from datetime import date
from typing import Any

import httpx
import pytest
from chassis.testing.opened import Opened
from openpyxl import Workbook

from .school import Member, School, opened_school

LIST = """ФИО;Дата рождения;Класс
Волков Иван;17.05.2015;5А
Гусева Иван Петрович;;
Ёлкина Анна-Мария Сергеевна;2015-03-01;5а
Орлов;01.01.2015;5А
Ломов Пётр;31.02.2015;5А
Чужой Пётр;01.02.2015;6Б
Ёлкина Анна-Мария Сергеевна;01.03.2015;5А

=Хакер Иван;01.02.2015;5А
"""
VERDICTS = [
    (2, "changed", []),
    (3, "changed", []),
    (4, "new", []),
    (5, "rejected", [("first_name", "empty")]),
    (6, "rejected", [("birthday", "day-format")]),
    (7, "rejected", [("class", "row-of-another-class")]),
    (8, "rejected", [("last_name", "row-twice")]),
    (10, "rejected", [("last_name", "name-letters")]),
]


@pytest.fixture
async def school(cabinet: Opened) -> School:
    return await opened_school(cabinet)


async def load(who: Member, school: School, data: bytes, **form: str) -> httpx.Response:
    path = f"/classes/{school.class_id}/pupils/import"
    return await who.call("POST", path, files={"file": ("5А.csv", data)}, data=form)


def verdicts(answer: httpx.Response) -> list[tuple[int, str, list[tuple[str, str]]]]:
    assert answer.status_code == 200, answer.text
    return [
        (row["row"], row["verdict"], [(one["field"], one["code"]) for one in row["reasons"]])
        for row in answer.json()["rows"]
    ]


async def pupils(school: School) -> list[tuple[str, str | None]]:
    items = (await school.head.get(f"/classes/{school.class_id}/pupils")).json()["items"]
    return [(one["last_name"], one["birthday"]) for one in items]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1251"])
async def test_a_bad_row_never_stops_the_others(school: School, encoding: str) -> None:
    before = await pupils(school)
    tried = await load(school.leader, school, LIST.encode(encoding))
    assert verdicts(tried) == VERDICTS
    assert await pupils(school) == before
    applied = await load(school.leader, school, LIST.encode(encoding), mode="apply")
    assert verdicts(applied) == VERDICTS
    assert await pupils(school) == [
        ("Быстрова", None), ("Волков", "2015-05-17"), ("Гусева", None), ("Ёлкина", "2015-03-01")
    ]  # fmt: skip


async def test_the_same_file_again_changes_nothing(school: School) -> None:
    await load(school.head, school, LIST.encode(), mode="apply")
    before = await school.it.everything()
    again = await load(school.head, school, LIST.encode(), mode="apply")
    counts = {said: again.json()[said] for said in ("new", "changed", "unchanged", "rejected")}
    assert counts == {"new": 0, "changed": 0, "unchanged": 3, "rejected": 5}
    assert await school.it.everything() == before


async def test_a_name_written_otherwise_is_the_same_pupil_and_stays_as_it_was(school: School) -> None:
    await load(school.head, school, LIST.encode(), mode="apply")
    data = "ФИО;Др\nЕЛКИНА АННА-МАРИЯ сергеевна;01.03.2015\nволков иван;\nГусева Иван Ильич;\n"
    answer = await load(school.head, school, data.encode(), mode="apply")
    assert verdicts(answer) == [(2, "unchanged", []), (3, "unchanged", []), (4, "new", [])]
    assert [name for name, _ in await pupils(school)] == ["Быстрова", "Волков", "Гусева", "Гусева", "Ёлкина"]


async def test_a_workbook_is_read_like_a_text_file(school: School) -> None:
    book = Workbook()
    sheet = book.create_sheet(index=0)
    rows: list[list[Any]] = [
        ["Фамилия", "Имя", "Отчество", "Д.Р."],
        ["Ёлкин", "Пётр", None, date(2015, 3, 1)],
        [],
        ["Я", "Он"],
    ]
    for row in rows:
        sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    answer = await load(school.head, school, data.getvalue(), mode="apply")
    assert verdicts(answer) == [(2, "new", []), (4, "new", [])]
    assert ("Ёлкин", "2015-03-01") in await pupils(school)


async def test_who_is_in_another_class_is_to_be_moved(school: School) -> None:
    other = await school.class_("5Б")
    await school.pupil(other, "Зимин", birthday="2015-01-02")
    data = "Фамилия,Имя,Дата рождения\nЗимин,Иван,02.01.2015\nЗимин,Иван,03.01.2015\n"
    answer = await load(school.head, school, data.encode())
    assert verdicts(answer) == [(2, "rejected", [("last_name", "pupil-elsewhere")]), (3, "new", [])]


async def test_verdicts_as_a_file_hold_no_formula(school: School) -> None:
    data = "ФИО;Класс\nОн Я;=HYPERLINK(1)\n-Она Я;5А\n"
    answer = await load(school.head, school, data.encode(), report="csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    lines = answer.text.lstrip("\ufeff").splitlines()
    assert lines[0] == "Строка;Решение;Ученик;Причины"
    assert lines[2].startswith("3;новый;'-Она Я")


def bomb() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "list-empty"),
        ("ФИО\n".encode(), "list-empty"),
        ("Кто;Где\nОн;Тут\n".encode(), "file-no-names"),
        (b"PK\x03\x04nonsense", "file-unreadable"),
        (b"\x98\xff\x00", "file-unreadable"),
        (("ФИО\n" + "Он Я\n" * 2_001).encode(), "file-too-long"),
        (b"x" * (2 * 1024 * 1024 + 1), "list-too-large"),
    ],
)
async def test_what_is_no_class_list(school: School, data: bytes, code: str) -> None:
    answer = await load(school.head, school, data)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_a_bomb_is_not_unpacked(school: School) -> None:
    answer = await load(school.head, school, bomb())
    assert (answer.status_code, answer.json()["code"]) == (422, "list-too-large")


async def test_a_list_is_the_heads_and_the_class_leaders(school: School) -> None:
    other = await opened_school(school.it)
    answers: list[Any] = [await load(who, school, LIST.encode()) for who in (school.teacher, other.head, other.leader)]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
