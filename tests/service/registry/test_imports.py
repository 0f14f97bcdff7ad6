"""A registrar brings schools from the feed: verdicts, the registry afterwards, the events, the report."""

from collections import Counter
from typing import Any

import pytest
from ekis_contracts.registry import SchoolChanged, SchoolRegistered
from feed import Register, real_register, register, table

from .conftest import SCHOOL, Registry, school_form
from .imports import PATH, Feed, counts

REAL = real_register()


@pytest.fixture
def feed(registry: Registry) -> Feed:
    return Feed(registry)


def row(serial: int = 1, **changes: str) -> dict[str, str]:
    """A row with requisites of its own."""
    form = school_form(serial)
    names = {"ИНН": "inn", "КПП": "kpp", "ОГРН": "ogrn", "Полное наименование": "full_name"}
    names |= {"Краткое наименование": "short_name", "Вид учреждения": "kind", "Адрес": "address", "Телефон": "phone"}
    return {title: form[field] for title, field in names.items()} | {"Почта": form["email"]} | changes


async def the_whole_register(feed: Feed, register: Register) -> None:
    tried = await feed.run(register.data, mode="dry-run")
    assert tried["state"] == "done", tried
    rejected = register.rows - register.registered
    expected = {"total": register.rows, "done": register.rows, "new": register.registered, "rejected": rejected}
    assert counts(tried) == expected
    assert await feed.schools() == {}
    assert await feed.registry.told() == []

    assert (await feed.post(tried["import_id"], "apply")).status_code == 200
    await feed.work()
    done = await feed.state(tried["import_id"])
    assert (done["state"], done["mode"], counts(done)) == ("done", "apply", expected)
    told = await feed.registry.told()
    assert Counter(type(event) for event in told) == {SchoolRegistered: register.registered}
    assert {event.source for event in told} == {"feed"}
    kept = await feed.registry.row("SELECT count(*), count(ogrn) AS ogrns FROM school")
    assert kept == {"count": register.registered, "ogrns": register.with_ogrn}
    lines = await feed.report(done["import_id"])
    assert Counter(line[1] for line in lines) == {"новая": register.registered, "отклонена": rejected}
    assert [int(line[0]) for line in lines] == list(range(2, register.rows + 2))

    again = await feed.run(register.data)
    del expected["new"]
    assert counts(again) == expected | {"unchanged": register.registered}
    assert await feed.registry.told() == []
    assert await feed.registry.row("SELECT count(*) FROM school_change") == {"count": 0}
    assert await feed.registry.row("SELECT max(version) FROM school") == {"max": 1}


GENERATED = register(1_200)
REGISTERS = [GENERATED, Register(REAL.read_bytes(), 3_492, 3_480, 685)] if REAL else [GENERATED]


@pytest.mark.parametrize("dirty", REGISTERS, ids=["generated", "real"][: len(REGISTERS)])
async def test_a_register_with_dirt_enters_and_enters_again_without_a_trace(feed: Feed, dirty: Register) -> None:
    await the_whole_register(feed, dirty)


async def test_what_a_row_becomes(feed: Feed) -> None:
    dirty = row(
        1,
        ОГРН="77№012387121",
        Телефон="(495) 963-76-77 доб. 5, #Н/Д; 8-499-161-13-40",
        Почта="a@list.ru;b@ sinergi.ru; не почта",
        Сайт="http:// SAD1.ru/; dou1.mskobr.ru",
        Директор="Будник Марина Олеговна - ИО заведующего",
        Округ="Восточное\u00a0окружное управление  образования",
    )
    done = await feed.run(table(dirty))
    assert counts(done) == {"total": 1, "done": 1, "new": 1}
    (school,) = (await feed.schools()).values()
    assert (school["ogrn"], school["phones"]) == (None, ["+74959637677", "+74991611340"])
    assert (school["emails"], school["site"]) == (["a@list.ru", "b@sinergi.ru"], "http://sad1.ru")
    assert (school["head_name"], school["head_post"]) == ("Будник Марина Олеговна", "и.о. заведующего")
    assert school["okrug"] == "Восточное окружное управление образования"
    ((number, verdict, key, school_id, changed, reasons, remarks),) = await feed.report(done["import_id"])
    assert (number, verdict, key) == ("2", "новая", f"{dirty['ИНН']}/{dirty['КПП']}")
    assert (school_id, changed, reasons) == (str(school["school_id"]), "", "")
    for told in ("ОГРН: «77№012387121»", "добавочный", "почта: «не»", "сайт: «http://dou1.mskobr.ru»"):
        assert told.casefold() in remarks.casefold()


async def test_changes_win_over_the_hand_and_what_the_file_lacks_stays(feed: Feed) -> None:
    await feed.run(table(row()))
    (school,) = (await feed.schools()).values()
    path = f"/registry/schools/{school['school_id']}"
    patch = {"phone": "+7 495 000-00-01", "district": "Речной"}
    headers = feed.registrar | {"If-Match": '"1"'}
    assert (await feed.registry.http.patch(path, json=patch, headers=headers)).status_code == 200
    await feed.registry.told()
    done = await feed.run(table(row(Телефон="(495) 000-00-02", Почта="—")))
    assert counts(done) == {"total": 1, "done": 1, "changed": 1}
    (event,) = await feed.registry.told()
    assert (type(event), event.changed, event.phones) == (SchoolChanged, ["phones"], ["+74950000002"])
    assert (event.district, event.emails) == ("Речной", [row()["Почта"]])
    history = (await feed.registry.http.get(f"{path}/history", headers=feed.registrar)).json()["items"]
    assert [one["field"] for one in history if one["by"] == "feed"] == ["phones"]
    assert {one["field"] for one in history if one["by"] != "feed"} == {"phones", "district"}
    ((_, verdict, _, _, changed, _, remarks),) = await feed.report(done["import_id"])
    assert (verdict, changed) == ("изменена", "телефон")
    assert "почта: «—»" in remarks


@pytest.mark.parametrize(
    ("changes", "field", "text"),
    [
        ({"ИНН": "7718084650"}, "ИНН", "Контрольная цифра"),
        ({"ИНН": "500100732259"}, "ИНН", "ИНН человека"),
        ({"ИНН": "#Н/Д"}, "ИНН", "не может быть пустым"),
        ({"КПП": "0"}, "КПП", "не может быть пустым"),
        ({"КПП": "77180100"}, "КПП", "9 знаков"),
        ({"Полное наименование": "—"}, "полное наименование", "не может быть пустым"),
        ({"Полное наименование": "Ш" * 1001}, "полное наименование", "не больше 1000"),
        ({"Вид учреждения": ""}, "вид", "не может быть пустым"),
        ({"Адрес": "0"}, "адрес", "не может быть пустым"),
    ],
)
async def test_a_bad_row_rejects_itself_alone(feed: Feed, changes: dict[str, str], field: str, text: str) -> None:
    done = await feed.run(table(row(1), row(2, **changes), row(3)))
    assert counts(done) == {"total": 3, "done": 3, "new": 2, "rejected": 1}
    (bad,) = [line for line in await feed.report(done["import_id"]) if line[1] == "отклонена"]
    assert (bad[0], bad[3]) == ("3", "")
    assert f"{field}: " in bad[5]
    assert text in bad[5]


async def test_a_key_that_repeats_rejects_the_later_row_and_names_the_first(feed: Feed) -> None:
    one = row(1)
    done = await feed.run(table(one, one | {"ОГРН": ""}, one | {"КПП": "771801002"}, row(2)))
    assert counts(done) == {"total": 4, "done": 4, "new": 2, "rejected": 2}
    lines = await feed.report(done["import_id"], "en")
    assert ["in row 2" in line[5] for line in lines] == [False, True, True, False]


async def test_a_school_that_applied_is_matched_and_never_doubled(feed: Feed) -> None:
    school_id = await feed.registry.school(SCHOOL)
    names = {"Полное наименование": "Новое имя", "Краткое наименование": "Имя", "Вид учреждения": "Школа"}
    same = {"ИНН": SCHOOL["inn"], "КПП": SCHOOL["kpp"], "Адрес": SCHOOL["address"], "ID": "17"} | names
    done = await feed.run(table(same))
    assert counts(done) == {"total": 1, "done": 1, "changed": 1}
    (event,) = await feed.registry.told()
    assert (str(event.school_id), event.changed, event.ogrn) == (
        school_id,
        ["full_name", "short_name", "external_id"],
        SCHOOL["ogrn"],
    )
    moved = await feed.run(table(same | {"КПП": "770401001"}))
    assert counts(moved) == {"total": 1, "done": 1, "changed": 1}
    (event,) = await feed.registry.told()
    assert (str(event.school_id), event.changed, event.kpp) == (school_id, ["kpp"], "770401001")


async def test_a_row_of_two_schools_and_a_row_of_a_closed_one_are_refused(feed: Feed) -> None:
    await feed.run(table(row(1), row(2)))
    await feed.registry.told()
    both = row(1) | {"ОГРН": row(2)["ОГРН"]}
    await feed.registry.it.runtime.database.pool.execute(
        "UPDATE school SET status = 'closed', version = version + 1 WHERE inn = $1", row(2)["ИНН"]
    )
    done = await feed.run(table(row(2)))
    assert "закрыта" in (await feed.report(done["import_id"]))[0][5]
    await feed.registry.it.runtime.database.pool.execute("UPDATE school SET status = 'active'")
    done = await feed.run(table(both))
    assert "разным школам" in (await feed.report(done["import_id"]))[0][5]
    assert await feed.registry.told() == []


async def test_requests_that_waited_for_schools_of_the_file_resume(feed: Feed) -> None:
    for serial in (1, 2):
        await feed.registry.ask(school={"inn": school_form(serial)["inn"]})
    await feed.registry.told()
    await feed.run(table(row(1), row(2), row(3)))
    told = Counter(event.topic for event in await feed.registry.told())
    assert told == {"school-registered": 3, "account-request-referred": 2}


async def test_what_is_missing_is_reported_and_stays(feed: Feed) -> None:
    await feed.registry.school(SCHOOL)  # applied for, never in the feed
    await feed.run(table(row(1), row(2), row(3)))
    await feed.registry.told()
    bad = row(2, Адрес="0")  # rejected, and yet about a school: not missing
    done = await feed.run(table(row(1), bad))
    assert counts(done) == {"total": 2, "done": 2, "unchanged": 1, "rejected": 1, "missing": 1}
    last = (await feed.report(done["import_id"]))[-1]
    assert (last[0], last[1], last[2]) == ("", "нет в файле", row(3)["ОГРН"])
    assert await feed.registry.told() == []


async def test_columns_can_be_mapped_and_orders_are_kept(feed: Feed) -> None:
    odd = {{"ИНН": "Налоговый №"}.get(name, name): value for name, value in row().items()}
    done = await feed.run(table(odd, delimiter=",", encoding="cp1251"), mapping='{"inn": "Налоговый №"}')
    assert counts(done) == {"total": 1, "done": 1, "new": 1}
    assert done["columns"]["inn"] == "Налоговый №"
    assert (done["file_name"], done["problem"]) == ("реестр.csv", None)


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ("{", "import-mapping-malformed"),
        ("[]", "import-mapping-malformed"),
        ('{"inn": 1}', "import-mapping-malformed"),
        ('{"nobody": "ИНН"}', "import-mapping-field"),
    ],
)
async def test_a_wrong_mapping(feed: Feed, mapping: str, code: str) -> None:
    answer = await feed.upload(table(row()), mapping=mapping)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["errors"][0]["pointer"] == "/mapping"


@pytest.mark.parametrize(
    ("form", "pointer"),
    [({"kind": "pupils"}, "/kind"), ({"mode": "now"}, "/mode"), ({"snapshot": "maybe"}, "/snapshot")],
)
async def test_wrong_forms(feed: Feed, form: dict[str, str], pointer: str) -> None:
    answer = await feed.upload(table(row()), **form)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_only_registrars_import(feed: Feed) -> None:
    import_id = await feed.queue(table(row()))
    head = feed.registry.it.signed_in(category="head")
    http: Any = feed.registry.http
    for method, path in (
        *(("GET", PATH), ("GET", f"{PATH}/{import_id}"), ("GET", f"{PATH}/{import_id}/report")),
        *(("POST", f"{PATH}/{import_id}/cancel"), ("POST", f"{PATH}/{import_id}/apply")),
    ):
        assert (await http.request(method, path, headers=head)).status_code == 403
        assert (await http.request(method, path)).status_code == 401
    feed.registrar = head
    assert (await feed.upload(table(row()))).status_code == 403


async def test_imports_are_listed_the_newest_first_and_repeated_uploads_make_one(feed: Feed) -> None:
    key = {"Idempotency-Key": "once"}
    first = (await feed.upload(table(row(1)), headers=key)).json()
    assert (await feed.upload(table(row(1)), headers=key)).json() == first
    other = await feed.upload(table(row(2)), headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    second = await feed.queue(table(row(2)))
    ids, cursor = [], ""
    while cursor is not None:
        params = {"limit": "1"} | ({"cursor": cursor} if cursor else {})
        page = (await feed.registry.http.get(PATH, params=params, headers=feed.registrar)).json()
        ids += [one["import_id"] for one in page["items"]]
        cursor = page["next"]
    assert ids == [second, first["import_id"]]
