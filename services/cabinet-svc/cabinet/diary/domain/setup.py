"""What a head sets up before the first lesson: each kind of row with its columns and what they refer to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from chassis.errors import Invalid


@dataclass(frozen=True)
class Kind:
    """A kind of row of a school. `refs`: columns that name a row of the same school -> that one's kind."""

    thing: str
    table: str
    key: str
    columns: tuple[str, ...]
    refs: Mapping[str, str] = field(default_factory=dict)
    asked_by: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()

    def require_fixed(self, now: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Raises Invalid for another grade or year of a class: its lessons hang on them."""
        if any(values[column] != now[column] for column in self.fixed if column in values):
            raise Invalid("class-fixed", "/name")


_CLASS_SUBJECT = {"class_id": "class", "subject_id": "subject"}
_TAUGHT = ("class_id", "subject_id", "account_id")
KINDS = {
    kind.thing: kind
    for kind in (
        Kind("term", "term", "term_id", ("year", "name", "starts", "ends", "grade_from", "grade_to", "closed"),
             asked_by=("year",)),
        Kind("class", "school_class", "class_id", ("year", "grade", "letter", "teacher_id"),
             {"teacher_id": "account"}, ("year", "teacher_id"), fixed=("grade", "year")),
        Kind("subject", "subject", "subject_id", ("name",)),
        Kind("load", "teaching_load", "load_id", _TAUGHT, _CLASS_SUBJECT | {"account_id": "account"}, _TAUGHT),
        Kind("slot", "slot", "slot_id", ("class_id", "subject_id", "weekday", "number", "room"), _CLASS_SUBJECT,
             ("class_id", "subject_id")),
        Kind("substitute", "substitute", "substitute_id", (*_TAUGHT, "since", "until"),
             _CLASS_SUBJECT | {"account_id": "account"}, _TAUGHT),
        Kind("leave", "late_leave", "leave_id", (*_TAUGHT, "term_id", "until", "reason", "granted_by"),
             _CLASS_SUBJECT | {"account_id": "account", "term_id": "term"}, ("account_id", "term_id")),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A row of some kind: its values by column, at a version."""

    id: UUID
    version: int
    values: Mapping[str, Any]


def require_order(values: Mapping[str, Any]) -> None:
    """Raises Invalid for a stretch of days that ends before it begins."""
    if "since" in values and values["until"] < values["since"]:
        raise Invalid("ends-too-early", "/until")
