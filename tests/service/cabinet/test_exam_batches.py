"""Files of exam results: tried, applied, applied again, cancelled; a verdict on every row; workers that die."""

import csv
import io
from datetime import UTC, datetime

import pytest
from chassis.testing.opened import Opened
from ekis_contracts.cabinet import ExamResultsPublished
from openpyxl import Workbook

from .centre import HEADER, Centre, counts, file, line, ogrn, results, school_of, scores
from .school import School

DIRTY = file(
    line(ogrn(1), "a-01", 85, 40),
    line(ogrn(1), "Иванова", 85),
    line(ogrn(1), "a-02", 101, 120),
    line(ogrn(1), "a-03"),
    line("", "a-04", 50),
    line("12", "a-05", 50),
    line(ogrn(99), "a-06", 50),
    line(ogrn(2), "a-07", 50),
    line(ogrn(1), "A-01", 86),
    "",
    line(ogrn(1), "a-08", "", status="аннулирован"),
    line(ogrn(1), "a-09", "61,0", "–", status="сгорел"),
    line(ogrn(1), "a-10", 70) + ";;;лишнее",
    f'"{ogrn(1)}";"a-11";"1+1";"44"',
    line(ogrn(1), "a-12", "44", "31"),
)
VERDICTS = [
    (2, "new", []),
    (3, "rejected", [("code", "exam-code-format")]),
    (4, "rejected", [("primary_score", "exam-out-of-bounds"), ("test_score", "exam-out-of-bounds")]),
    (5, "rejected", [("test_score", "empty")]),
    (6, "rejected", [("ogrn", "exam-school-unnamed")]),
    (7, "rejected", [("ogrn", "exam-ogrn-format")]),
    (8, "rejected", [("ogrn", "exam-school-unknown")]),
    (9, "rejected", [("ogrn", "exam-school-closed")]),
    (10, "rejected", [("code", "exam-row-twice")]),
    (12, "rejected", [("status", "exam-nothing-to-annul")]),
    (13, "rejected", [("status", "exam-status-unknown")]),
    (14, "rejected", [("row", "exam-cells-extra")]),
    (15, "rejected", [("primary_score", "exam-out-of-bounds")]),
    (16, "new", []),
]


@pytest.fixture
def centre(cabinet: Opened) -> Centre:
    return Centre(cabinet)


@pytest.fixture
async def school(cabinet: Opened) -> School:
    return await school_of(cabinet, 1)


def workbook(data: bytes) -> bytes:
    book = Workbook()
    for cells in csv.reader(io.StringIO(data.decode()), delimiter=";"):
        book.worksheets[0].append([float(cell) if cell.isdigit() and len(cell) < 4 else cell or None for cell in cells])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("form", ["utf-8", "cp1251", "xlsx"])
async def test_a_bad_row_never_stops_the_others(cabinet: Opened, centre: Centre, school: School, form: str) -> None:
    await school_of(cabinet, 2, status="closed")
    data = workbook(DIRTY) if form == "xlsx" else DIRTY.decode().replace("–", "-").encode(form)
    tried = await centre.bring(data, "dry-run")
    assert (tried["state"], tried["total"], tried["done"], counts(tried)) == ("done", 14, 14, (2, 0, 0, 12))
    assert await centre.rows(tried) == VERDICTS
    assert await results(school.head) == []
    applied = await centre.bring(data)
    assert await centre.rows(applied) == VERDICTS
    assert await centre.rows(applied, verdict="new") == [VERDICTS[0], VERDICTS[-1]]
    assert scores(await results(school.head)) == [("A-01", "approved", 1, 40, 85), ("A-12", "approved", 1, 31, 44)]


async def test_a_dry_run_is_applied_without_being_sent_again(centre: Centre, school: School) -> None:
    tried = await centre.bring(file(line(ogrn(1), "a-01", 85)), "dry-run")
    assert tried["published_at"] is None
    answer = await centre.ask("POST", f"/{tried['batch_id']}/apply")
    assert (answer.status_code, answer.json()["state"], answer.json()["mode"]) == (200, "queued", "apply")
    await centre.work()
    applied = await centre.batch(tried["batch_id"])
    assert (applied["state"], counts(applied), applied["batch_version"]) == ("done", (1, 0, 0, 0), 1)
    assert len(await results(school.head)) == 1
    again = await centre.ask("POST", f"/{tried['batch_id']}/apply")
    assert (again.status_code, again.json()["code"], again.json()["state"]) == (409, "wrong-step", "done")


async def test_what_was_tried_is_compared_anew_when_it_is_applied(centre: Centre, school: School) -> None:
    tried = await centre.bring(file(line(ogrn(1), "a-01", 85), line(ogrn(1), "a-02", 60)), "dry-run")
    await centre.bring(file(line(ogrn(1), "a-01", 85)))
    await centre.ask("POST", f"/{tried['batch_id']}/apply")
    await centre.work()
    assert counts(await centre.batch(tried["batch_id"])) == (1, 0, 1, 0)
    assert [one["version"] for one in await results(school.head)] == [1, 1]


async def test_the_same_file_again_changes_nothing_and_says_nothing(
    cabinet: Opened, centre: Centre, school: School
) -> None:
    data = file(line(ogrn(1), "a-01", 85, 40), line(ogrn(1), "a-02", 60))
    first = await centre.bring(data)
    ((event, envelope),) = [one for one in await cabinet.published() if isinstance(one[0], ExamResultsPublished)]
    assert (event.exam, event.year, event.subject, event.school_ids) == (
        "ЕГЭ",
        2026,
        "Русский язык",
        [school.school_id],
    )
    assert (str(event.batch_id), event.batch_version, envelope.sequence) == (first["batch_id"], 1, 1)
    before = [await cabinet.table(name) for name in ("exam_result", "exam_version", "exam_total", "notice")]
    again = await centre.bring(data, reason="повтор")
    assert (counts(again), again["published_at"], again["batch_version"]) == ((0, 0, 2, 0), None, 0)
    assert [await cabinet.table(name) for name in ("exam_result", "exam_version", "exam_total", "notice")] == before
    assert await cabinet.published() == []


async def test_a_change_needs_a_reason_and_every_version_is_kept(centre: Centre, school: School) -> None:
    await centre.bring(file(line(ogrn(1), "a-01", 85, 40), line(ogrn(1), "a-02", 60)))
    changed = file(line(ogrn(1), "a-01", 87), line(ogrn(1), "a-02", status="аннулирован", reason="Решение ГЭК"))
    refused = await centre.bring(changed)
    assert await centre.rows(refused) == [(2, "rejected", [("reason", "exam-reason-missing")]), (3, "changed", [])]
    assert refused["published_at"]
    applied = await centre.bring(changed, reason="Апелляция")
    assert counts(applied) == (0, 1, 1, 0)
    shown = await results(school.head)
    assert scores(shown) == [("A-01", "changed", 2, 40, 87), ("A-02", "annulled", 2, None, None)]
    restored = await centre.bring(file(line(ogrn(1), "a-02", 71, reason="Пересдача")))
    assert counts(restored) == (0, 1, 0, 0)
    history = (await school.head.get(f"/exam-results/{shown[1]['result_id']}/versions")).json()["items"]
    assert [(one["version"], one["state"], one["test_score"], one["reason"]) for one in history] == [
        (3, "changed", 71, "Пересдача"),
        (2, "annulled", None, "Решение ГЭК"),
        (1, "approved", 60, None),
    ]


async def test_the_report_is_a_file_that_does_nothing(cabinet: Opened, centre: Centre, school: School) -> None:
    await centre.bring(file(line(ogrn(1), "a-01", 85)))
    batch = await centre.bring(
        file(line("=cmd|x", "a-02", 101), line(ogrn(1), "a-01", 90, reason="Апелляция")), "dry-run"
    )
    answer = await centre.ask("GET", f"/{batch['batch_id']}/report")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    assert rows[0] == ["Строка", "Решение", "Школа", "Код участника", "Что изменилось", "Причины"]
    assert rows[1][:4] == ["2", "отклонено", "'=cmd|x", "A-02"]
    assert "ОГРН: ОГРН состоит из 13 цифр" in rows[1][5]
    assert "Тестовый балл: Нужно целое число от 0 до 100" in rows[1][5]
    assert rows[2][1:5] == ["изменён", "Школа № 1", "A-01", "Тестовый балл"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (file(), "list-empty"),
        ("Кто;Где\nОн;Тут".encode(), "exam-columns-missing"),
        (file("1;2", header="ОГРН;Код участника"), "exam-columns-missing"),
        (b"PK\x03\x04nonsense", "file-unreadable"),
        (b"\xd0\xcf\x11\xe0 of 1997", "file-xls"),
        (b"\x98\xff\x00", "file-unreadable"),
        (f'{HEADER}\n"{"x" * 140_000}'.encode(), "file-unreadable"),
    ],
)
async def test_what_is_no_file_of_results(centre: Centre, school: School, data: bytes, code: str) -> None:
    batch = await centre.bring(data)
    assert (batch["state"], batch["problem"]["code"], batch["published_at"]) == ("failed", code, None)
    assert "?" not in batch["problem"]["title"]


@pytest.mark.parametrize(
    ("form", "code", "pointer"),
    [
        ({"exam": "ЕЭГ"}, "exam-unknown", "/exam"),
        ({"subject": "Алхимия"}, "exam-subject-unknown", "/subject"),
        ({"year": "2008"}, "exam-year", "/year"),
        ({"year": "2999"}, "exam-year", "/year"),
        ({"year": "скоро"}, "int-parsing", "/year"),
        ({"mode": "наугад"}, "literal-error", "/mode"),
        ({"reason": "x" * 301}, "string-too-long", "/reason"),
        ({"reason": "x\u202ey"}, "forbidden-characters", "/reason"),
    ],
)
async def test_what_a_file_is_about_is_checked_at_once(
    centre: Centre, form: dict[str, str], code: str, pointer: str
) -> None:
    answer = await centre.send(file(line(ogrn(1), "a-01", 85)), **form)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]


async def test_an_empty_or_enormous_file_is_refused_at_once(centre: Centre) -> None:
    answer = await centre.send(b"")
    assert (answer.status_code, answer.json()["code"]) == (422, "file-empty")
    answer = await centre.send(b"x" * (16 * 2**20 + 1))
    assert (answer.status_code, answer.json()["code"]) == (422, "list-too-large")


async def test_names_are_written_in_many_ways_and_kept_in_one(centre: Centre, school: School) -> None:
    batch = await centre.bring(file(line(ogrn(1), "a-01", 85)), exam="ege", subject="математика  профильная")
    assert (batch["exam"], batch["subject"]) == ("ЕГЭ", "Математика (профильный уровень)")
    known = (await centre.ask("GET", "/dictionary")).json()["items"]
    assert [one["exam"] for one in known] == ["ЕГЭ", "ОГЭ", "ГВЭ"]
    assert "Математика (базовый уровень)" in known[0]["subjects"]


async def test_a_row_about_another_exam_has_slipped_in(centre: Centre, school: School) -> None:
    header = "ОГРН;Код участника;Тестовый балл;Экзамен;Год;Предмет"
    lines = [
        f"{ogrn(1)};a-{number};50;{about}"
        for number, about in enumerate(["ege;2026;русский язык", "ЕГЭ;2025;", ";;Физика"])
    ]
    batch = await centre.bring(file(*lines, header=header))
    another = [("exam", "exam-another")]
    assert await centre.rows(batch) == [(2, "new", []), (3, "rejected", another), (4, "rejected", another)]


async def test_schools_are_known_by_inn_and_kpp_too(cabinet: Opened, centre: Centre, school: School) -> None:
    await school_of(cabinet, 5, inn="7700000001", kpp="770202002", ogrn=None)
    header = "ИНН;КПП;Код участника;Балл"
    lines = ["7700000001;;a-1;50", "7700000001;770202002;a-1;50", "7700000001;999999999;a-1;50"]
    batch = await centre.bring(file(*lines, header=header))
    assert await centre.rows(batch) == [
        (2, "rejected", [("inn", "exam-school-several")]),
        (3, "new", []),
        (4, "rejected", [("inn", "exam-school-unknown")]),
    ]


async def test_an_appeal_is_taken_for_two_working_days(cabinet: Opened, centre: Centre, school: School) -> None:
    cabinet.clock.stop()
    batch = await centre.bring(file(line(ogrn(1), "a-01", 85)))
    (result,) = await results(school.head)
    assert result["appeal_until"] == batch["appeal_until"]
    until = datetime.fromisoformat(batch["appeal_until"]).astimezone(UTC)
    assert (until.hour, until.minute) == (21, 0), "midnight in Moscow"
    assert 2 <= (until - cabinet.clock()).days <= 11
