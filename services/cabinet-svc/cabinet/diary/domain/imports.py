"""A class list from a file: what each row means, and a verdict on it. A bad row never stops the others."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal
from uuid import UUID

from chassis.errors import Invalid
from ekis_contracts.fault import Fault
from ekis_contracts.fields import filled, line, person_name

from cabinet.diary.domain.pupils import Membership, Pupil, PupilName
from cabinet.people.domain import class_name
from cabinet.sheets.domain import Reason, places_of

Said = Literal["new", "changed", "unchanged", "rejected"]
VERDICTS: tuple[Said, ...] = ("new", "changed", "unchanged", "rejected")
Known = Sequence[tuple[Pupil, Membership | None]]

_LONGEST_NAME = 100
_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", re.ASCII)
_OLDEST, _YOUNGEST = 1990, 2100
_MORE_THAN_NAME = 2  # words of a full name before the patronymic


@dataclass(frozen=True)
class Row:
    """A row of the file, what it says of a pupil, and the verdict."""

    number: int
    name: PupilName | None = None
    birthday: date | None = None
    said: Said = "rejected"
    pupil: Pupil | None = None
    reasons: tuple[Reason, ...] = ()

    def rejected(self, field: str, code: str, **params: Any) -> "Row":
        """For this reason too."""
        return replace(self, said="rejected", reasons=(*self.reasons, Reason(field, code, params)))


def columns_of(header: Sequence[str], aliases: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """field -> place of its column. Raises Invalid when names are missing."""
    places = places_of(header, aliases)
    if "full_name" not in places and not {"last_name", "first_name"} <= places.keys():
        raise Invalid("file-no-names", "/file", columns=f"{aliases['last_name'][0]}, {aliases['first_name'][0]}")
    return places


def parse(number: int, cells: Sequence[str], places: Mapping[str, int], expected_class: str) -> Row:
    """What a row says, or why it says nothing."""
    given = {field: cells[place] if place < len(cells) else "" for field, place in places.items()}
    row = Row(number)
    for field, rule in (("class", _class_is(expected_class)), ("birthday", _birthday)):
        try:
            value = rule(given.get(field, ""))
            row = replace(row, birthday=value) if field == "birthday" else row
        except Fault as fault:
            row = row.rejected(field, fault.code, **fault.params)
    return _with_name(row, given)


def _with_name(row: Row, given: Mapping[str, str]) -> Row:
    words = given.get("full_name", "").split(maxsplit=_MORE_THAN_NAME)
    spoken = dict(zip(("last_name", "first_name", "patronymic"), words, strict=False))
    parts: dict[str, str | None] = {}
    for field in ("last_name", "first_name", "patronymic"):
        text = given.get(field) or spoken.get(field, "")
        try:
            parts[field] = _name(text) if text or field != "patronymic" else None
        except Fault as fault:
            row = row.rejected(field, fault.code, **fault.params)
    last, first = parts.get("last_name"), parts.get("first_name")
    return replace(row, name=PupilName(last, first, parts.get("patronymic"))) if last and first else row


def _name(text: str) -> str:
    if len(text) > _LONGEST_NAME:
        raise Fault("string-too-long", max_length=_LONGEST_NAME)
    return person_name(filled(line(text)))


def _class_is(expected: str) -> Any:
    def check(text: str) -> None:
        if text and class_name(text) != expected:
            raise Fault("row-of-another-class", text=text, expected=expected)

    return check


def _birthday(text: str) -> date | None:
    if not text:
        return None
    found = _DAY.fullmatch(text)
    try:
        day = date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(text)
    except ValueError:
        raise Fault("day-format") from None
    if not _OLDEST <= day.year <= _YOUNGEST:
        raise Fault("day-format")
    return day


def judged(rows: Sequence[Row], known: Known, class_id: UUID) -> list[Row]:
    """Every row with its verdict, against the school's pupils of these names and the rows before it."""
    by_name: dict[str, list[tuple[Pupil, Membership | None]]] = {}
    for pupil, stay in known:
        by_name.setdefault(pupil.name.key, []).append((pupil, stay))
    seen: dict[object, int] = {}
    verdicts = []
    for row in rows:
        verdict = _judged(row, by_name.get(row.name.key, []) if row.name else [], class_id)
        if verdict.said != "rejected":
            keys = _identity(row), verdict.pupil and verdict.pupil.pupil_id
            first = next((seen[key] for key in keys if key in seen), None)
            seen |= {key: row.number for key in keys if key is not None and first is None}
            verdict = row.rejected("last_name", "row-twice", row=first) if first is not None else verdict
        verdicts.append(verdict)
    return verdicts


def _judged(row: Row, namesakes: Known, class_id: UUID) -> Row:
    if row.reasons or row.name is None:
        return row
    alike = [(pupil, stay) for pupil, stay in namesakes if _may_be(row.name, row.birthday, pupil)]
    here = [pupil for pupil, stay in alike if stay and stay.class_id == class_id]
    if len(here) > 1:
        return row.rejected("birthday", "pupil-ambiguous")
    if not here:
        is_elsewhere = row.birthday and any(stay and pupil.birthday == row.birthday for pupil, stay in alike)
        return row.rejected("last_name", "pupil-elsewhere") if is_elsewhere else replace(row, said="new")
    fuller = replace(
        here[0],
        name=replace(here[0].name, patronymic=here[0].name.patronymic or row.name.patronymic),
        birthday=here[0].birthday or row.birthday,
    )
    return replace(row, pupil=fuller, said="unchanged" if fuller == here[0] else "changed")


def _identity(row: Row) -> object:
    return row.name and (row.name.key, (row.name.patronymic or "").casefold(), row.birthday)


def _may_be(name: PupilName, birthday: date | None, pupil: Pupil) -> bool:
    same_day = None in (birthday, pupil.birthday) or birthday == pupil.birthday
    one, other = name.patronymic, pupil.name.patronymic
    return same_day and (one is None or other is None or one.casefold() == other.casefold())
