"""Files that cannot be read: a verdict with a remedy, never a stack trace, nothing half done."""

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from feed import as_csv, table
from openpyxl import Workbook
from registry.domain.imports.jobs import LARGEST

from .conftest import Registry
from .imports import Feed, counts
from .test_imports import row

HEADER = list(row())


@pytest.fixture
def feed(registry: Registry) -> Feed:
    return Feed(registry)


def xlsx(*rows: Sequence[Any], places: dict[str, Any] | None = None) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    for cells in rows:
        sheet.append(list(cells))
    for place, value in (places or {}).items():
        sheet[place] = value
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def bomb(sheet: bytes, copies: int) -> bytes:
    """A small archive whose sheet unpacks to very much."""
    honest = zipfile.ZipFile(io.BytesIO(xlsx(HEADER)))
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as made:
        for part in honest.namelist():
            with made.open(part, "w") as file:
                if part.endswith("sheet1.xml"):
                    for _ in range(copies):
                        file.write(sheet)
                else:
                    file.write(honest.read(part))
    return data.getvalue()


def entities() -> bytes:
    inner = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    lol = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "lol">{inner}]><worksheet><a>&e9;</a></worksheet>'
    return bomb(lol.encode(), 1)


def halves(first: str, second: str) -> bytes:
    """A file whose second part came from elsewhere."""
    return table(row(1), encoding=first) + as_csv([], [list(row(2).values())], encoding=second)


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "import-file-empty"),
    "blank lines": (lambda: b"\n \n;;;\n", "import-file-empty"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "import-file-binary"),
    "utf-16": (lambda: table(row(), encoding="utf-16"), "import-file-binary"),
    "old excel": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 100, "import-file-xls"),
    "header alone": (lambda: as_csv(HEADER, []), "import-no-rows"),
    "no header": (lambda: as_csv(list(row(1).values()), [list(row(2).values())]), "import-columns-missing"),
    "wrong header": (lambda: as_csv(["ИНН", "Фамилия"], [["1", "2"]]), "import-columns-missing"),
    "koi8": (lambda: as_csv(HEADER, [["1"]], encoding="koi8-r"), "import-columns-missing"),
    "utf-8, then cp1251": (lambda: halves("utf-8-sig", "cp1251"), "import-file-mixed"),
    "cp1251, then utf-8": (lambda: halves("cp1251", "utf-8"), "import-file-mixed"),
    "no such byte": (lambda: table(row(), encoding="cp1251") + b"\x98\n", "import-file-unknown"),
    "one long line": (lambda: b"x" * (LARGEST - 1), "import-line-long"),
    "an open quote": (lambda: table(row()) + b'"' + b"a;b\n" * 100_000, "import-quote-open"),
    "too wide": (lambda: as_csv([*HEADER, *map(str, range(300))], [[]]), "import-too-wide"),
    "too long": (lambda: as_csv(HEADER, []) + b"1;2\n" * 200_001, "import-too-long"),
    "no archive": (lambda: b"PK\x03\x04" + b"x" * 1000, "import-sheet-broken"),
    "no workbook": (lambda: bomb(b"<nonsense", 1), "import-sheet-broken"),
    "sparse sheet": (lambda: xlsx(HEADER, places={"XFD1048576": 1}), "import-too-long"),
    "wide sheet": (lambda: xlsx(HEADER, places={"XFD2": 1}), "import-too-wide"),
    "zip bomb": (lambda: bomb(b"<row></row>" * 100_000, 100), "import-sheet-large"),
    "entities": (entities, "import-sheet-broken"),
}


@pytest.mark.parametrize("kind", BAD)
async def test_what_cannot_be_read_fails_with_a_remedy(feed: Feed, kind: str) -> None:
    make, code = BAD[kind]
    failed = await feed.run(make())
    assert (failed["state"], failed["problem"]["code"], counts(failed)) == ("failed", code, {})
    assert "?" not in failed["problem"]["title"]
    assert len(failed["problem"]["title"]) > 20
    english = await feed.state(failed["import_id"], **{"Accept-Language": "en"})
    assert english["problem"]["title"] != failed["problem"]["title"]
    assert await feed.report(failed["import_id"]) == []
    assert await feed.registry.row("SELECT count(*) FROM import_chunk") == {"count": 0}
    assert (await feed.post(failed["import_id"], "apply")).status_code == 409


async def test_a_wrong_header_names_what_is_missing_and_what_was_seen(feed: Feed) -> None:
    title = (await feed.run(as_csv(["ИНН", "Фамилия"], [["1", "2"]])))["problem"]["title"]
    for name in ("Полное наименование", "КПП", "Вид учреждения", "Юридический адрес", "Фамилия"):
        assert name in title


async def test_a_file_without_a_header_does_not_repeat_who_stands_in_it(feed: Feed) -> None:
    failed = await feed.run(as_csv(["7718084659", "Иванова Анна"], [["7718084659", "Петрова Анна"]]), kind="staff")
    assert failed["problem"]["code"] == "import-no-header"
    assert "Иванова" not in await feed.registry.it.everything()


async def test_a_mapping_to_a_column_that_is_not_there(feed: Feed) -> None:
    failed = await feed.run(table(row()), mapping='{"inn": "Налоговый номер"}')
    assert failed["problem"]["code"] == "import-mapping-absent"
    assert "Налоговый номер" in failed["problem"]["title"]


async def test_a_file_that_is_too_large_is_refused_with_the_limit(feed: Feed) -> None:
    answer = await feed.upload(b"x" * (LARGEST + 2 * 1024 * 1024))
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert "33 МБ" in answer.json()["title"]
    assert await feed.registry.row("SELECT count(*) FROM import") == {"count": 0}
    small = await feed.registry.http.post("/registry/applications", content=b"x" * 2_000_000)
    assert (small.status_code, "1 МБ" in small.json()["title"]) == (413, True)


async def test_a_file_without_the_form_is_refused(feed: Feed) -> None:
    for content in (b"", b"--x\r\n", b"{}"):
        headers = feed.registrar | {"Content-Type": "multipart/form-data; boundary=x"}
        answer = await feed.registry.http.post("/registry/imports", content=content, headers=headers)
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.json()["code"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
async def test_every_usual_way_to_save_a_table(feed: Feed, encoding: str, delimiter: str) -> None:
    rows = [row(1, Адрес='г. Примерный, ул. "Школьная";\nд. 6, корп. 1'), row(2)]
    done = await feed.run(table(*rows, encoding=encoding, delimiter=delimiter))
    assert counts(done) == {"total": 2, "done": 2, "new": 2}
    schools = await feed.schools()
    assert schools["Школа № 1"]["address"] == 'г. Примерный, ул. "Школьная"; д. 6, корп. 1'


async def test_a_sheet_of_a_spreadsheet(feed: Feed) -> None:
    one, two = row(1), row(2)
    numbers = {"ИНН": int(two["ИНН"]), "КПП": float(two["КПП"]), "ОГРН": int(two["ОГРН"])}
    done = await feed.run(xlsx(HEADER, list(one.values()), [], [numbers.get(name, two[name]) for name in HEADER]))
    assert counts(done) == {"total": 2, "done": 2, "new": 2}
    schools = await feed.schools()
    assert {name: (one["inn"], one["ogrn"]) for name, one in schools.items()} == {
        "Школа № 1": (one["ИНН"], one["ОГРН"]),
        "Школа № 2": (two["ИНН"], two["ОГРН"]),
    }
    assert [line[0] for line in await feed.report(done["import_id"])] == ["2", "4"]


async def test_rows_that_slipped_blank_lines_and_hostile_cells(feed: Feed) -> None:
    slipped = as_csv(
        [],
        [[*row(1).values(), "лишнее", "лишнее"], [""], [*list(row(2).values())[:6], "г. Примерный"]],
        encoding="utf-8",
    )
    formula = row(3, ОГРН="=cmd|'/c calc'!A1", Сайт="＝1+1", Почта="@SUM(1)")
    hostile = row(4, **{"Полное наименование": "Школа\u202e\u200b № 4", "Телефон": "\t+7 495 123-45-67"})
    done = await feed.run(table(formula, hostile) + slipped)
    assert counts(done) == {"total": 4, "done": 4, "new": 3, "rejected": 1}
    assert (await feed.schools())["Школа № 4"]["full_name"] == "Школа № 4"
    answer = await feed.registry.http.get(done["report_url"].removeprefix("/api"), headers=feed.registrar)
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["content-disposition"]
    for line in await feed.report(done["import_id"]):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝")) for cell in line)
