"""A school in a row of the feed: what the row says, which school it means, and what is different."""

from collections import ChainMap
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from ekis_contracts.values import SchoolFacts

from registry.domain import requisites
from registry.domain.imports.cells import LONGEST_NAME, Cells
from registry.domain.imports.heads import head_of
from registry.domain.imports.jobs import Remark, RowVerdict, Seen
from registry.domain.imports.marks import Mark
from registry.domain.schools import Details, School

_DETAILS = ("head_name", "head_post", "external_id")
_EMPTY: Mapping[str, Any] = {"ogrn": None, "district": None, "phones": [], "emails": [], "site": None}


@dataclass(frozen=True)
class SchoolRow:
    """What one row says. `fields` holds only what it does say; a row with reasons is rejected. Of a row that is `known`
    to say nothing new of a school, the fields are not even read."""

    number: int
    fields: Mapping[str, Any]
    keys: tuple[str, ...]  # what no second row may say: the OGRN first, then INN and KPP
    reasons: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()
    digest: bytes | None = None
    known: UUID | None = None

    @property
    def place(self) -> tuple[str, str] | None:
        """INN and KPP."""
        return _place(self.fields)

    def school(self, school_id: UUID) -> School:
        """The school that this row makes."""
        said = {**_EMPTY, **self.fields}
        details = Details(**{name: said.pop(name) for name in _DETAILS if name in said})
        return School(1, SchoolFacts(school_id=school_id, status="active", source="feed", **said), details)

    def verdict(
        self, verdict: Any, school_id: UUID | None, *reasons: Remark, changed: Iterable[str] = ()
    ) -> RowVerdict:
        """What became of this row."""
        said = (tuple(changed), (*self.reasons, *reasons), self.remarks)
        return RowVerdict(self.number, verdict, (*self.keys, None)[0], self.keys, school_id, None, *said)

    def mark(self, school: School) -> Mark | None:
        """To know the row again, now that it agrees with this school."""
        return Mark(school.school_id, school.version, self.digest, self.keys, self.remarks) if self.digest else None


def known_row(number: int, mark: Mark) -> SchoolRow:
    """A row that says again what it has said."""
    return SchoolRow(number, {}, mark.keys, remarks=mark.remarks, known=mark.school_id)


def read_school(number: int, raw: Mapping[str, str], *, has_more: bool, digest: bytes | None = None) -> SchoolRow:
    """Clean one row. `has_more`: it has more cells than the header, so its values may have slipped."""
    cells = Cells(raw, is_public=True)
    if has_more:
        cells.reject("row", "import-cells-extra")
    full_name = cells.required("full_name", longest=LONGEST_NAME)
    said: dict[str, Any] = {
        "full_name": full_name,
        "short_name": cells.optional("short_name") or _instead(cells, "short_name", full_name),
        "kind": cells.optional("kind") or _instead(cells, "kind", cells.optional("type")),
        "inn": cells.required("inn", requisites.inn),
        "kpp": cells.required("kpp", requisites.kpp),
        "ogrn": cells.optional("ogrn", requisites.ogrn),
        "address": cells.required("address", longest=LONGEST_NAME),
        "district": cells.optional("district"),
        "okrug": cells.optional("okrug"),
        "phones": cells.phones("phones"),
        "emails": cells.emails("emails"),
        "site": cells.site("site"),
        "external_id": cells.optional("external_id"),
    } | _head(cells)
    given = {name: value for name, value in said.items() if value or name == "head_post"}
    return SchoolRow(number, given, _keys(given), tuple(cells.reasons), tuple(cells.remarks), digest)


def _place(said: Mapping[str, Any]) -> tuple[str, str] | None:
    return (said["inn"], said["kpp"]) if "inn" in said and "kpp" in said else None


def _keys(said: Mapping[str, Any]) -> tuple[str, ...]:
    ogrn, place = (said["ogrn"],) if "ogrn" in said else (), _place(said)
    return (*ogrn, "/".join(place)) if place else ogrn


def _instead(cells: Cells, field: str, value: str | None) -> str | None:
    """Another field's value for a required one that the row does not say."""
    if value is None:
        cells.reject(field, "empty")
    else:
        cells.remark(field, f"import-{field.replace('_', '-')}-instead", value)
    return value


def _head(cells: Cells) -> dict[str, str | None]:
    """Name and post come together, so that nobody stays acting whom the file no longer calls so."""
    text = cells.optional("head")
    name, post = head_of(text) if text else (None, None)
    if text and name is None:
        cells.remark("head", "import-head-format", text)
    return {"head_name": name, "head_post": post} if name else {}


@dataclass
class Known:
    """The schools that rows of a batch may mean."""

    schools: Iterable[School]
    _open: dict[Any, School] = field(default_factory=dict)
    _closed: dict[Any, School] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for school in self.schools:
            shelf = self._closed if school.facts.status == "closed" else self._open
            shelf[school.facts.inn, school.facts.kpp] = school
            if school.facts.ogrn:
                shelf[school.facts.ogrn] = school
            if school.details.external_id:
                shelf[school.facts.inn, None, school.details.external_id] = school
                shelf[None, None, school.details.external_id] = school

    def holds(self, now: Iterable[School]) -> bool:
        """Whether these are all among the known, in the same version."""
        versions = {school.school_id: school.version for school in self.schools}
        return all(versions.get(school.school_id) == school.version for school in now)

    def meant(self, row: SchoolRow) -> list[School]:
        """By OGRN and by INN with KPP; else by the feed's own number, if the INN is the same (a branch that moved)."""
        found = self._found(self._open, row)
        moved = self._open.get((row.fields.get("inn"), None, row.fields.get("external_id")))
        return list({school.school_id: school for school in found or filter(None, [moved])}.values())

    def touched(self, row: SchoolRow) -> UUID | None:
        """The school that even a rejected row may be about: it is not missing."""
        found = [*self.meant(row), self._open.get((None, None, row.fields.get("external_id")))]
        return next((school.school_id for school in found if school), None)

    def is_closed(self, row: SchoolRow) -> bool:
        """Whether the school was there and is closed for good."""
        return bool(self._found(self._closed, row))

    def _found(self, shelf: Mapping[Any, School], row: SchoolRow) -> list[School]:
        return [shelf[key] for key in (row.fields.get("ogrn"), row.place) if key in shelf]


@dataclass(frozen=True)
class Decision:
    """A row with the school it means, once there is one."""

    row: SchoolRow
    verdict: RowVerdict
    school: School | None = None


def decide(rows: Sequence[SchoolRow], known: Known, first_rows: Seen) -> list[Decision]:
    """The verdict on each row of a batch. `first_rows`: which row of the file said a key first."""
    seen, decisions = ChainMap({}, first_rows), []
    for row in rows:
        decision = Decision(row, _repeated(row, row.known, seen)) if row.known else _decided(row, known, seen)
        seen.update(decision.verdict.claims)
        decisions.append(decision)
    return decisions


def _repeated(row: SchoolRow, school_id: UUID, seen: Seen) -> RowVerdict:
    repeats = _repeats(seen, *row.keys, school_id)
    return row.verdict("rejected" if repeats else "unchanged", school_id, *repeats)


def _repeats(seen: Seen, *said: Hashable) -> list[Remark]:
    first = [seen[key] for key in said if key in seen]
    return [Remark("row", "import-key-repeats", {"row": min(first)})] if first else []


def _decided(row: SchoolRow, known: Known, seen: Seen) -> Decision:
    meant = known.meant(row)
    reasons = [] if row.reasons else _refusals(row, meant, known, seen)
    if row.reasons or reasons:
        return Decision(row, row.verdict("rejected", known.touched(row), *reasons))
    if not meant:
        return Decision(row, row.verdict("new", None))
    (school,) = meant
    return Decision(row, compare(row, school), school)


def compare(row: SchoolRow, school: School) -> RowVerdict:
    """The verdict on a row that means this school."""
    if school.facts.status == "closed":
        return row.verdict("rejected", school.school_id, Remark("row", "import-school-closed"))
    known = vars(school.facts) | vars(school.details)
    changed = [field for field, value in row.fields.items() if known[field] != value]
    return row.verdict("changed" if changed else "unchanged", school.school_id, changed=changed)


def _refusals(row: SchoolRow, meant: Sequence[School], known: Known, seen: Seen) -> list[Remark]:
    if repeats := _repeats(seen, *row.keys, *(school.school_id for school in meant)):
        return repeats
    if len(meant) > 1:
        one, other = (school.facts.short_name for school in meant[:2])
        return [Remark("row", "import-keys-disagree", {"one": one, "other": other})]
    if not meant and known.is_closed(row):
        return [Remark("row", "import-school-closed")]
    return []
