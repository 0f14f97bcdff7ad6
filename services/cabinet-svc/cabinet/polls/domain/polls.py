"""Polls: their steps, their questions, whom they may reach, what may be changed when."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, Self
from uuid import UUID

from chassis.errors import Conflict, Invalid, WrongStep
from ekis_contracts.values import Audience

from cabinet.notices.domain import CITY

State = Literal["draft", "published", "closed"]
Kind = Literal["single", "multiple", "scale", "text"]
Own = Literal["open", "answered", "closed"]

STEPS: dict[State, set[State]] = {"draft": {"published"}, "published": {"closed"}, "closed": set()}
FARTHEST = timedelta(days=366)
REMINDED = timedelta(days=1)  # before the end
MOST_TEXTS = 5  # questions answered in words: every sealed answer is as long as the longest one possible
UNASKED = UUID(int=0)


@dataclass(frozen=True)
class Scale:
    """Whole numbers from `low` to `high`, and what the two ends mean."""

    low: int
    high: int
    low_name: str
    high_name: str


@dataclass(frozen=True)
class Question:
    """A question. `options` and `most` (of how many may be chosen) are of choices; an option's number begins at 0."""

    kind: Kind
    text: str
    required: bool
    options: tuple[str, ...] = ()
    most: int | None = None
    scale: Scale | None = None
    question_id: UUID = UNASKED

    def checked(self, at: str) -> None:
        """Raises Invalid; `at` is the pointer of the question."""
        is_choice = self.kind in ("single", "multiple")
        if is_choice and len(self.options) < 2:  # noqa: PLR2004 - a choice of one is none
            raise Invalid("poll-options-few", f"{at}/options")
        if len({option.casefold() for option in self.options}) < len(self.options):
            raise Invalid("poll-options-twice", f"{at}/options")
        if not is_choice and self.options:
            raise Invalid("poll-options-needless", f"{at}/options")
        if self.most is not None and (self.kind != "multiple" or not 1 <= self.most <= len(self.options)):
            raise Invalid("poll-most", f"{at}/most")
        if (self.kind == "scale") != (self.scale is not None):
            raise Invalid("poll-scale", f"{at}/scale")
        if self.scale and self.scale.low >= self.scale.high:
            raise Invalid("poll-scale", f"{at}/scale/high")


@dataclass(frozen=True)
class Draft:
    """What an author writes."""

    title: str
    intro: str
    audience: Audience
    anonymous: bool
    shares_results: bool
    questions: tuple[Question, ...]
    closes_at: datetime | None

    def on(self, board: UUID) -> Self:
        """As this board takes it: a school's poll reaches that school. Raises Invalid."""
        for number, question in enumerate(self.questions):
            question.checked(f"/questions/{number}")
        if sum(question.kind == "text" for question in self.questions) > MOST_TEXTS:
            raise Invalid("poll-texts-many", "/questions", most=MOST_TEXTS)
        if board == CITY:
            return self
        if self.audience.districts or set(self.audience.school_ids) - {board}:
            raise Invalid("poll-own-school", "/audience")
        return replace(self, audience=self.audience.model_copy(update={"school_ids": (board,)}))

    def until(self, closes_at: datetime | None) -> Self:
        """With another end."""
        return replace(self, closes_at=closes_at)

    def ends_within(self, now: datetime) -> None:
        """Raises Invalid for an end that has passed or is too far."""
        if self.closes_at and not now < self.closes_at <= now + FARTHEST:
            raise Invalid("poll-closes-at", "/closes_at")

    def says_what(self, other: "Draft") -> bool:
        """Whether people are asked the same in the same way, whenever it ends."""
        return self._unasked() == other._unasked()

    def _unasked(self) -> "Draft":
        questions = tuple(replace(question, question_id=UNASKED) for question in self.questions)
        return replace(self, questions=questions, closes_at=None)


@dataclass(frozen=True)
class Poll:
    """A poll. `version` counts changes of any kind, `told` those that others were told."""

    poll_id: UUID
    board: UUID
    author_id: UUID
    draft: Draft
    state: State = "draft"
    published_at: datetime | None = None
    closed_at: datetime | None = None
    counted_at: datetime | None = None
    remind_at: datetime | None = None
    version: int = 1
    told: int = 0

    def edited(self, draft: Draft, now: datetime, *, is_answered: bool) -> Self:
        """With another text or end. Raises WrongStep after the end; Conflict for another audience once it is out, and
        for another text once somebody has answered."""
        if self.state == "closed":
            raise WrongStep(self.state, "edited")
        if self.state == "published" and draft.audience != self.draft.audience:
            raise Conflict("poll-audience-frozen")
        if is_answered and not draft.says_what(self.draft):
            raise Conflict("poll-text-frozen")
        if self.state == "draft" or draft.closes_at == self.draft.closes_at:
            return replace(self, draft=draft)
        return replace(self, draft=draft, remind_at=_reminder(draft.closes_at, now))

    def published(self, now: datetime) -> Self:
        """It takes answers. Raises WrongStep, Invalid for an end that has passed meanwhile."""
        published = self._to("published")
        self.draft.ends_within(now)
        return replace(published, published_at=now, remind_at=_reminder(self.draft.closes_at, now))

    def closed(self, now: datetime) -> Self:
        """It takes no more answers. Raises WrongStep."""
        return replace(self._to("closed"), closed_at=now, remind_at=None)

    def require_open(self, now: datetime) -> None:
        """Raises Conflict when it takes no answers any more, also in the moment before it is closed by itself."""
        if self.state != "published" or (self.draft.closes_at and self.draft.closes_at <= now):
            raise Conflict("poll-closed")

    def require_closed(self) -> None:
        """Raises Conflict as long as somebody may still answer: what others have said would lead the rest."""
        if self.state != "closed":
            raise Conflict("poll-open")

    def require_draft(self) -> None:
        """Raises WrongStep for what people have been asked."""
        if self.state != "draft":
            raise WrongStep(self.state, "deleted")

    def _to(self, state: State) -> Self:
        if state not in STEPS[self.state]:
            raise WrongStep(self.state, state)
        return replace(self, state=state)


@dataclass(frozen=True)
class Listed:
    """A poll as a reader's list shows it."""

    poll_id: UUID
    is_department: bool
    title: str
    intro: str
    anonymous: bool
    shares_results: bool
    published_at: datetime
    closes_at: datetime | None
    closed_at: datetime | None
    own: Own
    answered: bool


def _reminder(closes_at: datetime | None, now: datetime) -> datetime | None:
    moment = closes_at - REMINDED if closes_at else None
    return moment if moment and moment > now else None
