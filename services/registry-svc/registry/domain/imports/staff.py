"""A person's place in a row of the feed: what the row says, whose it is, and what is different."""

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

from chassis.errors import Fault
from ekis_contracts import fields
from ekis_contracts.values import Category, Employment, PersonName

from registry.domain import requisites
from registry.domain.imports.cells import Cells
from registry.domain.imports.jobs import Remark, RowVerdict, Seen
from registry.domain.names import is_same_name, plain
from registry.domain.schools import School
from registry.domain.staff import Staff, StaffEntry, changed_fields, corrected

LONGEST_NAME = 100
_CATEGORIES: Mapping[str, Category] = {
    **dict.fromkeys(("head", "руководитель", "глава", "директор"), "head"),
    **dict.fromkeys(("employee", "сотрудник", "работник", "педагог", "педагогический работник"), "employee"),
}
_EMPLOYMENTS: Mapping[str, Employment] = {
    **dict.fromkeys(("main", "основная", "основное", "основное место работы", "основной", "штатный"), "main"),
    **dict.fromkeys(("part time", "совместитель", "совместительство", "по совместительству"), "part-time"),
    **dict.fromkeys(("внешний совместитель", "внутренний совместитель"), "part-time"),
    **dict.fromkeys(("внешнее совместительство", "внутреннее совместительство"), "part-time"),
}
_HEADS = ("директор", "заведующ", "руководитель", "начальник", "ректор")
_DATES = ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y")
_NAME_PARTS = 2  # last and first name


@dataclass(frozen=True)
class StaffRow:
    """What one row says. `fields` holds only what it does say, the parts of the name beside the rest."""

    number: int
    inn: str | None
    kpp: str | None
    ogrn: str | None
    fields: Mapping[str, Any]
    twin: str = ""  # equal in two rows of a file about the same place of the same person, and tells nothing else
    reasons: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def name(self) -> PersonName:
        """Of a row that is not rejected."""
        return PersonName(**{part: self.fields.get(part) for part in PersonName.model_fields})

    @property
    def external_id(self) -> str | None:
        """The number in the school's own records."""
        number: str | None = self.fields.get("external_id")
        return number

    @property
    def entry(self) -> StaffEntry:
        """The place that this row makes. Nobody becomes head by the post alone."""
        rest = {name: value for name, value in self.fields.items() if name not in PersonName.model_fields}
        return StaffEntry(self.name, **{"category": "employee"} | rest)

    def verdict(
        self, verdict: Any, school: School | None, staff: UUID | None, *reasons: Remark, changed: Sequence[str] = ()
    ) -> RowVerdict:
        """What became of this row. Its key names nobody: the school, the number there, else the post."""
        place = f"{school.facts.inn}/{school.facts.kpp}" if school else self.inn or self.ogrn
        key = " ".join(filter(None, (place, self.external_id or self.fields.get("post"))))
        said = (tuple(changed), (*self.reasons, *reasons), self.remarks)
        return RowVerdict(self.number, verdict, key, (self.twin,), school.school_id if school else None, staff, *said)


def read_person(number: int, raw: Mapping[str, str], *, has_more: bool, salt: bytes) -> StaffRow:
    """Clean one row. `has_more`: it has more cells than the header, so its values may have slipped."""
    cells = Cells(raw, is_public=False)
    if has_more:
        cells.reject("row", "import-cells-extra")
    inn, ogrn = cells.optional("school_inn", requisites.inn), cells.optional("school_ogrn", requisites.ogrn)
    if inn is None and ogrn is None:
        cells.reject("school_inn", "import-school-unnamed")
    said = _name(cells) | {
        "post": cells.required("post", fields.line),
        "category": _worded(cells, "category", _CATEGORIES),
        "division": cells.optional("division"),
        "email": cells.optional("email", fields.email),
        "employment": _worded(cells, "employment", _EMPLOYMENTS),
        "since": _date(cells, "since"),
        "external_id": cells.optional("external_id"),
    }
    if said["category"] is None and (said["post"] or "").casefold().startswith(_HEADS):
        cells.remark("category", "import-head-unsaid", "")
    given = {name: value for name, value in said.items() if value}
    kpp = cells.optional("school_kpp", requisites.kpp)
    twin = _twin(salt, inn, kpp, ogrn, given)
    return StaffRow(number, inn, kpp, ogrn, given, twin, tuple(cells.reasons), tuple(cells.remarks))


def _twin(salt: bytes, inn: str | None, kpp: str | None, ogrn: str | None, given: Mapping[str, Any]) -> str:
    who = [given.get(part) for part in ("last_name", "first_name", "patronymic", "post")]
    said = [
        inn,
        kpp,
        ogrn,
        *([given["external_id"]] if "external_id" in given else [plain(part or "") for part in who]),
    ]
    return blake2b(repr(said).encode(), digest_size=16, key=salt).hexdigest()


def _name(cells: Cells) -> dict[str, str | None]:
    """From one column or three, whole words only: the roll is searched by the full name."""
    whole = cells.text("full_name")
    if whole is None:
        last, first = (cells.required(part, _whole_name, LONGEST_NAME) for part in ("last_name", "first_name"))
        patronymic = cells.optional("patronymic", fields.person_name, LONGEST_NAME)
        return {"last_name": last, "first_name": first, "patronymic": patronymic}
    words = whole.split()
    if len(words) < _NAME_PARTS:
        cells.reject("full_name", "import-name-incomplete")
        return {}
    try:
        parts = [_whole_name(word) for word in (*words[:2], " ".join(words[2:])) if word]
    except Fault as fault:
        cells.reject("full_name", fault.code, **fault.params)
        return {}
    return dict(zip(PersonName.model_fields, parts, strict=False))


def _whole_name(text: str) -> str:
    if len(text) > LONGEST_NAME:
        raise Fault("string-too-long", max_length=LONGEST_NAME)
    if "." in text or len(text) == 1:
        raise Fault("import-name-initials")
    return fields.person_name(text)


def _worded(cells: Cells, field: str, words: Mapping[str, Any]) -> Any:
    text = cells.optional(field)
    if text and plain(text) not in words:
        cells.remark(field, f"import-{field}-unknown", text)
    return words.get(plain(text)) if text else None


def _date(cells: Cells, field: str) -> date | None:
    text = cells.optional(field)
    for form in _DATES if text else ():
        try:
            return datetime.strptime(text or "", form).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    if text:
        cells.remark(field, "import-date-format", text)
    return None


@dataclass(frozen=True)
class Decision:
    """A row with its school and the record it means; without a record it makes a new one."""

    row: StaffRow
    verdict: RowVerdict
    school: School | None = None
    staff: Staff | None = None


def find_school(row: StaffRow, known: Sequence[School]) -> School | Remark:
    """The one open school that the row means, or why there is none."""
    same = [
        school
        for school in known
        if row.ogrn in (None, school.facts.ogrn) or (row.inn and school.facts.ogrn is None)
        if row.inn in (None, school.facts.inn)
        if row.kpp in (None, school.facts.kpp)
    ]
    open_ = [school for school in same if school.facts.status != "closed"]
    if len(open_) > 1:
        return Remark("school_kpp", "import-school-several")
    if not open_:
        return Remark("school_inn", "import-school-closed" if same else "import-school-unknown")
    return open_[0]


def find_staff(row: StaffRow, school_id: UUID, roll: Sequence[Staff]) -> list[Staff]:
    """The live records of this number; without one, those of this name and post that have no other number."""
    here = [staff for staff in roll if staff.school_id == school_id and staff.is_live]
    if row.external_id and (by_number := [staff for staff in here if staff.entry.external_id == row.external_id]):
        return by_number
    free = [staff for staff in here if not row.external_id or staff.entry.external_id is None]
    post = plain(row.fields["post"])
    return [one for one in free if is_same_name(row.name, one.entry.name) and plain(one.entry.post) == post]


def decide(
    rows: Sequence[StaffRow], known: Sequence[School], roll: Sequence[Staff], first_rows: Seen
) -> list[Decision]:
    """The verdict on each row of a batch. `first_rows`: which row of the file said a twin or a record first."""
    seen, decisions = ChainMap({}, first_rows), []
    for row in rows:
        decision = _decided(row, known, roll, seen)
        seen.update(decision.verdict.claims)
        decisions.append(decision)
    return decisions


def _decided(row: StaffRow, known: Sequence[School], roll: Sequence[Staff], seen: Seen) -> Decision:
    school = find_school(row, known) if row.inn or row.ogrn else None
    if isinstance(school, Remark):
        return Decision(row, row.verdict("rejected", None, None, school))
    if school is None or row.reasons:
        return Decision(row, row.verdict("rejected", school, None))
    found = find_staff(row, school.school_id, roll)
    if len(found) > 1:
        return Decision(row, row.verdict("rejected", school, None, Remark("row", "import-same-names")))
    said = (row.twin, *(staff.staff_id for staff in found))
    if first := [seen[key] for key in said if key in seen]:
        repeats = Remark("row", "import-key-repeats", {"row": min(first)})
        return Decision(row, row.verdict("rejected", school, None, repeats))
    return _compared(row, school, found[0]) if found else Decision(row, row.verdict("new", school, None), school)


def _compared(row: StaffRow, school: School, staff: Staff) -> Decision:
    changed = changed_fields(staff.entry, corrected(staff.entry, row.fields))
    if not changed:
        return Decision(row, row.verdict("unchanged", school, staff.staff_id), school, staff)
    verdict = row.verdict("changed", school, staff.staff_id, changed=changed)
    return Decision(row, verdict, school, staff)
