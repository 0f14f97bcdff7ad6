"""What counts of a query, which words lead, and which school is the most alike."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from registry.domain.search import WORDS, Near, Query, is_weak, words

ONE, TWO, THREE = UUID(int=1), UUID(int=2), UUID(int=3)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("ГБОУ Школа № 1505", ["школа", "1505"]),
        ("школа1505", ["школа", "1505"]),
        ("№ 0005", ["5"]),
        ("№ 0", ["0"]),
        ("ГБОУ СОШ №5", ["школа", "5"]),
        ("Государственное бюджетное общеобразовательное учреждение города Москвы «Ёлочка»", ["елочка"]),
        ("Школа школа ШКОЛА", ["школа"]),
        ("Школа имени М. Горького", ["школа", "м", "горького"]),
        ("Горчаковский лицей", ["горчаковский", "лицей"]),  # no city
        ("государственное учреждение", []),
        ("%_'\"\\;--", []),
        ("", []),
    ],
)
def test_the_words_that_count(text: str, count: list[str]) -> None:
    assert words(text) == count


@given(st.text(max_size=300))
def test_any_text_has_few_words_to_look_for(text: str) -> None:
    query = Query(text)
    assert len(query.words) <= WORDS
    assert all(word.isalnum() for word in query.words)
    assert query.is_exact or query.words


@pytest.mark.parametrize(
    ("text", "inn", "ogrn"),
    [
        ("7718084659", "7718084659", None),
        ("ИНН 7718084659 школа", "7718084659", None),
        ("0411000017", "0411000017", None),  # begins with a zero
        ("1027739123455", None, "1027739123455"),
        ("7718084659/1027739123455", "7718084659", "1027739123455"),
        ("771801001", None, None),
        ("770808465", None, None),
        ("٧٧١٨٠٨٤٦٥٩", None, None),
    ],
)
def test_requisites_are_seen_among_the_words(text: str, inn: str | None, ogrn: str | None) -> None:
    assert (Query(text).inn, Query(text).ogrn) == (inn, ogrn)
    assert Query(text).is_exact is bool(inn or ogrn or not Query(text).words)


def test_telling_words_lead_as_they_were_typed_and_the_rarest_first() -> None:
    query = Query("школа берёзовая 1505")
    school, birch, number = Near(0, "школа", 100, 1_000), Near(1, "березовая", 100, 300), Near(2, "1505", 0, 7)
    alike, longer = Near(1, "березово", 60, 2), Near(2, "15051", 0, 1)
    assert query.leading([alike, school, birch, longer, number]) == [number, birch, longer, alike]
    assert Query("детская школа").leading([school, Near(0, "детский", 60, 3)]) == [Near(0, "детский", 60, 3), school]


def test_words_of_a_kind_weigh_little_and_the_shorter_name_wins() -> None:
    query = Query("школа 1505")
    near = [Near(0, "школа", 100, 9), Near(1, "1505", 0, 9), Near(1, "15051", 0, 9)]
    schools = [(ONE, "сад 1505"), (TWO, "школа 1505 корпус 2"), (THREE, "школа 1505")]
    assert [school_id for _, school_id in query.ranked(near, schools)] == [THREE, TWO, ONE]
    assert [school_id for _, school_id in query.ranked(near, [*schools, (UUID(int=4), "школа")])] == [THREE, TWO, ONE]
    assert query.ranked(near, [(ONE, "лицей 7")]) == []
    assert query.ranked([], schools) == []


def test_spelt_alike_is_less_than_begun_alike_and_that_less_than_the_word() -> None:
    query = Query("зелен")
    near = [Near(0, "зелен", 100, 1), Near(0, "зеленая", 55, 1), Near(0, "олень", 40, 1)]
    ranked = query.ranked(near, [(ONE, "олень"), (TWO, "зеленая"), (THREE, "зелен")])
    assert [school_id for _, school_id in ranked] == [THREE, TWO], "and what is clearly less alike is left out"


def test_a_kind_is_weak() -> None:
    assert all(map(is_weak, ("школа", "гимназия", "детский", "сад", "цо")))
    assert not any(map(is_weak, ("1505", "березовая", "горчаковский")))
