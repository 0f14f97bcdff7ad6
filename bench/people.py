"""The people who ask for accounts: on the roll of a school each, so that every request is verified at once."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from chassis.http import Runtime
from ekis_contracts.values import PersonName
from registry.actions.schools import register_school
from registry.domain.city import city
from registry.domain.schools import SchoolForm
from registry.domain.staff import StaffEntry

SCHOOLS = 40
POST = "учитель математики"
_LETTERS = "абвгдежзик"
_FORMS = [school.form for school in islice(city(), SCHOOLS)]


@dataclass(frozen=True)
class Person:
    """Nobody else has this name."""

    number: int

    @property
    def name(self) -> PersonName:
        last = "Тестов" + "".join(_LETTERS[int(digit)] for digit in str(self.number))
        return PersonName(last_name=last, first_name="Андрей", patronymic="Сергеевич")

    @property
    def email(self) -> str:
        return f"person{self.number}@bench.example"

    @property
    def school(self) -> SchoolForm:
        return _FORMS[self.number % SCHOOLS]

    @property
    def request(self) -> bytes:
        """The body of POST /account-requests."""
        school = {"inn": self.school.inn, "kpp": self.school.kpp, "ogrn": self.school.ogrn}
        applicant = {**self.name.model_dump(), "email": self.email, "post": POST}
        body = {"applicant": applicant, "school": school, "category": "employee", "consent": True}
        return json.dumps(body, ensure_ascii=False).encode()


class Crowd:
    """Everybody asks once."""

    def __init__(self, count: int) -> None:
        self.everybody = [Person(number) for number in range(count)]
        self._fresh: Iterator[Person] = iter(self.everybody)

    def take(self, count: int) -> list[Person]:
        people = list(islice(self._fresh, count))
        assert len(people) == count, "the crowd is too small"
        return people


async def enrol(registry: Runtime, people: Sequence[Person]) -> None:
    """As any other school with its staff: by the registry's own action, told by its outbox."""
    for place, form in enumerate(_FORMS):
        staff = [StaffEntry(one.name, POST, "employee", email=one.email) for one in people[place::SCHOOLS]]
        async with registry.database.transaction() as tx:
            await register_school(tx, form, "feed", staff, "feed")
