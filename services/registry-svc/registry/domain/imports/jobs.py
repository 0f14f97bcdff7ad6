"""An import: a file of the feed on its way into the registry, as a dry run or in earnest."""

from collections.abc import Hashable, Mapping, MutableMapping
from dataclasses import dataclass
from dataclasses import field as made
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from chassis.errors import Conflict, Forbidden, WrongStep
from ekis_tables import Limits

from registry.domain.deeds import PATIENCE

Kind = Literal["schools", "staff"]
Mode = Literal["dry-run", "apply"]
State = Literal["queued", "running", "done", "cancelled", "failed"]
Verdict = Literal["new", "changed", "unchanged", "rejected", "missing"]
Seen = MutableMapping[Hashable, int]  # what no later row of a file may say, or mean -> the row that did first

LARGEST = 32 * 1024 * 1024  # bytes of a file
LIMITS = Limits(rows=200_000, columns=200)
ATTEMPTS = 5  # workers that may end without having settled a row

_STEPS = {"cancel": ("queued", "running"), "apply": ("done",), "close-missing": ("done",)}


class Unreadable(Exception):
    """The file as a whole cannot be read. The code and its parameters tell what to do about it."""

    def __init__(self, code: str, /, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True)
class Remark:
    """What is wrong with a field: a reason to reject the row, or why the field was left out."""

    field: str
    code: str
    params: Mapping[str, Any] = made(default_factory=dict)


@dataclass(frozen=True)
class RowVerdict:
    """What became of a row. `number` is the record of the file, its header being the first; `key` is for people,
    `keys` are what no later row may say."""

    number: int
    verdict: Verdict
    key: str | None = None
    keys: tuple[str, ...] = ()
    school_id: UUID | None = None
    staff_id: UUID | None = None
    changed: tuple[str, ...] = ()
    reasons: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def claims(self) -> dict[Hashable, int]:
        """What a later row may not say, or mean, with the number of this one."""
        subject = self.staff_id or self.school_id
        said = (*self.keys, subject) if subject else self.keys
        return {} if self.verdict == "rejected" else dict.fromkeys(said, self.number)


@dataclass(frozen=True)
class Counts:
    """How many rows have which verdict."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    missing: int = 0

    @property
    def done(self) -> int:
        """Rows of the file that have a verdict."""
        return self.new + self.changed + self.unchanged + self.rejected


@dataclass(frozen=True)
class Order:
    """What somebody wants done with a file. `mapping`: field -> header of the file."""

    kind: Kind
    mode: Mode
    is_snapshot: bool
    mapping: Mapping[str, str]
    file_name: str | None
    by: UUID


@dataclass(frozen=True)
class Ending:
    """What one registrar wants to end, which another has to agree to: so many staff records that are missing."""

    count: int
    reason: str
    asked_by: UUID
    asked_at: datetime

    def require_second(self, by: UUID, now: datetime) -> None:
        """Raises Conflict once it has waited too long, Forbidden for the person who asked."""
        if self.asked_at + PATIENCE <= now:
            raise Conflict("deed-expired")
        if by == self.asked_by:
            raise Forbidden("own-deed")


@dataclass(frozen=True)
class Job:
    """An import as it stands. `code` says why it failed."""

    import_id: UUID
    kind: Kind
    mode: Mode
    is_snapshot: bool
    mapping: Mapping[str, str]
    file_name: str | None
    by: UUID
    state: State
    queued_at: datetime
    finished_at: datetime | None
    total: int
    position: int
    counts: Counts
    columns: Mapping[str, str]
    code: str | None
    params: Mapping[str, Any]
    missing_closed_at: datetime | None
    ending: Ending | None
    attempts: int
    holder: UUID | None

    def require(self, step: str) -> None:
        """Raises WrongStep."""
        if self.state not in _STEPS[step] or (step == "apply" and self.mode != "dry-run"):
            raise WrongStep(self.state, step)

    def require_closable(self) -> None:
        """Raises WrongStep, Conflict: only after a full copy has been applied, and once."""
        self.require("close-missing")
        if self.mode != "apply" or not self.is_snapshot:
            raise Conflict("import-no-snapshot")
        if self.missing_closed_at:
            raise Conflict("import-missing-closed")

    def require_expected(self, expected: int, now: int) -> None:
        """What is to end is what was seen. Raises Conflict."""
        if expected != now:
            raise Conflict("import-missing-differs", expected=expected, missing=now)
