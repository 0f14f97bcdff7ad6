"""Who sees exam results, what is told of groups, and who has told the pupils."""

import csv
import io
import json
import zipfile
from typing import Any

import pytest
from chassis.db import new_id
from chassis.testing.opened import Opened
from ekis_contracts.registry import SchoolChanged

from .centre import EXAM, Centre, file, line, ogrn, results, school_of, scores, teacher_of
from .conftest import Person, proven
from .school import Member, School
from .test_closed_schools import closed

PATHS = ("/exam-results", "/exam-results/sets", "/exam-results/summary", "/exam-results.csv")


@pytest.fixture
def centre(cabinet: Opened) -> Centre:
    return Centre(cabinet)


@pytest.fixture
async def school(cabinet: Opened) -> School:
    return await school_of(cabinet, 1)


async def bring(centre: Centre, school: int, *tests: int, **form: Any) -> dict[str, Any]:
    lines = (line(ogrn(school), f"{school}-{number:03}", score, mark="") for number, score in enumerate(tests))
    return await centre.bring(file(*lines), **form)


async def told(who: Member, *items: dict[str, Any], **changes: Any) -> Any:
    body = [{"result_id": one["result_id"], "version": one["version"]} | changes for one in items]
    return await who.post("/exam-results/familiarisations", results=body)


async def summary(who: Member, **params: Any) -> dict[str, Any]:
    answer = await who.get("/exam-results/summary", **EXAM | params)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def test_a_school_sees_its_own_results_alone(cabinet: Opened, centre: Centre, school: School) -> None:
    other = await school_of(cabinet, 2)
    await centre.bring(file(line(ogrn(1), "a-01", 85), line(ogrn(2), "b-01", 60)))
    assert scores(await results(school.head)) == [("A-01", "approved", 1, None, 85)]
    assert scores(await results(other.head)) == [("B-01", "approved", 1, None, 60)]
    (theirs,) = await results(other.head)
    assert (await school.head.get(f"/exam-results/{theirs['result_id']}/versions")).status_code == 404
    assert (await told(school.head, theirs)).status_code == 404
    assert "B-01" not in (await school.head.get("/exam-results.csv")).text


@pytest.mark.parametrize(
    ("taught", "sees"),
    [
        (("Русский язык", 11, 2025), True),
        (("Русский язык", 10, 2025), False),
        (("Русский язык", 11, 2024), False),
        (("русский язык (профиль)", 11, 2025), True),
        (("Литература", 11, 2025), False),
    ],
)
async def test_a_teacher_sees_what_the_teacher_taught_those_who_sat_it(
    centre: Centre, school: School, *, taught: tuple[str, int, int], sees: bool
) -> None:
    teacher = await teacher_of(school, *taught)
    await centre.bring(file(line(ogrn(1), "a-01", 85)))
    await centre.bring(file(line(ogrn(1), "a-01", 50)), subject="Физика")
    for path in PATHS:
        assert (await teacher.get(path, **EXAM)).status_code == (200 if sees else 404), path
        assert (await teacher.get(path, **EXAM | {"subject": "Физика"})).status_code in (200, 404)
    of_all = await teacher.get("/exam-results")
    assert of_all.status_code == (200 if sees else 404)
    if sees:
        assert [one["subject"] for one in of_all.json()["items"]] == ["Русский язык"]
        assert (await teacher.get("/exam-results", **EXAM | {"subject": "Физика"})).status_code == 404
    (physics,) = await results(school.head, subject="Физика")
    assert (await told(teacher, physics)).status_code == 404


async def test_what_somebody_says_to_teach_at_the_workplace_opens_nothing(
    cabinet: Opened, centre: Centre, school: School
) -> None:
    await centre.bring(file(line(ogrn(1), "a-01", 85)))
    person = Person(school_id=school.school_id)
    await cabinet.tell(person.enrolled())
    await cabinet.tell(person.activated(), 2)
    form = {"subjects": ["Русский язык"], "building": "Главное", "work_phone": "+74951234567"}
    await cabinet.http.put("/cabinet/workplace", json=form, headers=person.headers(cabinet, If_Match='"0"'))
    answer = await cabinet.http.get("/cabinet/exam-results", headers=person.headers(cabinet))
    assert answer.status_code == 404


async def test_a_load_at_another_school_opens_nothing(cabinet: Opened, centre: Centre, school: School) -> None:
    other = await school_of(cabinet, 2)
    teacher = await teacher_of(other, "Русский язык")
    await centre.bring(file(line(ogrn(1), "a-01", 85)))
    moved = Member(cabinet, teacher.account_id, school.school_id, "employee")
    assert (await moved.get("/exam-results")).status_code == 404


async def test_lists_go_on_by_cursor_and_are_filtered(centre: Centre, school: School) -> None:
    await bring(centre, 1, *range(40, 47))
    await bring(centre, 1, 70, 71, subject="Физика")
    codes, cursor = [], None
    while True:
        params = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = (await school.head.get("/exam-results", **params)).json()
        codes += [(one["subject"], one["code"]) for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(codes) == len(set(codes)) == 9
    assert len(await results(school.head, subject="Физика")) == 2
    assert await results(school.head, year=2025) == []
    sets = (await school.head.get("/exam-results/sets")).json()["items"]
    assert [(one["subject"], one["results"], one["familiarised"]) for one in sets] == [
        ("Русский язык", 7, 0),
        ("Физика", 2, 0),
    ]
    for wrong in ({"exam": "ЕЭГ"}, {"exam": "ЕГЭ", "subject": "Алхимия"}, {"year": "вчера"}, {"cursor": "WzFd"}):
        assert (await school.head.get("/exam-results", **wrong)).status_code == 422, wrong


async def test_the_school_stands_beside_district_and_city(cabinet: Opened, centre: Centre, school: School) -> None:
    await school_of(cabinet, 2)
    await school_of(cabinet, 3, "Хамовники")
    await bring(centre, 1, 50, 60, 70, 80, 100)
    await bring(centre, 2, 40, 40, 40, 40, 40)
    await bring(centre, 3, 90, 90, 90, 90, 91)
    shown = await summary(school.head)
    groups = {name: (shown[name]["average"], shown[name]["hidden"]) for name in ("school", "district", "city")}
    assert groups == {"school": (72.0, None), "district": (56.0, None), "city": (67.4, None)}
    assert [shown[name]["counted"] for name in ("school", "district", "city")] == [5, None, None]
    bands = {(one["least"], one["most"]): one["results"] for one in shown["distribution"]}
    assert bands[50, 59] == bands[60, 69] == bands[70, 79] == bands[80, 89] == bands[90, 100] == 1
    assert sum(bands.values()) == 5


async def test_a_group_of_fewer_than_five_is_hidden(cabinet: Opened, centre: Centre, school: School) -> None:
    await bring(centre, 1, 50, 60, 70, 80)
    shown = await summary(school.head)
    assert [(shown[name]["average"], shown[name]["hidden"]) for name in ("school", "district", "city")] == [
        (None, "few")
    ] * 3
    assert shown["distribution"] == []


async def test_nobody_computes_a_small_group_by_subtraction(cabinet: Opened, centre: Centre, school: School) -> None:
    await school_of(cabinet, 2)
    elsewhere = await school_of(cabinet, 3, "Хамовники")
    await bring(centre, 1, 50, 60, 70, 80, 90)
    await bring(centre, 2, 10, 20, 30, 40)
    await bring(centre, 3, 90, 90, 90, 90)
    shown = await summary(school.head)
    assert shown["school"]["average"] == 70.0
    assert (shown["district"]["average"], shown["district"]["hidden"]) == (None, "subtraction"), "4 of the neighbour"
    assert (shown["city"]["average"], shown["city"]["hidden"]) == (None, "subtraction"), "4 of the other district"
    await bring(centre, 2, 10, 20, 30, 40, 50, reason="сверка")
    shown = await summary(school.head)
    assert shown["district"]["average"] == 50.0
    assert shown["city"]["hidden"] == "subtraction"
    theirs = await summary(elsewhere.head)
    assert (theirs["school"]["hidden"], theirs["district"]["hidden"], theirs["city"]["average"]) == ("few", "few", 61.4)


async def test_annulled_results_count_no_more(centre: Centre, school: School) -> None:
    await bring(centre, 1, 50, 60, 70, 80, 90, 100)
    await centre.bring(file(line(ogrn(1), "1-005", status="аннулирован", reason="Решение ГЭК")))
    shown = await summary(school.head)
    assert (shown["school"]["average"], shown["school"]["counted"]) == (70.0, 5)


async def test_marks_are_compared_where_there_are_no_test_scores(centre: Centre, school: School) -> None:
    lines = [line(ogrn(1), f"a-{number}", "", 20, mark=mark) for number, mark in enumerate((3, 4, 4, 5, 5))]
    batch = await centre.bring(file(*lines, line(ogrn(1), "a-9", 50)), exam="ОГЭ")
    assert (batch["new"], batch["rejected"]) == (5, 1)
    shown = await summary(school.head, exam="ОГЭ")
    assert (shown["score"], shown["school"]["average"]) == ("mark", 4.2)
    assert [one["results"] for one in shown["distribution"]] == [0, 1, 2, 2]


async def test_a_school_without_a_district_stands_beside_the_city(cabinet: Opened, centre: Centre) -> None:
    school = await school_of(cabinet, 1, None)
    await school_of(cabinet, 2)
    await bring(centre, 1, *range(50, 60))
    await bring(centre, 2, *range(60, 70))
    shown = await summary(school.head)
    assert (shown["district"]["hidden"], shown["city"]["average"]) == ("no-district", 59.5)


async def test_who_has_told_the_pupil_is_kept_once_for_a_version(centre: Centre, school: School) -> None:
    teacher = await teacher_of(school, "Русский язык")
    await bring(centre, 1, 50, 60)
    first, second = await results(school.head)
    answer = await told(teacher, first)
    assert answer.status_code == 200, answer.text
    known = answer.json()["items"][0]["familiarised"]
    assert known["by"] == "Словесная Анна Петровна"
    again = await told(school.head, first, second)
    assert [one["familiarised"] == known for one in again.json()["items"]] == [True, False]
    assert again.json()["items"][1]["familiarised"]["by"] == "Главная Анна Петровна"
    sets = (await school.head.get("/exam-results/sets")).json()["items"]
    assert (sets[0]["results"], sets[0]["familiarised"]) == (2, 2)
    await centre.bring(file(line(ogrn(1), "1-000", 55, reason="Апелляция")))
    changed, _ = await results(school.head)
    assert (changed["version"], changed["familiarised"]) == (2, None)
    stale = await told(school.head, first)
    assert (stale.status_code, stale.json()["code"], stale.json()["version"]) == (409, "exam-result-newer", 2)


async def test_all_are_told_or_none(centre: Centre, school: School) -> None:
    await bring(centre, 1, 50, 60)
    first, second = await results(school.head)
    assert (await told(school.head, first, second | {"result_id": str(new_id())})).status_code == 404
    twice = await told(school.head, first, first)
    assert (twice.status_code, twice.json()["code"]) == (422, "exam-result-twice")
    assert (await told(school.head, *[first] * 201)).status_code == 422
    assert (await told(school.head)).status_code == 422
    assert [one["familiarised"] for one in await results(school.head)] == [None, None]


async def test_at_a_closed_school_results_are_read_and_nobody_is_noted(
    cabinet: Opened, centre: Centre, school: School
) -> None:
    await bring(centre, 1, 50)
    await cabinet.tell(closed(Person(school_id=school.school_id)), 2)
    (result,) = await results(school.head)
    refused = await told(school.head, result)
    assert (refused.status_code, refused.json()["code"]) == (409, "school-closed")


async def test_after_an_erasure_the_record_has_a_number(cabinet: Opened, centre: Centre, school: School) -> None:
    teacher = await teacher_of(school, "Русский язык")
    await bring(centre, 1, 50)
    await told(teacher, *(await results(teacher)))
    archive = await cabinet.http.get("/cabinet/export", headers=proven(cabinet, teacher.headers))
    with zipfile.ZipFile(io.BytesIO(archive.content)) as parts:
        (said,) = json.loads(parts.read("exam-familiarisations.json"))
        assert "1-000" not in "".join(parts.read(name).decode() for name in parts.namelist())
    assert (said["exam"], said["exam_year"], said["count"]) == ("ЕГЭ", 2026, 1)
    assert {f"field-{field}" for field in said} <= set(cabinet.runtime.texts)
    gone = Person(account_id=teacher.account_id, school_id=school.school_id)
    await cabinet.tell(gone.disabled(), 3)
    (result,) = await results(school.head)
    assert result["familiarised"]["by"] == "Бывший сотрудник № 1"


async def test_a_csv_is_marked_and_does_nothing(cabinet: Opened, centre: Centre, school: School) -> None:
    await bring(centre, 1, 50, 60)
    await told(school.head, (await results(school.head))[0])
    answer = await school.head.get("/exam-results.csv", **EXAM)
    assert answer.headers["cache-control"] == "no-store"
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    assert "служебного пользования" in rows[0][0]
    assert rows[1][:6] == ["Экзамен", "Год", "Предмет", "Код участника", "Первичный балл", "Тестовый балл"]
    assert [row[3:6] for row in rows[2:]] == [["1-000", "", "50"], ["1-001", "", "60"]]
    assert rows[2][-1] == "Главная Анна Петровна"


async def test_results_are_not_for_operators_nor_for_who_has_no_cabinet(
    cabinet: Opened, centre: Centre, school: School
) -> None:
    await bring(centre, 1, 50)
    for role in ("editor", "registrar", "support", "security", "admin"):
        answer = await cabinet.http.get("/cabinet/exam-results", headers=cabinet.signed_in(roles=[role]))
        assert answer.status_code == 403, role
    stranger = Member(cabinet, new_id(), school.school_id, "head")
    assert (await stranger.get("/exam-results")).json()["code"] == "cabinet-closed"


async def test_copies_of_schools_from_before_learn_their_requisites_with_the_next_change(
    cabinet: Opened, centre: Centre, school: School
) -> None:
    pool = cabinet.runtime.database.pool
    await pool.execute("UPDATE school SET inn = NULL, kpp = NULL, ogrn = NULL")
    person = Person(school_id=school.school_id)
    facts = person.school(ogrn=ogrn(1), inn="7700000001", short_name="Школа № 1").model_dump()
    await cabinet.tell(SchoolChanged(**facts, changed=["phones"]), 2)
    assert (await bring(centre, 1, 50))["new"] == 1
