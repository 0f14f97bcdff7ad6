"""Contests and events: their steps, the window for entries, whom they are for, how many places there are."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, Self
from uuid import UUID

from chassis.errors import Conflict, Invalid, WrongStep
from ekis_contracts.values import Audience

State = Literal["draft", "announced", "closed", "cancelled"]
Kind = Literal["contest", "event"]

# What takes no more entries may still be called off
STEPS: dict[State, set[State]] = {
    "draft": {"announced"},
    "announced": {"closed", "cancelled"},
    "closed": {"cancelled"},
    "cancelled": set(),
}
FARTHEST = timedelta(days=2 * 366)
DEPARTMENT = UUID(int=0)  # its board; a school's board is the school's id


@dataclass(frozen=True)
class Plan:
    """What an author writes. `subjects`: only who teaches one of them may enter; `capacity` and `quota` (of places a
    school) None: as many as come."""

    kind: Kind
    title: str
    body: str
    place: str
    audience: Audience
    subjects: tuple[str, ...]
    needs_approval: bool
    opens_at: datetime
    closes_at: datetime
    starts_at: datetime | None
    ends_at: datetime | None
    capacity: int | None
    quota: int | None
    files: tuple[UUID, ...]

    def on(self, board: UUID) -> Self:
        """As this board takes it: a school's contest is for that school. Raises Invalid where it should reach more."""
        if board == DEPARTMENT:
            return self
        if self.audience.districts or set(self.audience.school_ids) - {board}:
            raise Invalid("audience-own-school", "/audience")
        return replace(self, audience=self.audience.model_copy(update={"school_ids": (board,)}))

    def checked(self, now: datetime) -> Self:
        """Raises Invalid unless entries close after they open, and before the thing itself begins."""
        for field in ("opens_at", "closes_at", "starts_at", "ends_at"):
            at = getattr(self, field)
            if at is not None and not now - FARTHEST < at < now + FARTHEST:
                raise Invalid("moment-out-of-range", f"/{field}")
        if self.closes_at <= self.opens_at:
            raise Invalid("window-order", "/closes_at")
        if self.starts_at is not None and self.starts_at < self.closes_at:
            raise Invalid("starts-before-closing", "/starts_at")
        if self.ends_at is not None and (self.starts_at is None or self.ends_at < self.starts_at):
            raise Invalid("ends-too-early", "/ends_at")
        return self


@dataclass(frozen=True)
class Contest:
    """A contest or an event. `version` counts changes of any kind, `told` those that others were told."""

    contest_id: UUID
    board: UUID
    author_id: UUID
    plan: Plan
    state: State = "draft"
    reason: str | None = None
    accepted: int = 0
    queue_no: int = 0
    promoting: bool = False
    version: int = 1
    told: int = 0

    @property
    def free(self) -> int | None:
        """Places left in all; None: any number."""
        return None if self.plan.capacity is None else self.plan.capacity - self.accepted

    @property
    def window(self) -> tuple[datetime, datetime]:
        """When entries are taken."""
        return self.plan.opens_at, self.plan.closes_at

    def edited(self, plan: Plan) -> Self:
        """With another plan. Raises WrongStep once entries have ended; Conflict where it would break a promise."""
        if self.state not in ("draft", "announced"):
            raise WrongStep(self.state, "edited")
        whom = (plan.audience, plan.subjects, plan.needs_approval)
        if self.state == "announced" and whom != (self.plan.audience, self.plan.subjects, self.plan.needs_approval):
            raise Conflict("eligibility-frozen")
        if plan.capacity is not None and plan.capacity < self.accepted:
            raise Conflict("capacity-taken", accepted=self.accepted)
        return replace(self, plan=plan)

    def announced(self, now: datetime) -> Self:
        """Raises WrongStep; Invalid for a window that is over already."""
        announced = self.to("announced")
        if self.plan.closes_at <= now:
            raise Invalid("window-past", "/closes_at")
        return announced

    def ended(self, state: State, now: datetime, reason: str | None = None) -> Self:
        """Closed or cancelled: its window ends now at the latest. Raises WrongStep."""
        opens_at, closes_at = (min(at, now) for at in self.window)
        plan = replace(self.plan, opens_at=opens_at, closes_at=closes_at)
        return replace(self.to(state), plan=plan, reason=reason)

    def to(self, state: State) -> Self:
        """Raises WrongStep."""
        if state not in STEPS[self.state]:
            raise WrongStep(self.state, state)
        return replace(self, state=state)

    def refusal(self, now: datetime) -> str | None:
        """Why nobody can enter now, as a code."""
        if self.state == "cancelled":
            return "contest-cancelled"
        if self.state != "announced" or now >= self.plan.closes_at:
            return "contest-closed"
        return "contest-not-open" if now < self.plan.opens_at else None

    def require_open(self, now: datetime) -> None:
        """Raises Conflict unless entries are taken now."""
        refusal = self.refusal(now)
        if refusal is not None:
            raise Conflict(refusal)

    def is_running(self, now: datetime) -> bool:
        """Whether places are still given and freed: until it begins; without a date until it is closed."""
        if self.plan.starts_at is None:
            return self.state == "announced"
        return self.state in ("announced", "closed") and now < self.plan.starts_at

    def require_running(self, now: datetime) -> None:
        """Raises Conflict when who takes part is settled."""
        if self.state == "cancelled":
            raise Conflict("contest-cancelled")
        if not self.is_running(now):
            raise Conflict("contest-over")

    def takes(self, of_school: int) -> bool:
        """Whether a place is free for a school that has this many. Whoever waits already comes first."""
        in_quota = self.plan.quota is None or of_school < self.plan.quota
        return not self.promoting and in_quota and (self.free is None or self.free > 0)
