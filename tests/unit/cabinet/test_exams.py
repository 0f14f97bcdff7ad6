"""Exams: how names are understood, what a row means, what may be told of a group."""

from typing import Any

import pytest
from cabinet.exams.domain.dictionary import Taught, exam_named, exam_of, exams, is_entitled, subjects_of
from cabinet.exams.domain.rows import Row, School, find_schools, layout_of, parse
from cabinet.exams.domain.summary import BANDS, FEWEST, HIGHEST, Average, Group, averages, distribution
from cabinet.exams.gateways import COLUMNS
from cabinet.sheets.domain import Unreadable, plain
from chassis.db import new_id
from chassis.errors import Invalid
from ekis_tables.writing import csv_lines
from hypothesis import given
from hypothesis import strategies as st

RUSSIAN = exam_of("ЕГЭ", "Русский язык")
HEADER = ["ОГРН", "ИНН", "КПП", "Код участника", "Первичный балл", "Тестовый балл", "Отметка", "Статус"]


def row(**cells: str) -> Row:
    usual = {"ОГРН": "1027700000001", "Код участника": "a-1", "Тестовый балл": "50"} | cells
    return parse(2, [usual.get(name, "") for name in HEADER], layout_of(HEADER, COLUMNS, RUSSIAN, 2026))


@pytest.mark.parametrize("name", ["ЕГЭ", "егэ", "ege", "Единый государственный экзамен"])
def test_an_exam_has_many_names(name: str) -> None:
    assert exam_named(name) == "ЕГЭ"


def test_every_subject_is_found_by_its_own_name() -> None:
    for exam in exams():
        for subject in subjects_of(exam):
            assert exam_of(exam, subject.upper()).subject == subject


def test_what_is_no_subject_names_those_that_are() -> None:
    with pytest.raises(Invalid) as refused:
        exam_of("ОГЭ", "Математика (базовый уровень)")
    assert "Русский язык" in refused.value.params["known"]


@pytest.mark.parametrize(
    ("subject", "exam", "is_it"),
    [
        ("Алгебра и начала анализа", ("ЕГЭ", "Математика (профильный уровень)"), True),
        ("Физическая культура", ("ЕГЭ", "Физика"), False),
        ("Физика", ("ЕГЭ", "Физика"), True),
        ("Иностранный язык (английский)", ("ОГЭ", "Английский язык"), True),
        ("Родной язык", ("ЕГЭ", "Русский язык"), False),
    ],
)
def test_the_diary_calls_subjects_otherwise(subject: str, exam: tuple[str, str], *, is_it: bool) -> None:
    assert exam_of(*exam).is_taught_as(subject) == is_it


def test_who_taught_the_year_before_or_a_lower_grade_is_not_entitled() -> None:
    assert is_entitled([Taught(2025, 11, "Русский язык")], RUSSIAN, 2026)
    assert not is_entitled([Taught(2024, 11, "Русский язык"), Taught(2025, 9, "Русский язык")], RUSSIAN, 2026)
    assert not is_entitled([], RUSSIAN, 2026)


@pytest.mark.parametrize("score", ["0", "100", "061", "61.00", "61,0"])
def test_scores_are_whole_numbers_in_bounds(score: str) -> None:
    assert row(**{"Тестовый балл": score}).reasons == []


@pytest.mark.parametrize("score", ["101", "-1", "61.5", "１２", "x", "1e1", "99999", "5 0"])
def test_what_is_no_score_is_rejected(score: str) -> None:
    assert [one.code for one in row(**{"Тестовый балл": score}).reasons] == ["exam-out-of-bounds"]


@pytest.mark.parametrize("code", ["Иванова", "Анна 5", "1" * 41, "а\u202e1", "<1>", "-1"])
def test_a_name_is_no_code(code: str) -> None:
    assert [one.code for one in row(**{"Код участника": code}).reasons] == ["exam-code-format"]


def test_what_is_annulled_has_no_scores_whatever_the_row_repeats() -> None:
    annulled = row(**{"Статус": "Аннулирован", "Тестовый балл": "120"})
    assert (annulled.is_annulled, annulled.test_score, annulled.reasons) == (True, None, [])


def test_columns_without_which_nothing_means_anything_are_named() -> None:
    with pytest.raises(Unreadable) as refused:
        layout_of(["Код участника", "Что-то"], COLUMNS, RUSSIAN, 2026)
    assert refused.value.params["missing"] == "ОГРН, Тестовый балл"


def test_no_two_columns_share_a_name() -> None:
    names = [plain(name) for names in COLUMNS.values() for name in names]
    assert sorted(names) == sorted(set(names))


def test_a_branch_is_named_by_inn_and_kpp() -> None:
    whole, branch = (School(new_id(), "7700000001", kpp, ogrn, False) for kpp, ogrn in (("1", "2" * 13), ("3", None)))
    said = [row(ОГРН="", ИНН="7700000001", КПП="3"), row(ИНН="7700000001", КПП="3")]
    find_schools(said, [whole, branch])
    assert [one.school_id for one in said] == [branch.school_id, branch.school_id]
    other = row(ОГРН="", ИНН="7700000001")
    find_schools([other], [whole, branch])
    assert [one.code for one in other.reasons] == ["exam-school-several"]


groups = st.builds(Group, st.integers(0, 30), st.integers(0, 3000))


@given(groups, groups, groups)
def test_nothing_shown_tells_of_fewer_than_five(own: Group, near: Group, far: Group) -> None:
    district = Group(own.counted + near.counted, own.score + near.score)
    city = Group(district.counted + far.counted, district.score + far.score)
    shown = averages(own, district, city)
    known = [group for group, it in zip((own, district, city), shown, strict=True) if it.average is not None]
    assert all(group.counted >= FEWEST for group in known)
    reader = [own, *known]  # who reads it has the list of the own school
    left = {large.counted - small.counted for large in known for small in reader if large.counted >= small.counted}
    assert not {part for part in left if 0 < part < FEWEST}


def test_averages_are_told_to_a_tenth() -> None:
    assert averages(Group(6, 400), None, Group(20, 1000)) == (
        Average(66.7, 6), Average(None, hidden="no-district"), Average(50.0)
    )  # fmt: skip


@pytest.mark.parametrize("score", ["test", "mark"])
def test_every_score_lies_in_one_band(score: Any) -> None:
    for value in range(BANDS[score][0], HIGHEST[score] + 1):
        bands = distribution({value: FEWEST}, score)
        assert bands is not None
        assert [band.results for band in bands if band.results] == [FEWEST]
    assert distribution({50: FEWEST - 1}, score) is None


def test_cells_of_a_csv_do_nothing() -> None:
    assert csv_lines([["=1+1", None, 5, "-"]]) == "'=1+1;;5;'-\r\n"
