"""Entries: their steps, who decides on them, what their author is told."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Self
from uuid import UUID

from chassis.errors import Conflict, Forbidden, WrongStep
from ekis_contracts.values import Category

from cabinet.contests.domain.contests import DEPARTMENT, Contest

State = Literal["applied", "accepted", "waitlisted", "rejected", "withdrawn"]
Outcome = Literal["accepted", "waitlisted", "promoted", "rejected", "cancelled"]

STEPS: dict[State, set[State]] = {
    "applied": {"accepted", "waitlisted", "rejected", "withdrawn"},
    "waitlisted": {"accepted", "rejected", "withdrawn"},
    "accepted": {"rejected", "withdrawn"},
    "withdrawn": {"applied", "accepted", "waitlisted"},
    "rejected": set(),
}
# A notice is written once for readers of any language, in that of the contest's own title
_TITLES: dict[Outcome, str] = {
    "accepted": "Вы участвуете: {title}",
    "waitlisted": "Вы в листе ожидания: {title}",
    "promoted": "Освободилось место, вы участвуете: {title}",
    "rejected": "Заявка отклонена: {title}",
    "cancelled": "Отменено: {title}",
}
_TO_DECIDE = "Заявка сотрудника ждёт вашего решения: {title}"


@dataclass(frozen=True)
class Said:
    """What a person adds to an entry."""

    text: str = ""
    team: str = ""
    pupils: int | None = None


@dataclass(frozen=True)
class Entrant:
    """A person as a contest sees them: who fits its audience; `suits`: teaches one of its subjects."""

    account_id: UUID
    staff_id: UUID | None
    school_id: UUID
    category: Category
    fits: bool
    suits: bool

    def require_eligible(self) -> None:
        """Raises Conflict for who may read of it and not enter."""
        if not self.suits:
            raise Conflict("contest-not-eligible")


@dataclass(frozen=True)
class Entry:
    """An entry of a person. `queue_no` orders the waiting list and is given with the place in it; `for_editor`: the
    department approves it, for it is a head's own. `version` counts what others were told."""

    entry_id: UUID
    contest_id: UUID
    account_id: UUID
    staff_id: UUID | None
    school_id: UUID
    at: datetime
    said: Said
    state: State = "withdrawn"
    for_editor: bool = False
    reason: str | None = None
    queue_no: int | None = None
    decided_at: datetime | None = None
    decided_by: UUID | None = None
    version: int = 0

    @property
    def is_live(self) -> bool:
        """It has a place or may get one."""
        return self.state in ("applied", "accepted", "waitlisted")

    def require_absent(self) -> None:
        """Raises Conflict unless its author may enter (again)."""
        if self.state == "rejected":
            raise Conflict("entry-rejected")
        if self.is_live:
            raise Conflict("already-entered")

    def entered(self, who: Entrant, said: Said, now: datetime) -> Self:
        """Made by its author now, from where they work now."""
        fresh = replace(self, said=said, at=now, queue_no=None, reason=None, decided_at=None, decided_by=None)
        return replace(fresh, staff_id=who.staff_id, school_id=who.school_id, for_editor=who.category == "head")

    def to(self, state: State) -> Self:
        """Raises WrongStep."""
        if state not in STEPS[self.state]:
            raise WrongStep(self.state, state)
        return replace(self, state=state, version=self.version + (state != "applied"))

    def require_applied(self) -> None:
        """Raises WrongStep unless it waits for an approval."""
        if self.state != "applied":
            raise WrongStep(self.state, "approved")

    def decided(self, by: UUID, now: datetime, reason: str | None = None) -> Self:
        """With who has decided, and why."""
        return replace(self, decided_at=now, decided_by=by, reason=reason)

    def require_decider(self, account_id: UUID, *, is_editor: bool) -> None:
        """Nobody decides on the own entry, and on a head's the department alone. Raises Forbidden."""
        if self.account_id == account_id or (self.for_editor and not is_editor):
            raise Forbidden("own-entry")


def needs_approval(contest: Contest, who: Entrant) -> bool:
    """A head's entry to the own school's contest needs none: nobody there could give it."""
    return contest.plan.needs_approval and not (contest.board != DEPARTMENT and who.category == "head")


def told(outcome: Outcome, contest: Contest) -> str:
    """The title of the notice to whom it concerns."""
    return _TITLES[outcome].format(title=contest.plan.title)


def told_to_head(contest: Contest) -> str:
    """The title of the notice to who has to approve."""
    return _TO_DECIDE.format(title=contest.plan.title)
