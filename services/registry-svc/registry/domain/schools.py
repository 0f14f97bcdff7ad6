"""A school of the registry, and how a claimed name is compared with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, Self
from uuid import UUID

from chassis.errors import Conflict, WrongStep
from ekis_contracts.values import SchoolFacts, SchoolStatus

from registry.domain.names import plain
from registry.domain.search import words

Source = Literal["feed", "application"]

STEPS: dict[SchoolStatus, frozenset[SchoolStatus]] = {
    "active": frozenset({"suspended", "closed"}),
    "suspended": frozenset({"active", "closed"}),
    "closed": frozenset(),
}

# Beginnings of words that many schools share: they tell nothing about which school is meant.
_GENERIC = (
    *("автоном", "бюджет", "вид", "город", "гор", "госуд", "детс", "дошк", "имен", "казен", "комбинир", "комплекс"),
    *("коррекц", "кругл", "москв", "москов", "муниц", "начал", "негос", "некомм", "общеобр", "обще", "образ", "окруж"),
    *("организ", "основн", "отдел", "открыт", "област", "предм", "професс", "развит", "район", "сменн", "специал"),
    *("средн", "стол", "углуб", "управл", "учрежд", "федер", "филиал", "частн", "изуч", "россий", "полного", "дня"),
    *("гимн", "лице", "школ", "сад", "центр", "колле", "интерн", "кадет", "корпус", "прогимн", "ясл", "учил", "техник"),
    *("гбоу", "гбдоу", "гбпоу", "гаоу", "гкоу", "гоу", "мбоу", "маоу", "моу", "ано", "чоу", "ноу", "фгбоу", "фгкоу"),
    *("сош", "оош", "нош", "ооо", "дс", "доу", "спо"),
)
_STEM = 5  # letters: enough to see through Russian endings
_SHORTEST = 4
_TOKENS = re.compile(r"[0-9]+|[^\W\d_]+")


@dataclass(frozen=True)
class Building:
    """One of the places where a school works."""

    address: str
    short_name: str | None = None


@dataclass(frozen=True)
class Details:
    """What the registry keeps beyond the public block. The head is as published, and need not be on the roll."""

    head_name: str | None = None
    head_post: str | None = None
    buildings: tuple[Building, ...] = ()
    external_id: str | None = None


@dataclass(frozen=True)
class Change:
    """A field of a school that is different now."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True)
class School:
    """A school as the registry holds it; `version` counts its changes."""

    version: int
    facts: SchoolFacts
    details: Details = Details()

    def altered(self, given: Mapping[str, Any]) -> tuple[Self, list[Change]]:
        """The school with these fields in place, of the public block or of the details, and what is different."""
        old = self.facts.model_dump() | vars(self.details)
        changes = [Change(field, old[field], new) for field, new in given.items() if old[field] != new]
        new = {change.field: change.new for change in changes}
        facts = self.facts.model_copy(update={field: new[field] for field in new.keys() & SchoolFacts.model_fields})
        details = replace(self.details, **{field: new[field] for field in new.keys() & vars(self.details)})
        return replace(self, facts=facts, details=details), changes

    def require_open(self) -> None:
        """Raises Conflict for a school that has ended."""
        if self.facts.status == "closed":
            raise Conflict("school-closed", name=self.facts.short_name)

    def require_step(self, status: SchoolStatus) -> None:
        """Raises Conflict for a school that has ended, WrongStep for a status that does not follow."""
        self.require_open()
        if status not in STEPS[self.facts.status]:
            raise WrongStep(self.facts.status, status)

    @property
    def school_id(self) -> UUID:
        """Its id."""
        return self.facts.school_id

    @property
    def requisites(self) -> tuple[str, str, str | None]:
        """INN, KPP and OGRN: what decides which school is meant."""
        return self.facts.inn, self.facts.kpp, self.facts.ogrn


@dataclass(frozen=True)
class SchoolForm:
    """A school as somebody describes it who wants it registered."""

    full_name: str
    short_name: str
    kind: str
    inn: str
    kpp: str
    ogrn: str
    address: str
    phone: str
    email: str
    district: str | None = None
    site: str | None = None

    def school(self, school_id: UUID, source: Source) -> School:
        """The school that this form makes."""
        return School(
            version=1,
            facts=SchoolFacts(
                school_id=school_id,
                inn=self.inn,
                kpp=self.kpp,
                ogrn=self.ogrn,
                full_name=self.full_name,
                short_name=self.short_name,
                kind=self.kind,
                district=self.district,
                address=self.address,
                phones=[self.phone],
                emails=[self.email],
                site=self.site,
                status="active",
                source=source,
            ),
        )


def search_text(facts: SchoolFacts) -> str:
    """The words by which the school is found."""
    return " ".join(words(f"{facts.short_name} {facts.full_name} {facts.kind}"))


def is_other_school(claimed: str | None, facts: SchoolFacts) -> bool:
    """Whether a claimed name clearly means another school.

    The numbers are compared with the numbers, the telling words with the telling words. It is another school when
    something can be compared and nothing agrees; a nickname that the registry does not know proves nothing.
    """
    asked, known = _tokens(claimed or ""), _tokens(f"{facts.full_name} {facts.short_name}")
    comparable = [(one, other) for one, other in zip(asked, known, strict=True) if one and other]
    return bool(comparable) and all(one.isdisjoint(other) for one, other in comparable)


def _tokens(name: str) -> tuple[set[str], set[str]]:
    """The numbers of a name, and the stems of its telling words."""
    tokens = _TOKENS.findall(plain(name))
    numbers = {token.lstrip("0") for token in tokens if token.isdecimal()}
    words = (token for token in tokens if len(token) >= _SHORTEST and not token.isdecimal())
    return numbers, {word[:_STEM] for word in words if not word.startswith(_GENERIC)}
