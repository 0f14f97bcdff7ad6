"""What an online lesson is answered with, and the desk at which it is asked for."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from chassis.http import InTransaction
from chassis.outbox import Tx
from chassis.paging import etag
from chassis.problems import language
from fastapi import Depends, Request, Response
from pydantic import AwareDatetime, BaseModel

from cabinet.diary.routes.desk import Desk, may
from cabinet.online.actions import lessons as actions
from cabinet.online.actions.lessons import Classes
from cabinet.online.domain.lessons import Lesson, State
from cabinet.online.domain.links import join_code
from cabinet.online.routes.shapes import AssignmentOut, MaterialOut
from cabinet.online.store import lessons as store
from cabinet.online.store import parts, shares
from cabinet.people.routes import called, require_current


class ClassOut(BaseModel):
    """A class of the lesson, and the code of its link (`/join/{code}`)."""

    class_id: UUID
    name: str
    code: str


class LessonOut(BaseModel):
    """A lesson with everything it has. `is_own`: whether the caller may change it."""

    lesson_id: UUID
    version: int
    title: str
    subject_id: UUID
    subject: str
    teacher: str | None
    starts: AwareDatetime
    ends: AwareDatetime
    link: str | None
    state: State
    reason: str | None
    is_own: bool
    classes: list[ClassOut]
    materials: list[MaterialOut]
    assignments: list[AssignmentOut]


@dataclass(frozen=True)
class Counter:
    """Who asks, in which transaction, and the answer that is under way."""

    request: Request
    response: Response
    tx: Tx
    desk: Desk

    def name(self, one: dict[str, Any]) -> str | None:
        """What a teacher is called."""
        texts = self.request.app.state.runtime.texts
        return called(texts, language(self.request), one["teacher"], one["former_no"])

    async def card(self, lesson: Lesson, only: Classes = None) -> dict[str, Any]:
        """All of a lesson, or as much as concerns these classes."""
        names = await store.shown(self.tx, lesson.lesson_id)
        tie = await store.tie(self.tx, self.desk.account_id, lesson.lesson_id)
        card = {
            **vars(lesson),
            "subject": names["subject"],
            "teacher": self.name(names),
            "is_own": tie.is_own,
            "classes": [self._class(lesson, one) for one in await shares.classes(self.tx, lesson.lesson_id, only)],
            "materials": await parts.materials(self.tx, lesson.lesson_id),
            "assignments": [AssignmentOut.of(one) for one in await parts.assignments(self.tx, lesson.lesson_id)],
        }
        return LessonOut.model_validate(card).model_dump(mode="json")

    def _class(self, lesson: Lesson, one: dict[str, Any]) -> dict[str, Any]:
        return one | {"code": join_code(self.tx.secret, lesson.lesson_id, one["class_id"], one["code_no"])}

    async def answer(self, lesson: Lesson, only: Classes = None) -> dict[str, Any]:
        """The card with its tag."""
        self.response.headers["ETag"] = etag(lesson.version)
        return await self.card(lesson, only)

    async def current(self, lesson_id: UUID, match: str | None, yours: dict[str, Any] | None = None) -> Lesson:
        """An own lesson, locked. Raises NotFound, Stale with what is there."""
        lesson = await actions.own_lesson(self.tx, self.desk.author, lesson_id)
        require_current(match, lesson.version, await self.card(lesson), yours)
        return lesson


def at(verb: str) -> Any:
    """Dependency. Raises what `may` raises."""

    async def counter(
        request: Request, response: Response, tx: InTransaction, desk: Annotated[Desk, may(verb, "online-lesson")]
    ) -> Counter:
        return Counter(request, response, tx, desk)

    return Depends(counter)


Reading = Annotated[Counter, at("read")]
Writing = Annotated[Counter, at("write")]
