"""A row of a file of results: what it means, and what is wrong with it. A bad row never stops the others."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from chassis.errors import Invalid
from ekis_contracts.fault import Fault
from ekis_contracts.fields import line

from cabinet.exams.domain.batches import Verdict
from cabinet.exams.domain.dictionary import Exam, exam_named, exam_of
from cabinet.sheets.domain import Reason, Unreadable, places_of, plain, tidy

_NOTHING = frozenset(("", "-", "--", "–", "—", "нет", "н/д", "нет данных"))
_CODE = re.compile(r"(?=.*\d)[0-9A-ZА-ЯЁ][0-9A-ZА-ЯЁ/_.-]{0,39}")
_NUMBER = re.compile(r"(\d{1,4})(?:[.,]0{1,2})?", re.ASCII)
_REQUISITES = {"ogrn": re.compile(r"\d{13}", re.ASCII), "inn": re.compile(r"\d{10}", re.ASCII)}
_BOUNDS = {"primary_score": (0, 100), "test_score": (0, 100), "mark": (2, 5)}
_SCORES: Mapping[str, str] = {"test": "test_score", "mark": "mark"}
_STATES = dict.fromkeys(("", "действует", "действующий", "утвержден", "изменен", "approved", "changed"), False)
_STATES |= dict.fromkeys(("аннулирован", "аннулировано", "аннулированный", "аннулирована", "annulled"), True)
_LONGEST_REASON = 300


@dataclass(frozen=True)
class School:
    """A school as rows name it."""

    school_id: UUID
    inn: str | None
    kpp: str | None
    ogrn: str | None
    is_closed: bool


@dataclass
class Row:
    """What a row says. `school_key` repeats how it named its school."""

    number: int
    school_key: str | None = None
    school_id: UUID | None = None
    code: str | None = None
    is_annulled: bool = False
    primary_score: int | None = None
    test_score: int | None = None
    mark: int | None = None
    reason: str | None = None
    named: Mapping[str, str] = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)

    def reject(self, where: str, code: str, **params: Any) -> None:
        """For this reason too."""
        self.reasons.append(Reason(where, code, params))


@dataclass(frozen=True)
class Judged:
    """A row with its verdict, None until all are read and compared; `changed` names what differs from before."""

    number: int
    school_key: str | None
    school_name: str | None
    code: str | None
    verdict: Verdict | None
    changed: tuple[str, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Layout:
    """Which column of a file holds which field, how many there are, and what the file is about."""

    places: Mapping[str, int]
    width: int
    of: Exam
    year: int


def layout_of(header: Sequence[str], aliases: Mapping[str, Sequence[str]], of: Exam, year: int) -> Layout:
    """Raises Unreadable where a column is missing without which no row means anything."""
    places = places_of(header, aliases)
    missing = [aliases[name][0] for name in ("code", _SCORES[of.score]) if name not in places]
    if "ogrn" not in places and "inn" not in places:
        missing.insert(0, aliases["ogrn"][0])
    if missing:
        seen = ", ".join(filter(None, map(tidy, header)))[:1000]
        raise Unreadable("exam-columns-missing", missing=", ".join(missing), seen=seen)
    return Layout(places, len(header), of, year)


def parse(number: int, cells: Sequence[str], layout: Layout) -> Row:
    """What a row says, or why it says nothing; its school is still to be found."""
    said = {name: tidy(cells[place]) for name, place in layout.places.items() if place < len(cells)}
    row, given = Row(number), {name: text for name, text in said.items() if text.casefold() not in _NOTHING}
    if any(cell.strip() for cell in cells[layout.width :]):
        row.reject("row", "exam-cells-extra")
    row.named = {name: given[name] for name in ("ogrn", "inn", "kpp") if name in given}
    _read_school(row)
    _read_code(row, given.get("code"))
    _read_state(row, given)
    _read_scores(row, given, layout.of)
    _compare_exam(row, given, layout)
    return row


def _read_school(row: Row) -> None:
    row.school_key = "/".join(row.named[name] for name in ("ogrn", "inn", "kpp") if name in row.named)[:60] or None
    if not {"ogrn", "inn"} & row.named.keys():
        row.reject("ogrn", "exam-school-unnamed")
    for name, form in _REQUISITES.items():
        if name in row.named and not form.fullmatch(row.named[name]):
            row.reject(name, f"exam-{name}-format")


def _read_code(row: Row, text: str | None) -> None:
    """A code, never a name: it has a digit, and no spaces."""
    if text is None:
        row.reject("code", "empty")
    elif _CODE.fullmatch(text.upper()):
        row.code = text.upper()
    else:
        row.reject("code", "exam-code-format")


def _read_state(row: Row, given: Mapping[str, str]) -> None:
    said = plain(given.get("status", ""))
    if said not in _STATES:
        row.reject("status", "exam-status-unknown")
    row.is_annulled = _STATES.get(said, False)
    try:
        row.reason = line(given.get("reason", "")[:_LONGEST_REASON]) or None
    except Fault as fault:
        row.reject("reason", fault.code, **fault.params)


def _read_scores(row: Row, given: Mapping[str, str], of: Exam) -> None:
    """What is annulled has no score, whatever the row repeats."""
    if row.is_annulled:
        return
    for name, (least, most) in _BOUNDS.items():
        if name not in given:
            continue
        found = _NUMBER.fullmatch(given[name])
        if found is None or not least <= int(found[1]) <= most:
            row.reject(name, "exam-out-of-bounds", least=least, most=most)
        else:
            setattr(row, name, int(found[1]))
    if _SCORES[of.score] not in given:
        row.reject(_SCORES[of.score], "empty")


def _compare_exam(row: Row, given: Mapping[str, str], layout: Layout) -> None:
    """A file may repeat what it is about; a row about something else has slipped into it."""
    of, year = layout.of, layout.year
    try:
        exam = exam_named(given.get("exam", of.exam))
        subject = exam_of(of.exam, given.get("subject", of.subject)).subject
        is_same = exam == of.exam and subject == of.subject and given.get("year", str(year)) == str(year)
    except Invalid:
        is_same = False
    if not is_same:
        row.reject("exam", "exam-another", exam=of.exam, year=year, subject=of.subject)


def find_schools(rows: Sequence[Row], known: Sequence[School]) -> None:
    """Name the one open school that each row means, or why there is none."""
    by_ogrn, by_inn = _indexed(known, "ogrn"), _indexed(known, "inn")
    for row in rows:
        if {"ogrn", "inn"} & {reason.field for reason in row.reasons}:
            continue
        alike = [*by_ogrn.get(row.named.get("ogrn", ""), []), *by_inn.get(row.named.get("inn", ""), [])]
        same = {one.school_id: one for one in alike if _fits(row.named, one)}
        here = [school_id for school_id, one in same.items() if not one.is_closed]
        if len(here) == 1:
            row.school_id = here[0]
        else:
            why = "several" if here else "closed" if same else "unknown"
            row.reject("ogrn" if "ogrn" in row.named else "inn", f"exam-school-{why}")


def _fits(named: Mapping[str, str], school: School) -> bool:
    """A branch has no OGRN of its own, and is named by its organisation's."""
    return all(text == (getattr(school, name) or (text if name == "ogrn" else None)) for name, text in named.items())


def _indexed(known: Sequence[School], name: str) -> dict[str, list[School]]:
    index: dict[str, list[School]] = {}
    for one in known:
        if requisite := getattr(one, name):
            index.setdefault(requisite, []).append(one)
    return index
