"""The department brings staff rolls from the feed."""

from collections import Counter
from typing import Any

import pytest
from ekis_contracts.registry import StaffChanged, StaffEnrolled
from feed import table

from .conftest import SCHOOL, TEACHER, Registry
from .imports import Feed, counts

PERSON = {"ИНН школы": SCHOOL["inn"], "ФИО": "Ёлкин Пётр Ильич", "Должность": "учитель физики"}


@pytest.fixture
def feed(registry: Registry, school_id: str) -> Feed:
    return Feed(registry)


def person(**changes: str) -> dict[str, str]:
    return {"Табельный номер": "", "Категория": "", "Почта": "", "Занятость": "", "Дата приёма": ""} | PERSON | changes


async def run(feed: Feed, *rows: dict[str, str], **form: Any) -> dict[str, Any]:
    return await feed.run(table(*rows), kind="staff", **form)


async def roll(feed: Feed, school_id: str) -> dict[str, dict[str, Any]]:
    answer = await feed.registry.http.get(f"/registry/schools/{school_id}/staff", headers=feed.registrar)
    return {one["last_name"]: one for one in answer.json()["items"]}


async def test_people_are_enrolled_and_a_second_run_changes_nothing(feed: Feed, school_id: str) -> None:
    rows = (
        person(Почта="elkin@mail.ru", Занятость="Внешний совместитель", **{"Дата приёма": "01.09.2020"}),
        person(ФИО="Мамедов Али Гасан оглы", **{"Табельный номер": "17", "Категория": "Руководитель"}),
    )
    tried = await run(feed, *rows, mode="dry-run")
    assert counts(tried) == {"total": 2, "done": 2, "new": 2}
    assert await feed.registry.told() == []
    await feed.post(tried["import_id"], "apply")
    await feed.work()
    told = await feed.registry.told()
    assert [type(event) for event in told] == [StaffEnrolled, StaffEnrolled]
    assert feed.registry.it.open(told[1].name).patronymic == "Гасан оглы"
    people = await roll(feed, school_id)
    elkin, head = people["Ёлкин"], people["Мамедов"]
    assert (elkin["category"], elkin["employment"], elkin["since"]) == ("employee", "part-time", "2020-09-01")
    assert (elkin["email"], head["category"]) == ("elkin@mail.ru", "head")
    again = await run(feed, *rows)
    assert counts(again) == {"total": 2, "done": 2, "unchanged": 2}
    assert await feed.registry.told() == []


async def test_the_number_is_the_key_else_name_and_post(feed: Feed, school_id: str) -> None:
    await feed.registry.staff(school_id)  # TEACHER, enrolled by hand
    numbered = await run(feed, person(**{"Табельный номер": "17"}))
    assert counts(numbered) == {"total": 1, "done": 1, "changed": 1}
    (event,) = await feed.registry.told()
    assert (type(event), event.changed) == (StaffChanged, ["external_id"])
    renamed = await run(feed, person(ФИО="Ёлкин-Палкин Пётр Ильич", Должность="завуч", **{"Табельный номер": "17"}))
    assert counts(renamed) == {"total": 1, "done": 1, "changed": 1}
    (event,) = await feed.registry.told()
    assert (event.changed, event.post) == (["name", "post"], "завуч")
    other = await run(feed, person(Должность="библиотекарь"))
    assert (other["new"], other["missing"]) == (1, 0)


async def test_nobody_becomes_head_by_the_post_alone(feed: Feed, school_id: str) -> None:
    done = await run(feed, person(ФИО="Новый Пётр Ильич", Должность="директор"))
    assert (await roll(feed, school_id))["Новый"]["category"] == "employee"
    ((_, _, _, _, _, _, remarks),) = await feed.report(done["import_id"])
    assert "права руководителя не даны" in remarks
    kept = await run(feed, person(ФИО="Соловьёва Анна-Мария Петровна", Должность="директор"))
    assert kept["unchanged"] == 1, "who is head already stays so"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ИНН школы": "7718084650"}, "школы"),
        ({"ИНН школы": "7707083893"}, "школы в реестре нет"),
        ({"ФИО": "Ёлкин"}, "фамилия и имя полностью"),
        ({"ФИО": "Ёлкин П. И."}, "инициалы"),
        ({"ФИО": "Ёлкин П1отр Ильич"}, "знак"),
        ({"ФИО": "—"}, "не может быть пустым"),
        ({"Должность": "н/д"}, "не может быть пустым"),
    ],
)
async def test_a_bad_row_rejects_itself_alone(feed: Feed, changes: dict[str, str], code: str) -> None:
    done = await run(feed, person(**changes), person(ФИО="Верный Пётр Ильич"))
    assert counts(done) == {"total": 2, "done": 2, "new": 1, "rejected": 1}
    assert code in (await feed.report(done["import_id"]))[0][5]


async def test_wrong_optional_fields_are_left_out_and_nothing_personal_is_kept(feed: Feed, school_id: str) -> None:
    secret = "tajnyj@@mail"
    odd = person(Почта=secret, Категория="звезда", Занятость="иногда", **{"Дата приёма": "вчера"})
    done = await run(feed, odd, person(ФИО="Тайнов Т. Т.", Почта=secret))
    assert counts(done) == {"total": 2, "done": 2, "new": 1, "rejected": 1}
    lines = await feed.report(done["import_id"])
    assert lines[0][6].count(" | ") == 3
    text = str(lines) + str(await feed.registry.row("SELECT array_agg(r::text) AS rows FROM import_row r"))
    assert not any(word in text for word in ("tajnyj", "Тайнов", "Ёлкин", "вчера"))
    assert "tajnyj" not in await feed.registry.it.everything(), "the file is gone too"


async def test_rows_that_repeat_and_names_that_are_not_unique(feed: Feed, school_id: str) -> None:
    for mode in ("dry-run", "apply"):
        done = await run(feed, person(), person(ФИО="ЁЛКИН ПЕТР ИЛЬИЧ"), mode=mode)
        assert counts(done) == {"total": 2, "done": 2, "new": 1, "rejected": 1}, mode
        assert "в строке 2" in (await feed.report(done["import_id"]))[1][5]
    await feed.registry.staff(school_id)
    done = await run(feed, person())
    assert "несколько человек" in (await feed.report(done["import_id"]))[0][5]


async def test_a_school_of_several_branches_needs_its_kpp(feed: Feed, school_id: str) -> None:
    branch = {"ИНН": SCHOOL["inn"], "КПП": "771845001", "Полное наименование": "Филиал", "Вид": "Школа", "Адрес": "Мск"}
    assert (await feed.run(table(branch)))["new"] == 1
    done = await run(feed, person(), person(КПП=SCHOOL["kpp"]) | {"ФИО": "Иной Пётр"})
    assert counts(done)["rejected"] == 2, "the column KPP is the first row's to have"
    both = [person() | {"КПП": ""}, person() | {"КПП": SCHOOL["kpp"]}]
    done = await run(feed, *both)
    assert counts(done) == {"total": 2, "done": 2, "new": 1, "rejected": 1}
    assert "Укажите КПП" in (await feed.report(done["import_id"]))[0][5]
    assert "Ёлкин" in await roll(feed, school_id)


async def test_who_is_missing_is_reported_and_a_rejected_row_spares_its_school(feed: Feed, school_id: str) -> None:
    await feed.registry.staff(school_id, last_name="Ручной")  # by hand: the feed does not know of them
    names = ("Первый Пётр", "Второй Пётр", "Третий Пётр")
    await run(feed, *(person(ФИО=name) for name in names))
    await feed.registry.told()
    done = await run(feed, person(ФИО=names[0]), person(ФИО="Второй П."))
    assert counts(done) == {"total": 2, "done": 2, "unchanged": 1, "rejected": 1}
    done = await run(feed, person(ФИО=names[0]))
    assert counts(done) == {"total": 1, "done": 1, "unchanged": 1, "missing": 2}
    assert Counter(line[1] for line in await feed.report(done["import_id"])) == {"без изменений": 1, "нет в файле": 2}
    assert await feed.registry.told() == []
    assert TEACHER["first_name"] == "Пётр"
