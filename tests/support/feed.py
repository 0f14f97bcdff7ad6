"""A register as cities publish them: the same kinds of dirt as in the real one, and what has to come of it."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from registry.domain.city import city

HEADER = (
    *("0_ID", "1_Полное наименование", "1_Краткое наименование", "1_Номер", "1_Тип учреждения", "1_Вид учреждения"),
    *("0_INN", "0_OGRN", "0_KPP", "1_Подчинение", "0_Директор", "1_Юридический адрес", "1_Телефон"),
    *("1_Адрес электронной почты", "1_Сайт учреждения"),
)
NBSP = "\u00a0"
CERTIFICATES = ("007022179", "77№012387121", "002.067.850", "серия 77 № 012090245", "—", "0", "77 номер 013065402")
HEADS = ("Ершихин Николай Николаевич", "и.о. Сырова Мария Андреевна", "Будник Марина Олеговна - ИО заведующего", "нет")
PHONES = ("(495) 963-76-77", "947-53-85", "8 - 499 - 711-51-09; (499)161-13-40 доб. 12", "#Н/Д")
EMAILS = ("office{n}@mail.ru", "a{n}@list.ru;b{n}@ sinergi.ru;", "dskv{n}.mskzapad.ru", "c{n}@yandex.ru.")
SITES = ("sch{n}.mskobr.ru", "http:// sad{n}.ru/; dou{n}.mskobr.ru", "школа", "—")
OGRNS = 5  # one row in so many has one


@dataclass(frozen=True)
class Register:
    """A file, and how many of its rows are what."""

    data: bytes
    rows: int
    registered: int
    with_ogrn: int


def register(rows: int) -> Register:
    """Of so many rows, the last five are those that cannot be registered."""
    schools = [school.form for school, _ in zip(city(), range(rows - 4), strict=False)]
    table = [list(_row(number, form)) for number, form in enumerate(schools)]
    for number, kpp in ((0, "0"), (1, "7799011001")):
        table.append(_like(table[number], "0_KPP", kpp))
    table.append(_like(_like(table[2], "0_INN", "—"), "0_KPP", "0"))
    table.append(_like(table[3], "0_ID", "99999"))  # the same INN and KPP
    address = HEADER.index("1_Юридический адрес")
    table[4][address] = "0"
    return Register(as_csv(HEADER, table), rows, rows - 5, sum(n % OGRNS == 0 for n in range(rows - 4)))


def _row(number: int, form: object) -> Sequence[str]:
    said = vars(form)
    certificate = CERTIFICATES[number % len(CERTIFICATES)]
    cells = (
        *(str(number + 1), said["full_name"].replace("«", '"').replace("»", '"'), said["short_name"]),
        *(str(number), "Общеобразовательное учреждение"),
        *(said["kind"], said["inn"], said["ogrn"] if number % OGRNS == 0 else certificate, said["kpp"]),
        *("Восточное окружное управление образования", HEADS[number % 4], said["address"].replace(", ", ",\n", 1)),
        *(each[number % 4].format(n=number) for each in (PHONES, EMAILS, SITES)),
    )
    return [NBSP + cell for cell in cells]


def _like(row: Sequence[str], column: str, value: str) -> list[str]:
    return [value if name == column else cell for name, cell in zip(HEADER, row, strict=True)]


def as_csv(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, encoding: str = "utf-8-sig", delimiter: str = ";"
) -> bytes:
    """The bytes of a file."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([header, *rows])
    return text.getvalue().encode(encoding)


def table(*rows: Mapping[str, str], **options: str) -> bytes:
    """A file with a column for every key of the first row."""
    header = list(rows[0])
    return as_csv(header, [[row.get(name, "") for name in header] for row in rows], **options)


def real_register() -> Path | None:
    """The real register, where it lies beside the checkout; it is not ours to keep."""
    for folder in Path(__file__).resolve().parents:
        found = folder / "shared" / "data" / "moscow-register.csv"
        if found.is_file():
            return found
    return None
