"""What the routes of polls share: models, cursors, who is asking and on which board."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Self
from uuid import UUID

from chassis.auth import Caller, Principal
from chassis.errors import Forbidden, NotFound
from chassis.http import InTransaction
from chassis.outbox import Tx
from chassis.paging import IfMatch, etag
from ekis_contracts.fields import Body, Line, LongLine, line, paragraphs
from ekis_contracts.values import Audience
from fastapi import Depends, Response
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, StringConstraints, TypeAdapter

from cabinet.notices.domain import CITY
from cabinet.notices.routes import AudienceIn
from cabinet.people import store as people
from cabinet.people.domain import require_open
from cabinet.people.routes import require_current
from cabinet.polls.actions import polls as actions
from cabinet.polls.domain import polls as domain
from cabinet.polls.domain.polls import Draft, Kind, Own, Poll, State
from cabinet.polls.store import answers, polls
from cabinet.rights import RIGHTS

BY_ID = TypeAdapter(tuple[UUID])
BY_DATE = TypeAdapter(tuple[AwareDatetime, UUID])
ScaleName = Annotated[str, StringConstraints(max_length=100), AfterValidator(line)]
Intro = Annotated[str, StringConstraints(max_length=2000), AfterValidator(paragraphs)]


class Scale(Body):
    """Whole numbers from `low` to `high`, and what the ends mean."""

    low: Annotated[int, Field(ge=0, le=1)] = 1
    high: Annotated[int, Field(ge=2, le=10)] = 5
    low_name: ScaleName = ""
    high_name: ScaleName = ""


class QuestionIn(Body):
    """A question: `options` of a choice, `most` of how many may be chosen, `scale` of a scale."""

    kind: Kind
    text: LongLine
    required: bool = True
    options: Annotated[tuple[Line, ...], Field(max_length=30)] = ()
    most: Annotated[int, Field(ge=1, le=30)] | None = None
    scale: Scale | None = None

    def question(self) -> domain.Question:
        """As the domain takes it."""
        scale = domain.Scale(**self.scale.model_dump()) if self.scale else None
        return domain.Question(self.kind, self.text, self.required, self.options, self.most, scale)


class PollIn(Body):
    """The whole poll. A head's audience stays within the own school."""

    title: Line
    intro: Intro = ""
    audience: AudienceIn = AudienceIn()
    anonymous: bool = True
    shares_results: bool = False
    questions: Annotated[tuple[QuestionIn, ...], Field(min_length=1, max_length=30)]
    closes_at: AwareDatetime | None = None

    def draft(self) -> Draft:
        """As the domain takes it."""
        questions = tuple(question.question() for question in self.questions)
        flags = (self.anonymous, self.shares_results)
        return Draft(self.title, self.intro, self.audience.audience(), *flags, questions, self.closes_at)


class PollEdit(Body):
    """What is to be changed; what is left out stays."""

    title: Line | None = None
    intro: Intro | None = None
    audience: AudienceIn | None = None
    anonymous: bool | None = None
    shares_results: bool | None = None
    questions: Annotated[tuple[QuestionIn, ...], Field(min_length=1, max_length=30)] | None = None
    closes_at: AwareDatetime | None = None

    def on(self, draft: Draft) -> Draft:
        """What is there, with the changes; only the end can be taken away."""
        given: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        changes = {name: value for name, value in given.items() if value is not None or name == "closes_at"}
        if self.audience is not None:
            changes["audience"] = self.audience.audience()
        if self.questions is not None:
            changes["questions"] = tuple(question.question() for question in self.questions)
        return replace(draft, **changes)


class QuestionOut(BaseModel):
    """A question. An option is answered by its number, the first is 0; a scale by its place."""

    question_id: UUID
    kind: Kind
    text: str
    required: bool
    options: list[str]
    most: int | None
    scale: Scale | None


class PollOut(BaseModel):
    """A poll. `school_id` is empty for the department's; `own` is how it stands with the caller, if it is for the
    caller; `written` says that the caller writes on its board, and then `answered` how many have answered."""

    poll_id: UUID
    school_id: UUID | None
    state: State
    title: str
    intro: str
    audience: Audience | None
    anonymous: bool
    shares_results: bool
    questions: list[QuestionOut]
    published_at: AwareDatetime | None
    closes_at: AwareDatetime | None
    closed_at: AwareDatetime | None
    own: Own | None
    written: bool
    answered: int | None

    @classmethod
    def of(cls, poll: Poll, **seen: Any) -> Self:
        """As its authors see it, or as `seen` says."""
        board = {"school_id": None if poll.board == CITY else poll.board}
        usual = {"own": None, "written": True, "answered": 0 if poll.state == "draft" else None}
        return cls.model_validate(vars(poll) | vars(poll.draft) | board | usual | seen, from_attributes=True)


def board_of(who: Principal, verb: str) -> UUID:
    """Where the caller writes: the department's board or the own school's. Raises Forbidden."""
    if "editor" in who.roles:
        RIGHTS.require(who, verb, "department-poll")
        return CITY
    RIGHTS.require(who, verb, "school-poll", school_id=who.school_id)
    assert who.school_id is not None
    return who.school_id


def board_if_any(who: Principal) -> UUID | None:
    """The same, None for who writes nowhere."""
    try:
        return board_of(who, "read")
    except Forbidden:
        return None


async def seen(tx: Tx, who: Principal, poll_id: UUID) -> PollOut:
    """A poll as the caller sees it: written on the own board, or asked. Raises NotFound, Conflict, Forbidden."""
    board, poll = board_if_any(who), await polls.poll(tx, poll_id)
    if board is None:
        RIGHTS.require(who, "read", "poll", account_id=who.account_id)
        require_open(await people.account(tx, who.account_id))
    is_asked = board != CITY and await polls.poll_for_reader(tx, who.account_id, poll_id) is not None
    is_written = poll is not None and poll.board == board
    if poll is None or not (is_asked or is_written):
        raise NotFound
    own = await _own(tx, who, poll) if is_asked else None
    if is_written:
        return PollOut.of(poll, own=own, answered=await answers.count_answers(tx, poll))
    return PollOut.of(poll, own=own, written=False, audience=None)


async def _own(tx: Tx, who: Principal, poll: Poll) -> Own:
    if poll.state == "closed":
        return "closed"
    return "answered" if await answers.has_answered(tx, poll.poll_id, who.account_id) else "open"


def shown(response: Response, poll: Poll) -> PollOut:
    """With its version."""
    response.headers["ETag"] = etag(poll.version)
    return PollOut.of(poll)


async def _locked(poll_id: UUID, who: Caller, tx: InTransaction) -> Poll:
    return await actions.poll_for_update(tx, poll_id, board_of(who, "write"), who.account_id)


Locked = Annotated[Poll, Depends(_locked)]


async def _current(poll: Locked, if_match: IfMatch = None) -> Poll:
    """Raises Stale, with what is there, unless the newest version is meant."""
    require_same(poll, if_match)
    return poll


Current = Annotated[Poll, Depends(_current)]


def require_same(poll: Poll, if_match: str | None, yours: Mapping[str, Any] | None = None) -> None:
    """Raises Stale, with what is there and what was meant to be."""
    require_current(if_match, poll.version, PollOut.of(poll).model_dump(mode="json"), yours)
