"""What a head sets up, over HTTP: every kind has the same routes."""

from typing import Annotated, Any
from uuid import UUID

from chassis.http import InTransaction, Once
from chassis.paging import IfMatch, InPage, after, etag
from ekis_contracts.fields import Body, Line
from fastapi import APIRouter, Query, Response
from fastapi.encoders import jsonable_encoder
from pydantic import AfterValidator, BaseModel, Field, create_model

from cabinet.diary.actions import setup as actions
from cabinet.diary.domain.setup import KINDS, Row
from cabinet.diary.routes.desk import BY_ID, Day, Desk, Number, SchoolYear, may
from cabinet.diary.store import setup as store
from cabinet.people.domain import class_name
from cabinet.people.routes import require_current

router = APIRouter()

Grade = Annotated[int, Field(ge=1, le=12)]


class Setup(Body):
    """A body that a kind of row is made of; its columns have the names of its fields."""

    @classmethod
    def columns(cls, given: dict[str, Any], _: Desk) -> dict[str, Any]:
        """What was given, by column."""
        return given

    @classmethod
    def shown(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The columns, as they are shown."""
        return values


class TermIn(Setup):
    """A quarter or a half-year; `year` is the one in which the school year begins. Closed, its marks are final."""

    year: SchoolYear
    name: Line
    starts: Day
    ends: Day
    grade_from: Grade = 1
    grade_to: Grade = 12
    closed: bool = False


class ClassIn(Setup):
    """A class of one school year, 5А, and the account of the teacher who leads it."""

    name: Annotated[Line, AfterValidator(class_name)]
    year: SchoolYear
    teacher_id: UUID | None = None

    @classmethod
    def columns(cls, given: dict[str, Any], _: Desk) -> dict[str, Any]:
        """The name as number and letter."""
        name = given.pop("name", None)
        letter = name.lstrip("0123456789") if name else ""
        return given | ({"grade": int(name.removesuffix(letter)), "letter": letter} if name else {})

    @classmethod
    def shown(cls, values: dict[str, Any]) -> dict[str, Any]:
        """With the name."""
        return {**values, "name": f"{values['grade']}{values['letter']}"}


class SubjectIn(Setup):
    """A subject as the school calls it."""

    name: Line


class LoadIn(Setup):
    """Who teaches a class a subject; several may."""

    class_id: UUID
    subject_id: UUID
    account_id: UUID


class SlotIn(Setup):
    """A place in the timetable: day of the week (1 is Monday), number of the lesson, room."""

    class_id: UUID
    subject_id: UUID
    weekday: Annotated[int, Field(ge=1, le=7)]
    number: Number
    room: Line | None = None


class SubstituteIn(LoadIn):
    """Who gives the lessons of these days instead, both included."""

    since: Day
    until: Day


class LeaveIn(Setup):
    """The head lets a teacher edit lessons of a term late, up to a day; no class or subject is any."""

    account_id: UUID
    term_id: UUID
    class_id: UUID | None = None
    subject_id: UUID | None = None
    until: Day
    reason: Line

    @classmethod
    def columns(cls, given: dict[str, Any], desk: Desk) -> dict[str, Any]:
        """And who grants it."""
        return given | {"granted_by": desk.account_id}


def _partial(model: type[Setup]) -> Any:
    """A body of the same fields, each of which may be left out (and then stays as it is)."""
    fields: dict[str, Any] = {name: (info.rebuild_annotation(), None) for name, info in model.model_fields.items()}
    return create_model(f"{model.__name__.removesuffix('In')}Patch", __base__=Body, **fields)


def _wanted(thing: str) -> Any:
    """By which columns a list is asked."""
    kind = KINDS[thing]
    fields: dict[str, Any] = {name: (int | None if name == "year" else UUID | None, None) for name in kind.asked_by}
    return create_model(f"{thing.capitalize()}Wanted", __base__=BaseModel, **fields)


def _resource(path: str, thing: str, model: type[Setup]) -> None:
    """List, create, read, change and delete rows of a kind."""
    _add_reads(path, thing, model)
    _add_writes(path, thing, model)


def _add_reads(path: str, thing: str, model: type[Setup]) -> None:
    kind = KINDS[thing]

    async def list_rows(
        page: InPage, tx: InTransaction, wanted: Annotated[Any, Query()], desk: Annotated[Desk, may("read", thing)]
    ) -> dict[str, Any]:
        asked = wanted.model_dump() | ({"account_id": desk.only} if desk.only else {})
        last = after(page, BY_ID)
        rows = await store.rows(tx, kind, desk.school_id, asked, (last[0] if last else None, page.limit))
        return page.answer([_out(thing, model, row) for row in rows], kind.key)

    async def read_row(
        row_id: UUID, response: Response, tx: InTransaction, desk: Annotated[Desk, may("read", thing)]
    ) -> dict[str, Any]:
        row = await actions.known_row(tx, kind, desk.school_id, row_id, desk.only)
        response.headers["ETag"] = etag(row.version)
        return _out(thing, model, row)

    list_rows.__annotations__["wanted"] = Annotated[_wanted(thing), Query()]
    router.add_api_route(path, list_rows, methods=["GET"], name=f"list_{thing}", description=model.__doc__)
    router.add_api_route(f"{path}/{{row_id}}", read_row, methods=["GET"], name=f"read_{thing}")


def _add_writes(path: str, thing: str, model: type[Setup]) -> None:
    kind, patch = KINDS[thing], _partial(model)

    async def create_row(
        *, body: Any, once: Once, response: Response, tx: InTransaction, desk: Annotated[Desk, may("write", thing)]
    ) -> dict[str, Any]:
        async def made() -> str:
            return str(await actions.add_row(tx, kind, desk.school_id, model.columns(body.model_dump(), desk)))

        row = await actions.known_row(tx, kind, desk.school_id, UUID(await once.once(tx, made)))
        response.headers["ETag"] = etag(row.version)
        return _out(thing, model, row)

    async def change_row(
        *, row_id: UUID, body: Any, match: IfMatch = None, tx: InTransaction, response: Response,
        desk: Annotated[Desk, may("write", thing)],
    ) -> dict[str, Any]:  # fmt: skip
        row = await actions.locked_row(tx, kind, desk.school_id, row_id)
        given = body.model_dump(exclude_unset=True)
        require_current(match, row.version, _out(thing, model, row), jsonable_encoder(given))
        await actions.change_row(tx, kind, desk.school_id, row, model.columns(given, desk))
        return await read_changed(row_id, response, tx, desk)

    async def read_changed(row_id: UUID, response: Response, tx: Any, desk: Desk) -> dict[str, Any]:
        row = await actions.known_row(tx, kind, desk.school_id, row_id)
        response.headers["ETag"] = etag(row.version)
        return _out(thing, model, row)

    async def delete_row(
        *, row_id: UUID, match: IfMatch = None, tx: InTransaction, desk: Annotated[Desk, may("write", thing)]
    ) -> None:
        row = await actions.locked_row(tx, kind, desk.school_id, row_id)
        require_current(match, row.version, _out(thing, model, row), {})
        await actions.remove_row(tx, kind, row)

    create_row.__annotations__["body"] = model
    change_row.__annotations__["body"] = patch
    router.add_api_route(path, create_row, methods=["POST"], status_code=201, name=f"create_{thing}")
    router.add_api_route(f"{path}/{{row_id}}", change_row, methods=["PATCH"], name=f"change_{thing}")
    router.add_api_route(f"{path}/{{row_id}}", delete_row, methods=["DELETE"], status_code=204, name=f"delete_{thing}")


def _out(thing: str, model: type[Setup], row: Row) -> dict[str, Any]:
    shown: dict[str, Any] = jsonable_encoder(model.shown(dict(row.values)))
    return {KINDS[thing].key: str(row.id), "version": row.version, **shown}


for _path, _thing, _model in (
    ("/terms", "term", TermIn),
    ("/classes", "class", ClassIn),
    ("/subjects", "subject", SubjectIn),
    ("/loads", "load", LoadIn),
    ("/timetable", "slot", SlotIn),
    ("/substitutes", "substitute", SubstituteIn),
    ("/leaves", "leave", LeaveIn),
):
    _resource(_path, _thing, _model)
