"""An application beside what the registry knows: which schools it may be about, and why one thinks so."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from registry.domain.applications import Application
from registry.domain.schools import School, SchoolForm

Match = Literal["ogrn", "inn", "kpp", "phone", "address", "name"]


@dataclass(frozen=True)
class Likeness:
    """A known school, and in what it is like the one applied for. The head is as the feed has published."""

    school: School
    matches: tuple[Match, ...]
    applicant_is_head: bool


@dataclass(frozen=True)
class Review:
    """All that a registrar wants to see at once: schools by likeness, other open applications by age."""

    application: Application
    schools: list[Likeness]
    applications: list[Application]


def likenesses(application: Application, known: Iterable[School], alike: Iterable[School]) -> list[Likeness]:
    """The known schools and those of a name alike, once each, the most alike first. OGRN and INN say the most."""
    named = {school.school_id: school for school in alike}
    every = named | {school.school_id: school for school in known}
    form = application.school
    found = [
        Likeness(one, _matches(form, one, school_id in named), application.is_by(one.details.head_name))
        for school_id, one in every.items()
    ]
    return sorted(found, key=lambda one: (-_weight(one.matches), one.school.facts.short_name, one.school.school_id))


def _matches(form: SchoolForm, school: School, is_named_alike: bool) -> tuple[Match, ...]:
    facts = school.facts
    same: dict[Match, bool] = {
        "ogrn": form.ogrn == facts.ogrn,
        "inn": form.inn == facts.inn,
        "kpp": form.inn == facts.inn and form.kpp == facts.kpp,  # a KPP alone is shared by a whole tax office
        "phone": form.phone in facts.phones,
        "address": form.address == facts.address,
        "name": is_named_alike,
    }
    return tuple(name for name, is_same in same.items() if is_same)


def _weight(matches: Iterable[Match]) -> int:
    weights: dict[Match, int] = {"ogrn": 8, "inn": 8, "kpp": 4}
    return sum(weights.get(match, 1) for match in matches)
