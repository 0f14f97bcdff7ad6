"""The workplace form over HTTP."""

from dataclasses import asdict
from typing import Annotated, Any

from chassis.auth import Caller
from chassis.http import InTransaction
from chassis.paging import IfMatch, etag
from chassis.problems import language, text_of
from ekis_contracts.fields import Body, Line, Phone
from ekis_contracts.values import Employment
from fastapi import APIRouter, Request, Response
from pydantic import AfterValidator, Field

from cabinet.people import store as people
from cabinet.people.domain import class_name, require_open
from cabinet.people.routes import require_current
from cabinet.rights import RIGHTS
from cabinet.workplace import actions, store
from cabinet.workplace.domain import SUBJECTS, Form, Workplace, subject, teaches

router = APIRouter(tags=["workplace"])

MOST = 40  # subjects or classes of one person

HINTED = ("building", "subjects", "classes", "employment", "work_phone", "room", "proposed_post")


def _once_each(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


Subjects = Annotated[
    tuple[Annotated[Line, AfterValidator(subject)], ...], Field(max_length=MOST), AfterValidator(_once_each)
]
Classes = Annotated[
    tuple[Annotated[Line, AfterValidator(class_name)], ...], Field(max_length=MOST), AfterValidator(_once_each)
]


class WorkplaceIn(Body):
    """The whole form; what is left out is empty."""

    building: Line | None = None
    subjects: Subjects = ()
    classes: Classes = ()
    employment: Employment | None = None
    work_phone: Phone | None = None
    room: Line | None = None
    proposed_post: Line | None = None

    def form(self) -> Form:
        """As the domain takes it."""
        return Form(**self.model_dump())


@router.get("/workplace")
async def read_workplace(request: Request, response: Response, tx: InTransaction, who: Caller) -> dict[str, Any]:
    """The own workplace: what the roll has fixed, what is filled in, what is missing, what may be meant."""
    RIGHTS.require(who, "read", "workplace", account_id=who.account_id)
    account = require_open(await people.account(tx, who.account_id))
    return _shown(request, response, await store.workplace(tx, account))


@router.put("/workplace")
async def save_workplace(
    *, body: WorkplaceIn, request: Request, response: Response, tx: InTransaction, who: Caller, if_match: IfMatch = None
) -> dict[str, Any]:
    """Save the form, also half filled in."""
    RIGHTS.require(who, "write", "workplace", account_id=who.account_id)
    place = await actions.workplace_for_update(tx, who.account_id)
    require_current(if_match, place.version, asdict(place.form), body.model_dump())
    return _shown(request, response, await actions.save_workplace(tx, place, body.form()))


def _shown(request: Request, response: Response, place: Workplace) -> dict[str, Any]:
    response.headers["ETag"] = etag(place.version)
    texts, lang = request.app.state.runtime.texts, language(request)
    post, form, school = place.post, place.form, place.school
    return {
        "school": asdict(school) if school else None,
        "post": post.post,
        "division": post.division,
        "category": post.category,
        **asdict(form),
        "employment": form.employment or post.employment,
        "required": place.missing,
        "complete": place.complete,
        "hints": {field: text_of(texts, f"hint-{field.replace('_', '-')}", lang, {}) for field in HINTED},
        "suggestions": {
            "subjects": SUBJECTS if teaches(post.post) else (),
            "buildings": [school.address] if school else [],
            "phones": school.phones if school else (),
        },
    }
