"""What the routes of contests share: models, who is asking, whose board it is."""

from typing import Annotated, Any, Self
from uuid import UUID

from chassis.auth import Principal
from chassis.errors import NotFound
from chassis.outbox import Tx
from ekis_contracts.fields import Body, Line, filled, line, paragraphs
from ekis_contracts.values import Audience
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, StringConstraints

from cabinet.contests.domain.contests import DEPARTMENT, Contest, Kind, Plan, State
from cabinet.contests.domain.entries import Said
from cabinet.contests.domain.entries import State as EntryState
from cabinet.contests.store import contests as store
from cabinet.files.routes import AttachedFile
from cabinet.notices.routes import AudienceIn
from cabinet.rights import RIGHTS

_Subject = Annotated[Line, AfterValidator(str.lower)]
_Optional = Annotated[str, StringConstraints(max_length=300), AfterValidator(line)]
_Text = Annotated[str, StringConstraints(max_length=5000), AfterValidator(paragraphs)]
_Count = Annotated[int, Field(ge=1, le=100_000)]
Reason = Annotated[str, StringConstraints(max_length=1000), AfterValidator(line), AfterValidator(filled)]


class ContestIn(Body):
    """The whole contest. `capacity`: places in all; `quota`: places a school; without them as many as come. `subjects`:
    who teaches one of them may enter. A head's audience stays within the own school."""

    kind: Kind = "contest"
    title: Annotated[Line, StringConstraints(max_length=250)]
    body: Annotated[_Text, AfterValidator(filled)]
    place: _Optional = ""
    audience: AudienceIn = AudienceIn()
    subjects: Annotated[tuple[_Subject, ...], Field(max_length=50)] = ()
    needs_approval: bool = True
    opens_at: AwareDatetime
    closes_at: AwareDatetime
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    capacity: _Count | None = None
    quota: _Count | None = None
    files: Annotated[tuple[UUID, ...], Field(max_length=10)] = ()

    def plan(self) -> Plan:
        """As the domain takes it."""
        given = {name: getattr(self, name) for name in ContestIn.model_fields if name not in ("audience", "files")}
        return Plan(audience=self.audience.audience(), files=tuple(dict.fromkeys(self.files)), **given)


class EntryIn(Body):
    """What a person adds to the own entry, all of it optional."""

    text: _Text = ""
    team: _Optional = ""
    pupils: Annotated[int, Field(ge=0, le=10_000)] | None = None

    def said(self) -> Said:
        """As the domain takes it."""
        return Said(**self.model_dump())


class WhyIn(Body):
    """Why; whom it concerns reads it."""

    reason: Reason


class ContestOut(BaseModel):
    """A contest. `school_id` is empty for the department's; `places_left` null: as many as come."""

    contest_id: UUID
    school_id: UUID | None
    state: State
    kind: Kind
    title: str
    body: str
    place: str
    audience: Audience
    subjects: list[str]
    needs_approval: bool
    opens_at: AwareDatetime
    closes_at: AwareDatetime
    starts_at: AwareDatetime | None
    ends_at: AwareDatetime | None
    capacity: int | None
    quota: int | None
    places_left: int | None
    files: list[UUID]
    reason: str | None

    @classmethod
    def of(cls, it: Contest, **more: Any) -> Self:
        """As it is."""
        board = {"school_id": None if it.board == DEPARTMENT else it.board, "places_left": it.free}
        return cls.model_validate(vars(it) | vars(it.plan) | board | more)


class EntryCounts(BaseModel):
    """Entries by state."""

    applied: int = 0
    accepted: int = 0
    waitlisted: int = 0
    rejected: int = 0
    withdrawn: int = 0


class WrittenContest(ContestOut):
    """A contest as its authors see it."""

    counts: EntryCounts = EntryCounts()
    attached: list[AttachedFile] = []


class OwnEntry(BaseModel):
    """The own entry; `waiting_no`: place in the waiting list, 1 comes next; `for_editor`: the department approves."""

    entry_id: UUID
    state: EntryState
    at: AwareDatetime
    text: str
    team: str
    pupils: int | None
    reason: str | None
    for_editor: bool
    waiting_no: int | None


def board_of(who: Principal, verb: str) -> UUID:
    """Where the caller writes: the department's board or the own school's. Raises Forbidden."""
    if "editor" in who.roles:
        RIGHTS.require(who, verb, "department-contest")
        return DEPARTMENT
    RIGHTS.require(who, verb, "school-contest", school_id=who.school_id)
    assert who.school_id is not None
    return who.school_id


async def entries_in_reach(tx: Tx, who: Principal, contest_id: UUID) -> tuple[Contest, UUID | None]:
    """A contest whose entries the caller may see, and the school of those entries (None: all). Raises NotFound."""
    reach = RIGHTS.reach(who, "read", "contest-entry")
    contest = await store.contest(tx, contest_id)
    if contest is None or contest.board not in ((DEPARTMENT,) if reach == "any" else (DEPARTMENT, who.school_id)):
        raise NotFound
    if contest.state == "draft" and contest.board == DEPARTMENT and reach != "any":
        raise NotFound
    return contest, None if reach == "any" else who.school_id
