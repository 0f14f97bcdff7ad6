"""Cells of the feed: tidied, split, checked; what is wrong is remarked on and never raises."""

from collections.abc import Callable
from typing import Any

import pytest
from ekis_contracts import fields
from ekis_contracts.fault import Fault
from hypothesis import example, given
from hypothesis import strategies as st
from registry.domain.imports.cells import Cells, email, is_nothing, phone, tidy
from registry.domain.imports.heads import head_of
from registry.domain.imports.schools import read_school
from registry.domain.imports.staff import read_person

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (f"{NBSP} ГБОУ{NBSP}{NBSP}Школа\n№ 1 ", "ГБОУ Школа № 1"),
        ("Шко\u00adла\u200b", "Школа"),
        ("\ufeffИНН", "ИНН"),
        ("a\x00b\x07c", "abc"),
        ("и\u0306од", "йод"),
        ("", ""),
    ],
)
def test_tidy(cell: str, text: str) -> None:
    assert tidy(cell) == text


@example("0 \ud7fc 0")
@given(st.text())
def test_tidy_text_is_one_printable_line_and_stays_so(cell: str) -> None:
    text = tidy(cell)
    assert text.isprintable()
    assert text == text.strip()
    assert tidy(text) == text


@pytest.mark.parametrize("cell", ["", "—", "-", "#Н/Д", "#N/A", "нет", "НЕТ", "0", "н/д", "#ЗНАЧ!"])
def test_nothing_is_written_in_many_ways(cell: str) -> None:
    assert is_nothing(tidy(cell))
    cells = Cells({"site": cell}, is_public=True)
    assert (cells.text("site"), bool(cells.remarks)) == (None, bool(cell))
    assert Cells({"inn": cell}, is_public=True).required("inn") is None


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("(495) 963-76-77", ["+74959637677"]),
        ("8-(499)-122-05-01", ["+74991220501"]),
        ("8 - 495 - 711-51-09", ["+74957115109"]),
        ("+7 (499) 138-5979", ["+74991385979"]),
        ("8(495)426-64-11; (495) 963-76-77, 8 495 426 64 11", ["+74954266411", "+74959637677"]),
        ("(495) 963-76-77 доб. 12", ["+74959637677"]),
        ("(495) 963-76-77, доб.5; 947-53-85", ["+74959637677"]),
        ("947-53-85", []),  # of which city?
        ("позвонить завхозу", []),
    ],
)
def test_phones(cell: str, numbers: list[str]) -> None:
    cells = Cells({"phones": cell}, is_public=True)
    assert cells.phones("phones") == numbers
    assert bool(cells.remarks) == ("доб" in cell or "947" in cell or not numbers)


@given(st.from_regex(r"(\+7|8|7)?[ (-]{0,2}[0-9]{3}[ )-]{0,2}[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{2}", fullmatch=True))
def test_the_short_way_to_a_phone_is_the_long_one(text: str) -> None:
    assert said(phone, text) == said(fields.phone, text)


@given(st.from_regex(r"[a-z0-9_.-]{1,9}@([a-z0-9-]{1,8}\.){1,3}(ru|com|net|test|local|рф)", fullmatch=True))
def test_the_short_way_to_an_address_is_the_long_one(text: str) -> None:
    assert said(email, text) == said(fields.email, text)


def said(rule: Callable[[str], str], text: str) -> str:
    try:
        return rule(text)
    except Fault as fault:
        return fault.code


@pytest.mark.parametrize(
    ("cell", "addresses"),
    [
        ("a@mail.ru;b@ sinergi.ru, c@list.ru", ["a@mail.ru", "b@sinergi.ru", "c@list.ru"]),
        ("a@mail.ru; a@MAIL.ru; http://ds1.ru", ["a@mail.ru"]),
        ("a@yandex.ru.", ["a@yandex.ru"]),
        ("сa@mail.ru", []),  # a Cyrillic letter that looks like a Latin one
        ("a@mail ru", []),
    ],
)
def test_emails(cell: str, addresses: list[str]) -> None:
    assert Cells({"emails": cell}, is_public=True).emails("emails") == addresses


@pytest.mark.parametrize(
    ("cell", "site"),
    [
        ("SCH12.mskobr.ru/", "http://sch12.mskobr.ru"),
        ("http:// schuz535.mskobr.ru; other.ru", "http://schuz535.mskobr.ru"),
        ("http//:s1701.zouo.ru", "http://s1701.zouo.ru"),
        ("https:/a.ru/~Sch/", "https://a.ru/~Sch"),
        ("d999@zouo.ru; сад1693.рф", "http://сад1693.рф"),
        ("школа", None),
        ("sch945", None),
        ("javascript:alert(1)", None),
    ],
)
def test_sites(cell: str, site: str | None) -> None:
    assert Cells({"site": cell}, is_public=True).site("site") == site


@pytest.mark.parametrize(
    ("cell", "head"),
    [
        ("Ершихин Николай Николаевич", ("Ершихин Николай Николаевич", None)),
        ("И.о. директора Мариничева Ирина Петровна", ("Мариничева Ирина Петровна", "и.о. директора")),
        ("и. о. Гудошникова Мария Сергеевна", ("Гудошникова Мария Сергеевна", "и.о. руководителя")),
        ("И.О.Концевенко Татьяна Андреевна", ("Концевенко Татьяна Андреевна", "и.о. руководителя")),
        ("ИО Рослый Дмитрий Викторович", ("Рослый Дмитрий Викторович", "и.о. руководителя")),
        ("И.О. Директора: Варенникова Наталья", ("Варенникова Наталья", "и.о. директора")),
        ("и.о. заведующего - Абрамчик Галина", ("Абрамчик Галина", "и.о. заведующего")),
        ("и.о. завед. Сырова Мария", ("Сырова Мария", "и.о. заведующего")),
        ("и.о.заведующей Широносова Светлана", ("Широносова Светлана", "и.о. заведующей")),
        ("Исполняющий обязанности директора школы Копытова Мария", ("Копытова Мария", "и.о. директора")),
        ("исполняющая обязанности Хаджинова Ольга", ("Хаджинова Ольга", "и.о. руководителя")),
        ("Заведующий Асташина Елена Андреевна", ("Асташина Елена Андреевна", "заведующий")),
        ("Варфаломеев Юрий Викторович - ИО директора", ("Варфаломеев Юрий Викторович", "и.о. директора")),
        ("Говоркова Людмила (И.о. заведующего ГБОУ № 1929)", ("Говоркова Людмила", "и.о. заведующего")),
        ("И.О. ректора Грязев Н.А.", ("Грязев Н.А.", "и.о. ректора")),
        ("Завражная Людмила Павловна", ("Завражная Людмила Павловна", None)),
        ("Ионова Ольга Юрьевна", ("Ионова Ольга Юрьевна", None)),
        ("Директоренко Анна Ивановна", ("Директоренко Анна Ивановна", None)),
        ("Салтыков-Щедрин Михаил", ("Салтыков-Щедрин Михаил", None)),
        ("вакансия", (None, None)),
    ],
)
def test_heads(cell: str, head: tuple[str | None, str | None]) -> None:
    assert head_of(cell) == head


FIELDS = (
    "full_name",
    "short_name",
    "kind",
    "type",
    "inn",
    "kpp",
    "ogrn",
    "address",
    "phones",
    "emails",
    "site",
    "head",
)
PEOPLE = ("school_inn", "full_name", "last_name", "first_name", "post", "category", "email", "employment", "since")
cells = st.text(max_size=60) | st.sampled_from(
    ["#Н/Д", "и.о. ", "@@", "http://", "(495) 963-76-77;", "7718084659", "\x00"]
)


@given(st.dictionaries(st.sampled_from(FIELDS), cells), st.booleans())
def test_no_cell_breaks_a_row_about_a_school(raw: dict[str, str], slipped: bool) -> None:
    row = read_school(7, raw, has_more=slipped)
    assert row.reasons or {"full_name", "short_name", "kind", "inn", "kpp", "address"} <= row.fields.keys()
    assert all("\x00" not in str(value) for value in row.fields.values())


@given(st.dictionaries(st.sampled_from(PEOPLE), cells), st.booleans())
def test_no_cell_breaks_a_row_about_a_person(raw: dict[str, str], slipped: bool) -> None:
    row = read_person(7, raw, has_more=slipped, salt=b"salt")
    assert row.reasons or (row.name.last_name and row.entry.post and (row.inn or row.ogrn))
    about = [one for one in (*row.reasons, *row.remarks) if not one.field.startswith("school_")]
    said = {name: value for one in about for name, value in one.params.items()}
    assert said.keys() <= {"letter", "max_length"}, "nothing about a person is repeated"
    assert len(said.get("letter", "")) <= 1


def test_a_phone_without_its_area_code_is_refused_everywhere() -> None:
    with pytest.raises(Fault, match="phone-format"):
        fields.phone("947-53-85")


def test_a_row_reads_the_same_twice() -> None:
    raw: dict[str, Any] = {"full_name": "Школа", "kind": "Школа", "inn": "7718084659", "kpp": "771801001"}
    raw |= {"address": "Мск", "head": "и.о. Сырова Мария", "site": "a.ru; b.ru", "phones": "#Н/Д"}
    assert read_school(2, raw, has_more=False) == read_school(2, raw, has_more=False)


@pytest.mark.parametrize("cell", ["1;" * 30_000, "a@; " * 20_000, "x " * 30_000])
def test_a_cell_full_of_rubbish_costs_a_handful_of_remarks(cell: str) -> None:
    cells = Cells(dict.fromkeys(("phones", "emails", "site"), cell), is_public=True)
    assert (cells.phones("phones"), cells.emails("emails"), cells.site("site")) == ([], [], None)
    assert len(cells.remarks) < 70
    assert {"too-long"} < {one.code for one in cells.remarks}
