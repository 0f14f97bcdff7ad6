"""Which column holds what."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
import registry
from registry.domain.imports.headers import Layout, columns_of
from registry.domain.imports.jobs import Unreadable

LAYOUTS = {
    kind: Layout(tuple(one["required"]), one["columns"])
    for kind, one in tomllib.loads((Path(registry.__file__).parent / "imports.toml").read_text()).items()
}
SCHOOL = ["Полное наименование", "ИНН", "КПП", "Вид", "Адрес"]


def test_the_headers_of_the_real_register_are_known() -> None:
    header = (
        *("0_ID", "1_Полное наименование", "1_Краткое наименование", "1_Номер", "1_Тип учреждения", "1_Вид учреждения"),
        *("0_INN", "0_OGRN", "0_KPP", "0_Учредитель", "0_Тип собственности", "1_Организационно-правовая форма"),
        *("1_Подчинение", "0_Директор", "1_Юридический адрес", "1_Телефон", "1_Адрес электронной почты"),
        "1_Сайт учреждения",
    )
    places = columns_of(header, LAYOUTS["schools"], {})
    assert places == {
        "external_id": 0,
        "full_name": 1,
        "short_name": 2,
        "type": 4,
        "kind": 5,
        "inn": 6,
        "ogrn": 7,
        "kpp": 8,
        "okrug": 12,
        "head": 13,
        "address": 14,
        "phones": 15,
        "emails": 16,
        "site": 17,
    }


@pytest.mark.parametrize("kind", LAYOUTS)
def test_every_alias_is_one_field_s(kind: str) -> None:
    for field, aliases in LAYOUTS[kind].columns.items():
        for alias in aliases:
            layout = Layout((), LAYOUTS[kind].columns)
            assert columns_of([f" {alias.upper()}:"], layout, {}) == {field: 0}


def test_the_mapping_comes_first_and_one_column_may_stand_for_another() -> None:
    header = ["Налоговый №", "ИНН", *SCHOOL[2:], "Название"]
    assert columns_of(header, LAYOUTS["schools"], {"inn": "налоговый №", "full_name": "Название"})["inn"] == 0
    with pytest.raises(Unreadable, match="absent") as refused:
        columns_of(header, LAYOUTS["schools"], {"inn": "Другое", "full_name": "Название"})
    assert refused.value.params["absent"] == "Другое"


@pytest.mark.parametrize(
    ("kind", "header", "code", "missing"),
    [
        ("schools", SCHOOL[1:], "import-columns-missing", "Полное наименование"),
        (
            "schools",
            ["a"],
            "import-columns-missing",
            "Полное наименование, ИНН, КПП, Вид учреждения, Юридический адрес",
        ),
        ("staff", ["ИНН", "ФИО"], "import-columns-missing", "Должность"),
        ("staff", ["ИНН", "Фамилия", "Должность"], "import-columns-missing", "ФИО"),
        ("staff", ["7718084659", "Иванова Анна", "учитель"], "import-no-header", "ИНН школы, ФИО, Должность"),
    ],
)
def test_what_is_missing_is_named(kind: str, header: Sequence[str], code: str, missing: str) -> None:
    with pytest.raises(Unreadable, match=code) as refused:
        columns_of(header, LAYOUTS[kind], {})
    assert refused.value.params["missing"] == missing
    assert ("Иванова" in str(refused.value.params)) is False
