"""The diary as a tutorial builds it, on the same tables: `python -m bench.peers.textbook_diary`, told by PEER_*.

FastAPI with response models, sync dependencies and SQLAlchemy's ORM. It asks for no token and checks no right.
Its `/hello`, a constant answer, is the limit.
"""

import datetime as dt
import os
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Query
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, and_, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, foreign, mapped_column, relationship, selectinload


class Base(DeclarativeBase):
    pass


class Pupil(Base):
    __tablename__ = "pupil"
    pupil_id: Mapped[UUID] = mapped_column(primary_key=True)
    last_name: Mapped[str]
    first_name: Mapped[str]


class Membership(Base):
    __tablename__ = "membership"
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("pupil.pupil_id"), primary_key=True)
    class_id: Mapped[UUID] = mapped_column(primary_key=True)
    since: Mapped[dt.date] = mapped_column(primary_key=True)
    until: Mapped[dt.date | None]
    pupil: Mapped[Pupil] = relationship()


class Subject(Base):
    __tablename__ = "subject"
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]


class Mark(Base):
    __tablename__ = "mark"
    year: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[UUID] = mapped_column(primary_key=True)
    pupil_id: Mapped[UUID] = mapped_column(primary_key=True)
    mark: Mapped[int | None]
    credit: Mapped[bool | None]
    absence: Mapped[str | None]
    weight: Mapped[int]
    comment: Mapped[str | None]
    version: Mapped[int]


class Lesson(Base):
    __tablename__ = "lesson"
    lesson_id: Mapped[UUID] = mapped_column(primary_key=True)
    class_id: Mapped[UUID]
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subject.subject_id"))
    term_id: Mapped[UUID]
    year: Mapped[int]
    date: Mapped[dt.date]
    number: Mapped[int]
    topic: Mapped[str | None]
    homework: Mapped[str | None]
    homework_due: Mapped[dt.date | None]
    subject: Mapped[Subject] = relationship()
    marks: Mapped[list[Mark]] = relationship(
        primaryjoin=lambda: and_(foreign(Mark.lesson_id) == Lesson.lesson_id, foreign(Mark.year) == Lesson.year),
        viewonly=True,
    )


class Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class MarkOut(Out):
    pupil_id: UUID
    mark: int | None
    credit: bool | None
    absence: str | None
    weight: int
    comment: str | None
    version: int


class LessonOut(Out):
    lesson_id: UUID
    date: dt.date
    number: int
    topic: str | None
    marks: list[MarkOut]


class PupilOut(Out):
    pupil_id: UUID
    last_name: str
    first_name: str
    average: float | None


class JournalOut(Out):
    pupils: list[PupilOut]
    lessons: list[LessonOut]


class WeekLessonOut(Out):
    lesson_id: UUID
    date: dt.date
    number: int
    subject: str
    topic: str | None
    homework: str | None
    mark: MarkOut | None


engine = create_async_engine(os.environ.get("PEER_DATABASE", "postgresql+asyncpg://"), pool_size=10)
Session = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


async def opened() -> AsyncIterator[AsyncSession]:
    async with Session() as session:
        yield session


def current_user() -> UUID:
    return UUID(int=1)


Db = Annotated[AsyncSession, Depends(opened)]
User = Annotated[UUID, Depends(current_user)]


@app.get("/hello")
async def hello() -> dict[str, str]:
    return {"hello": "world"}


@app.get("/journal", response_model=JournalOut)
async def journal(db: Db, _: User, class_id: UUID, subject_id: UUID, term_id: UUID) -> JournalOut:
    stays = select(Membership).where(Membership.class_id == class_id).options(selectinload(Membership.pupil))
    pupils = [stay.pupil for stay in (await db.scalars(stays)).all()]
    asked = select(Lesson).where(
        Lesson.class_id == class_id, Lesson.subject_id == subject_id, Lesson.term_id == term_id
    )
    lessons = (await db.scalars(asked.options(selectinload(Lesson.marks)).order_by(Lesson.date))).all()
    shown = [
        PupilOut(
            pupil_id=pupil.pupil_id,
            last_name=pupil.last_name,
            first_name=pupil.first_name,
            average=_average([mark for it in lessons for mark in it.marks if mark.pupil_id == pupil.pupil_id]),
        )
        for pupil in pupils
    ]
    return JournalOut(pupils=shown, lessons=[LessonOut.model_validate(it) for it in lessons])


def _average(marks: list[Mark]) -> float | None:
    weights = sum(it.weight for it in marks if it.mark)
    return round(sum(it.mark * it.weight for it in marks if it.mark) / weights, 2) if weights else None


@app.get("/week", response_model=list[WeekLessonOut])
async def week(db: Db, _: User, pupil_id: UUID, monday: Annotated[dt.date, Query()]) -> list[WeekLessonOut]:
    stay = await db.scalar(select(Membership).where(Membership.pupil_id == pupil_id))
    if stay is None:
        raise HTTPException(404)
    days = Lesson.date.between(monday, monday + dt.timedelta(days=6))
    asked = select(Lesson).where(Lesson.class_id == stay.class_id, days).order_by(Lesson.date, Lesson.number)
    lessons = (await db.scalars(asked.options(selectinload(Lesson.subject)))).all()
    known = select(Mark).where(
        Mark.year == 2026, Mark.pupil_id == pupil_id, Mark.lesson_id.in_([it.lesson_id for it in lessons])
    )
    marks = {it.lesson_id: it for it in (await db.scalars(known)).all()}
    return [
        WeekLessonOut(
            lesson_id=it.lesson_id, date=it.date, number=it.number, subject=it.subject.name, topic=it.topic,
            homework=it.homework, mark=marks.get(it.lesson_id),
        )
        for it in lessons
    ]  # fmt: skip


if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ["PEER_PORT"]), loop="uvloop", log_level="warning", access_log=False)
