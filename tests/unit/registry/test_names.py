"""The same name compares as the same; another does not. A claimed school name is only a hint."""

from uuid import UUID

import pytest
from ekis_contracts.values import PersonName, SchoolFacts
from hypothesis import given
from hypothesis import strategies as st
from registry.domain.names import is_same_email, is_same_name, plain
from registry.domain.schools import SchoolForm, is_other_school, search_text


def person(text: str) -> PersonName:
    last, first, *rest = text.split("/")
    return PersonName(last_name=last, first_name=first, patronymic=rest[0] if rest else None)


def school(full_name: str, short_name: str = "ГБОУ") -> SchoolFacts:
    empty = dict.fromkeys(("kind", "inn", "kpp", "ogrn", "address", "phone", "email"), "")
    return SchoolForm(full_name=full_name, short_name=short_name, **empty).school(UUID(int=1), "feed").facts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ёлкин/Пётр/Ильич", "елкин/ПЕТР/ильич"),
        ("Салтыков-Щедрин/Иван", "Салтыков  Щедрин/Иван"),
        ("Салтыков – Щедрин/Иван", "Салтыков-Щедрин/Иван"),
        ("Иванова/Анна-Мария", " Иванова /Анна Мария"),
        ("Д'Артаньян/Шарль", "Д’Артаньян/Шарль"),
        ("Иванов/Иван/Иванович", "Иванов/Иван"),
        ("Иванов/Иван", "Иванов/Иван/Иванович"),
        ("Чайкин/Андрей", "Чайкин/Андрей"),  # the same letter, composed and not
        ("O'Neil/Ann", "ONEIL/ANN"),
    ],
)
def test_the_same_person(one: str, other: str) -> None:
    assert is_same_name(person(one), person(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Иванов/Иван/Иванович", "Иванов/Иван/Петрович"),
        ("Иванов/Иван", "Иванова/Иван"),
        ("Иванов/Иван", "Иван/Иванов"),
        ("Иванов/Иван", "Иванов/Ив"),
        ("Иванов/Иван", "Ивaнов/Иван"),  # a Latin a
    ],
)
def test_another_person(one: str, other: str) -> None:
    assert not is_same_name(person(one), person(other))


@given(st.text())
def test_the_plain_form_is_its_own_plain_form(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("A@b.ru", "a@B.ru", True), (None, None, False), ("", "", False), ("a@b.ru", None, False), ("a@b", "a@c", False)],
)
def test_addresses(one: str | None, other: str | None, same: bool) -> None:
    assert is_same_email(one, other) is same


@pytest.mark.parametrize(
    ("claimed", "known"),
    [
        (None, "Школа № 1505"),
        ("", "Школа № 1505"),
        ("школа 1505", "ГБОУ Гимназия № 1505"),  # renamed, the number stays
        ("Школа № 0012", "Школа № 12"),
        ("Преображенской школы", "Преображенская школа № 1505"),
        ("Преображенская школа № 1690", "Преображенская школа № 1505"),  # one of two agrees
        ("наша школа", "Государственное бюджетное учреждение Школа № 1505"),  # nothing to compare
        ("Преображенская школа", "Школа № 1505"),  # a nickname that the registry does not know
        ("ГБОУ СОШ", "ГБОУ Лицей имени Ломоносова"),
    ],
)
def test_a_name_that_may_mean_the_school(claimed: str | None, known: str) -> None:
    assert not is_other_school(claimed, school(known))


@pytest.mark.parametrize(
    ("claimed", "known"),
    [
        ("Школа № 1505", "Школа № 1690"),
        ("Гимназия 1505", "ГБОУ Гимназия № 150"),
        ("Ломоносовская гимназия", "Преображенская гимназия № 1690"),
        ("Лицей «Вторая школа» № 2", "Курчатовская школа № 1189"),
    ],
)
def test_a_name_that_clearly_means_another_school(claimed: str, known: str) -> None:
    assert is_other_school(claimed, school(known))


def test_the_search_looks_at_the_words_of_both_names() -> None:
    assert search_text(school("Зелёная-роща № 5", "ГБОУ «Роща»")) == "роща зеленая 5"
