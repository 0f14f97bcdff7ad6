"""Who sits at the desk: the caller of a right, with an open cabinet and a school; and what routes share."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from chassis.auth import Caller, Principal, Reach
from chassis.errors import NotFound
from chassis.http import InTransaction
from fastapi import Depends
from pydantic import Field, TypeAdapter

from cabinet.diary.domain.calendar import today
from cabinet.diary.domain.lessons import Author
from cabinet.people import store as people
from cabinet.rights import RIGHTS

Day = Annotated[date, Field(ge=date(1940, 1, 1), le=date(2100, 1, 1))]
SchoolYear = Annotated[int, Field(ge=2020, le=2100)]
Number = Annotated[int, Field(ge=0, le=12)]  # of a lesson in the day
BY_ID = TypeAdapter(tuple[UUID])


@dataclass(frozen=True)
class Desk:
    """The caller at the own school; `reach` is how far the right goes."""

    account_id: UUID
    school_id: UUID
    reach: Reach
    day: date

    @property
    def author(self) -> Author:
        """As the actions take it."""
        return Author(self.account_id, self.school_id)

    @property
    def only(self) -> UUID | None:
        """Whose things alone are in reach; None for all of the school."""
        return self.account_id if self.reach == "own" else None


def school_of(who: Principal) -> UUID:
    """Raises NotFound for who has none."""
    if who.school_id is None:
        raise NotFound
    return who.school_id


def may(verb: str, thing: str) -> Any:
    """Dependency: Raises Forbidden without the right, Conflict while the cabinet or (to write) the school is closed."""

    async def check(who: Caller, tx: InTransaction) -> Desk:
        reach = RIGHTS.reach(who, verb, thing)
        (await people.standing(tx, who.account_id)).require(writing=verb == "write")
        return Desk(who.account_id, school_of(who), reach, today(tx.now))

    return Depends(check)
