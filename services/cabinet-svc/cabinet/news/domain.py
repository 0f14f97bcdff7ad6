"""News: the steps of an item, whose board it hangs on, whom it may reach."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, Self
from uuid import UUID

from chassis.errors import Conflict, Invalid, WrongStep
from ekis_contracts.values import Audience

State = Literal["draft", "scheduled", "published", "archived"]
Whose = Literal["city", "school"]  # the department's, or that of the reader's own school

STEPS: dict[State, set[State]] = {
    "draft": {"scheduled", "published", "archived"},
    "scheduled": {"draft", "scheduled", "published", "archived"},
    "published": {"archived"},
    "archived": set(),
}
MOST_PINNED = 3  # on one board
FARTHEST = timedelta(days=366)
DEPARTMENT = UUID(int=0)  # its board; a school's board is the school's id


@dataclass(frozen=True)
class Draft:
    """What an author writes. `is_public`: strangers read it too, so it is the department's and for everybody."""

    title: str
    body: str
    audience: Audience
    pinned: bool
    is_public: bool = False

    def on(self, board: UUID) -> Self:
        """As this board takes it: a school's news reaches that school. Raises Invalid where it should reach others."""
        if self.is_public and (board != DEPARTMENT or self.audience != Audience()):
            raise Invalid("public-is-for-everybody", "/is_public")
        if board == DEPARTMENT:
            return self
        if self.audience.districts or set(self.audience.school_ids) - {board}:
            raise Invalid("audience-own-school", "/audience")
        return replace(self, audience=self.audience.model_copy(update={"school_ids": (board,)}))


@dataclass(frozen=True)
class News:
    """An item. `version` counts changes of any kind, `told` those that others were told."""

    news_id: UUID
    board: UUID
    author_id: UUID
    draft: Draft
    state: State = "draft"
    publish_at: datetime | None = None
    published_at: datetime | None = None
    version: int = 1
    told: int = 0

    @property
    def takes_a_pin(self) -> bool:
        """Whether it counts among the pinned ones of its board."""
        return self.draft.pinned and self.state in ("scheduled", "published")

    def edited(self, draft: Draft) -> Self:
        """With another text. Raises WrongStep after the end, Conflict for another audience once it is published."""
        if self.state == "archived":
            raise WrongStep(self.state, "edited")
        if self.state == "published" and draft.audience != self.draft.audience:
            raise Conflict("audience-frozen")
        return replace(self, draft=draft)

    def scheduled(self, at: datetime, now: datetime) -> Self:
        """To come out by itself. Raises Invalid for a moment that has passed or is too far, WrongStep."""
        if not now < at <= now + FARTHEST:
            raise Invalid("schedule-out-of-range", "/publish_at")
        return replace(self.to("scheduled"), publish_at=at)

    def published(self, now: datetime) -> Self:
        """Raises WrongStep."""
        return replace(self.to("published"), published_at=now)

    def to(self, state: State) -> Self:
        """Raises WrongStep."""
        if state not in STEPS[self.state]:
            raise WrongStep(self.state, state)
        return replace(self, state=state)


@dataclass(frozen=True)
class Headline:
    """An item as a reader's list shows it."""

    news_id: UUID
    is_department: bool
    title: str
    lead: str
    pinned: bool
    published_at: datetime
    is_read: bool


@dataclass(frozen=True)
class PublicHeadline:
    """An item as strangers see it in a list."""

    news_id: UUID
    title: str
    lead: str
    pinned: bool
    published_at: datetime
