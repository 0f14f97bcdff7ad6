"""A city that does not exist: schools with valid requisites and their staff, the same at every run."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from ekis_contracts.values import Category, PersonName

from registry.domain.requisites import inn_check_digit, ogrn_check_digit
from registry.domain.schools import SchoolForm
from registry.domain.staff import StaffEntry

SCHOOLS = 3_500
STAFFED = 40
STAFF = 2_000
TAX_OFFICE = "7799"  # no such office: nobody's real requisites begin so

_DISTRICTS = (
    *("Берёзовый", "Верхние Поля", "Заречный", "Ивовый", "Каменный Мост", "Кленовый", "Липки", "Луговой", "Малиновка"),
    *("Новый Яр", "Озёрный", "Речной", "Родники", "Северный Луг", "Сосновка", "Старый Сад", "Холмы", "Яблоневый"),
)
_KINDS = (
    ("Школа", "Средняя общеобразовательная школа"),
    ("Гимназия", "Гимназия"),
    ("Лицей", "Лицей"),
    ("Детский сад", "Детский сад"),
    ("Центр образования", "Центр образования"),
)
_STREETS = ("Школьная", "Садовая", "Лесная", "Полевая", "Весенняя", "Озёрная", "Кленовая", "Рябиновая", "Солнечная")
_LAST = (
    *("Берёзкин", "Васильков", "Гречихин", "Дубравин", "Ельников", "Журавлин", "Зорькин", "Ивняков", "Калинкин"),
    *("Ландышев", "Малинкин", "Незабудкин", "Орешников", "Подсолнухов", "Ромашкин", "Сиренин", "Тополёв", "Фиалкин"),
)
_FIRST_F = ("Анна", "Вера", "Галина", "Дарья", "Елена", "Жанна", "Зоя", "Ирина", "Лариса", "Мария", "Нина", "Ольга")
_FIRST_M = ("Андрей", "Борис", "Виктор", "Глеб", "Денис", "Егор", "Илья", "Кирилл", "Лев", "Максим", "Олег", "Пётр")
_FATHERS = ("Андре", "Никола", "Серге", "Алексе", "Матве", "Тимофе", "Евгень", "Валерь")  # + евна, евич
_POSTS = (
    *("учитель математики", "учитель русского языка", "учитель физики", "учитель истории", "учитель начальных классов"),
    *("учитель английского языка", "педагог-психолог", "заместитель директора", "социальный педагог", "библиотекарь"),
)


@dataclass(frozen=True)
class SeededSchool:
    """A school with its first people."""

    form: SchoolForm
    people: tuple[StaffEntry, ...]


@dataclass(frozen=True)
class DemoPerson:
    """A place on the first school's roll, and what a request of this person shows."""

    entry: StaffEntry
    shows: str


def _demo(name: str, post: str, shows: str, email: str | None, category: Category = "employee") -> DemoPerson:
    last, first, patronymic = name.split()
    person = PersonName(last_name=last, first_name=first, patronymic=patronymic)
    return DemoPerson(StaffEntry(person, post, category, email=f"{email}@{domain(1)}" if email else None), shows)


def domain(number: int) -> str:
    """Where the people of a school have their mail."""
    return f"school{number:04d}.ekis.example"


DEMO = (
    _demo("Васильков Андрей Сергеевич", "директор", "head with an e-mail: verified at once", "head", "head"),
    _demo("Ромашкина Анна Андреевна", "учитель математики", "e-mail on the roll: verified at once", "romashkina"),
    _demo("Берёзкин Пётр Николаевич", "учитель физики", "no e-mail on the roll: referred to the head", None),
    _demo("Калинкина Мария Алексеевна", "учитель истории", "two of one name: referred to the head", "kalinkina1"),
    _demo("Калинкина Мария Алексеевна", "библиотекарь", "two of one name: referred to the head", "kalinkina2"),
)


def city() -> Iterator[SeededSchool]:
    """Every school; the first of them have staff, the head first."""
    chance = random.Random(26)  # noqa: S311 - a generated city, no secret
    for number in range(1, SCHOOLS + 1):
        form = _school(number, chance)
        demo = tuple(person.entry for person in DEMO) if number == 1 else ()
        places = range(len(demo), STAFF // STAFFED) if number <= STAFFED else ()
        yield SeededSchool(form, demo + tuple(_person(number, place, chance) for place in places))


def _school(number: int, chance: random.Random) -> SchoolForm:
    title, kind = chance.choice(_KINDS)
    inn, ogrn = f"{TAX_OFFICE}{number:05d}", f"1{chance.randrange(2, 25):02d}99{number:07d}"
    name = f"{title} № {number}"
    return SchoolForm(
        full_name=f"Государственное бюджетное общеобразовательное учреждение города «{name}»",
        short_name=f"ГБОУ {name}",
        kind=kind,
        inn=inn + inn_check_digit(inn),
        kpp=f"{TAX_OFFICE}01001",
        ogrn=ogrn + ogrn_check_digit(ogrn),
        address=f"г. Примерный, ул. {chance.choice(_STREETS)}, д. {chance.randrange(1, 120)}",
        phone=f"+7495000{number:04d}",
        email=f"office@{domain(number)}",
        district=chance.choice(_DISTRICTS),
        site=f"https://{domain(number)}",
    )


def _person(number: int, place: int, chance: random.Random) -> StaffEntry:
    is_head = place == 0
    category: Category = "head" if is_head else "employee"
    post = "директор" if is_head else chance.choice(_POSTS)
    has_email = is_head or chance.random() < 0.8  # noqa: PLR2004 - four of five
    email = f"{'head' if is_head else f'staff{place:02d}'}@{domain(number)}" if has_email else None
    return StaffEntry(_name(chance), post, category, email=email)


def _name(chance: random.Random) -> PersonName:
    last, father, is_woman = chance.choice(_LAST), chance.choice(_FATHERS), chance.random() < 0.7  # noqa: PLR2004
    return PersonName(
        last_name=last + "а" * is_woman,
        first_name=chance.choice(_FIRST_F if is_woman else _FIRST_M),
        patronymic=father + ("евна" if is_woman else "евич"),
    )
