"""The staff roll of a school: who works there, as what; who may change that."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from chassis.errors import Conflict, Forbidden
from ekis_contracts.values import Category, Employment, PersonName, StaffFacts

StaffSource = Literal["feed", "hand", "application", "referral"]
By = Literal["head", "department"]

_CODE = re.compile(r"[a-z][a-z0-9-]{1,39}")


@dataclass(frozen=True)
class StaffEntry:
    """A person's place on a roll, as somebody enters it."""

    name: PersonName
    post: str
    category: Category
    division: str | None = None
    email: str | None = None
    employment: Employment = "main"
    since: date | None = None
    external_id: str | None = None


@dataclass(frozen=True)
class Staff:
    """A staff record; `version` counts its changes. Once it has ended it stays so: who comes back gets a new one."""

    staff_id: UUID
    school_id: UUID
    version: int
    entry: StaffEntry
    until: date | None = None
    ended_at: datetime | None = None

    @property
    def facts(self) -> StaffFacts:
        """The public block: without the name."""
        entry = self.entry
        return StaffFacts(
            staff_id=self.staff_id,
            school_id=self.school_id,
            post=entry.post,
            category=entry.category,
            division=entry.division,
            employment=entry.employment,
            until=self.until,
        )

    @property
    def is_live(self) -> bool:
        """Whether the person still works there."""
        return self.ended_at is None


@dataclass(frozen=True)
class Workplace:
    """What a person wrote about the own workplace. The post is a proposal, never a fact."""

    work_phone: str | None = None
    room: str | None = None
    proposed_post: str | None = None


def changed_fields(old: StaffEntry, new: StaffEntry) -> list[str]:
    """The names of what differs; the parts of the name count as one."""
    return [field for field in old.__dataclass_fields__ if getattr(old, field) != getattr(new, field)]


def corrected(entry: StaffEntry, given: Mapping[str, Any]) -> StaffEntry:
    """The entry with the given fields in place; parts of the name stand beside the other fields."""
    name = {key: given[key] for key in PersonName.model_fields if key in given}
    rest = {key: value for key, value in given.items() if key not in name}
    values = {field: getattr(entry, field) for field in entry.__dataclass_fields__} | rest
    return StaffEntry(**values | {"name": PersonName(**entry.name.model_dump() | name)})


def require_department(by: By, *categories: Category) -> None:
    """Who is head of a school is the department's to say. Raises Forbidden."""
    if by == "head" and "head" in categories:
        raise Forbidden("head-by-department")


def require_live(staff: Staff) -> None:
    """Raises Conflict for a record that has ended."""
    if not staff.is_live:
        raise Conflict("staff-has-left")


def reason_code(reason: str) -> str:
    """What others are told: the reason if it is a code, for a text written by hand may name people."""
    return reason if _CODE.fullmatch(reason) else "other"
