"""What people are shown of contests and entries."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cabinet.contests.domain.contests import Contest
from cabinet.contests.domain.entries import State


@dataclass(frozen=True)
class Mine:
    """The reader's own entry. `waiting_no` counts from 1, the next to get a place."""

    entry_id: UUID
    state: State
    at: datetime
    text: str
    team: str
    pupils: int | None
    reason: str | None
    for_editor: bool
    waiting_no: int | None


@dataclass(frozen=True)
class Shown:
    """A contest as a reader sees it. `of_school`: places that the own school has, where there is a quota."""

    contest: Contest
    suits: bool
    mine: Mine | None
    of_school: int | None

    @property
    def school_left(self) -> int | None:
        """Places that the own school may still get by its quota."""
        quota = self.contest.plan.quota
        return None if quota is None else max(0, quota - (self.of_school or 0))

    def refusal(self, now: datetime) -> str | None:
        """Why the reader cannot enter it now, as a code."""
        if self.mine is not None and self.mine.state != "withdrawn":
            return "entry-rejected" if self.mine.state == "rejected" else "already-entered"
        return self.contest.refusal(now) or (None if self.suits else "contest-not-eligible")

    def may_withdraw(self, now: datetime) -> bool:
        """Whether the own entry can be taken back."""
        is_live = self.mine is not None and self.mine.state in ("applied", "accepted", "waitlisted")
        return is_live and self.contest.is_running(now)


@dataclass(frozen=True)
class Line:
    """An entry as a list for heads and editors has it."""

    entry_id: UUID
    contest_id: UUID
    title: str
    school_id: UUID
    school_name: str | None
    account_id: UUID
    name: str | None
    former_no: int | None
    post: str | None
    state: State
    for_editor: bool
    text: str
    team: str
    pupils: int | None
    reason: str | None
    at: datetime
    decided_at: datetime | None
    queue_no: int | None
