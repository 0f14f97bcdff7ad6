"""A file of results on its way, as a dry run or in earnest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from chassis.errors import WrongStep
from ekis_contracts.days import end_of_working_day

from cabinet.sheets.domain import Limits

Mode = Literal["dry-run", "apply"]
State = Literal["queued", "running", "done", "cancelled", "failed"]
Verdict = Literal["new", "changed", "unchanged", "rejected"]

LIMITS = Limits(rows=100_000, columns=100, megabytes=16)
ATTEMPTS = 5  # workers that may end without having read a row
KEEP_ROWS = timedelta(days=90)
APPEAL_DAYS = 2  # working days after results are announced (the orders named in exams.toml)

_STEPS: Mapping[str, tuple[State, ...]] = {"cancel": ("queued", "running"), "apply": ("done",)}


@dataclass(frozen=True)
class Order:
    """What somebody wants done with a file. `reason`: why results that are known already change."""

    exam: str
    year: int
    subject: str
    mode: Mode
    reason: str | None
    file_name: str | None
    by: UUID


@dataclass(frozen=True)
class Batch:
    """A file as it stands. `done` rows of `total` are read; the verdicts are counted once all are. `code` says why it
    failed; `published_at`: results have become known by it."""

    batch_id: UUID
    set_id: UUID
    exam: str
    year: int
    subject: str
    mode: Mode
    state: State
    reason: str | None
    file_name: str | None
    by: UUID
    queued_at: datetime
    finished_at: datetime | None
    total: int
    position: int
    done: int
    new: int
    changed: int
    unchanged: int
    rejected: int
    columns: Mapping[str, str]
    code: str | None
    params: Mapping[str, Any]
    attempts: int
    holder: UUID | None
    published_at: datetime | None
    appeal_until: datetime | None
    version: int

    @property
    def title(self) -> str:
        """Of its notice."""
        return f"{self.exam} {self.year}: {self.subject}"

    @property
    def is_read(self) -> bool:
        """Whether all rows are there to be compared."""
        return self.total > 0 and self.done == self.total

    def require(self, step: str) -> None:
        """Raises WrongStep."""
        if self.state not in _STEPS[step] or (step == "apply" and self.mode != "dry-run"):
            raise WrongStep(self.state, step)


@dataclass(frozen=True)
class Untold:
    """A published file whose teachers have still to be told, from the next account on."""

    batch: Batch
    school_ids: tuple[UUID, ...]
    told_through: UUID


def appeal_until(published_at: datetime) -> datetime:
    """Until when an appeal against the score is taken."""
    return end_of_working_day(published_at, APPEAL_DAYS)
