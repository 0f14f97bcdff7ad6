"""Notices: what is told, to whom, and how long it matters."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from ekis_contracts.values import Audience

Kind = Literal["news", "document", "reminder", "contest", "poll", "exam-results", "lesson", "task"]

CITY = UUID(int=0)  # the place of a notice that is for no certain school or person
KEPT = timedelta(days=30)  # without a deadline


@dataclass(frozen=True)
class Notice:
    """Something new. `about` is the id of the document, contest ..., `page` its path in the web client; `title` names
    nobody, for it travels in clear; `due` is a deadline that it sets; `personal`: it answers what the person has
    done, so no digest holds it up."""

    kind: Kind
    about: UUID
    title: str
    page: str
    due: datetime | None = None
    personal: bool = False

    def until(self, now: datetime) -> datetime:
        """As long as it matters, to those who come later too."""
        return max(now + KEPT, self.due or now)


@dataclass(frozen=True)
class Item:
    """A notice as it lies in somebody's inbox."""

    notice_id: UUID
    kind: Kind
    about: UUID
    title: str
    page: str
    due: datetime | None
    at: datetime
    is_read: bool


@dataclass(frozen=True)
class Untold:
    """A notice that the rest of its audience has still to be told by mail."""

    notice_id: UUID
    notice: Notice
    until: datetime
    audience: Audience | None
    told_through: UUID


@dataclass(frozen=True)
class Unread:
    """How many notices somebody has not read, how many of them came after a moment, and when the newest did."""

    unread: int
    new: int
    newest: datetime | None


def in_lower_case(audience: Audience) -> Audience:
    """As audiences are kept: posts are compared without regard to case."""
    return audience.model_copy(update={"posts": tuple(post.lower() for post in audience.posts)})


def places(audience: Audience) -> list[UUID]:
    """Where its notice is looked for."""
    return list(dict.fromkeys(audience.school_ids)) or [CITY]
