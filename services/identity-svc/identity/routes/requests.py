"""Account requests and their tracking pages."""

from functools import partial
from typing import Annotated, Any

from chassis.errors import Fault
from chassis.http import InTransaction, Once
from chassis.outbox import Tx
from chassis.problems import language, text_of
from ekis_contracts.fields import Body, Email, Line, PersonName
from ekis_contracts.values import Applicant, Category, Lang, SchoolClaim
from fastapi import APIRouter, Depends
from pydantic import AfterValidator, BaseModel, Field, StringConstraints
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from identity.actions import requests as actions
from identity.domain import requisites
from identity.domain.credentials import tracking_code
from identity.domain.request import Request
from identity.gateways import new_challenge
from identity.routes.edge import InCode, InNumber, InRuntime, Unhurried
from identity.store import requests as store

router = APIRouter(tags=["account requests"])

LONGEST_CODE = 40


def _consented(given: bool) -> bool:
    if not given:
        raise Fault("consent-required")
    return given


Consent = Annotated[bool, Field(strict=True, validate_default=True), AfterValidator(_consented)]
Digits = StringConstraints(max_length=20, strip_whitespace=True)
Inn = Annotated[str, Digits, AfterValidator(requisites.inn)]
Kpp = Annotated[str, Digits, AfterValidator(requisites.kpp)]
Ogrn = Annotated[str, Digits, AfterValidator(requisites.ogrn)]


class ApplicantIn(Body):
    """Who asks."""

    last_name: PersonName
    first_name: PersonName
    patronymic: PersonName | None = None
    email: Email
    post: Line | None = None


class SchoolIn(Body):
    """The school that the applicant names; `name` is only a hint."""

    inn: Inn
    kpp: Kpp | None = None
    ogrn: Ogrn | None = None
    name: Line | None = None


class AccountRequestIn(Body):
    """An account request."""

    applicant: ApplicantIn
    school: SchoolIn
    category: Category
    consent: Consent = False
    lang: Lang = "ru"


class Accepted(BaseModel):
    """What opens the tracking page."""

    number: str
    tracking_code: str


class TimelineStep(BaseModel):
    """What happened, in the caller's language."""

    at: str
    state: str
    note: str


class Tracked(BaseModel):
    """The tracking page."""

    number: str
    state: str
    timeline: list[TimelineStep]


class EmailIn(Body):
    """A corrected address."""

    email: Email


@router.get("/challenge")
async def challenge(runtime: InRuntime, response: Response) -> dict[str, Any]:
    """Proof of work for a source that has filed many forms: solved, it goes with the form as header Proof-Of-Work."""
    response.headers["Cache-Control"] = "no-store"
    return new_challenge(runtime.database.secret, runtime.database.clock())


@router.post("/account-requests", status_code=202, dependencies=[Unhurried])
async def request_account(body: AccountRequestIn, tx: InTransaction, once: Once) -> Accepted:
    """Ask for an account. The answer is alike whether or not the person or the address is known."""

    async def ask() -> str:
        applicant = Applicant(**body.applicant.model_dump(), lang=body.lang)
        school = SchoolClaim(**body.school.model_dump())
        return (await actions.request_account(tx, applicant, school, body.category)).number

    number = await once.once(tx, ask)
    request = await store.request_numbered(tx, number)
    assert request
    return Accepted(number=number, tracking_code=tracking_code(tx.secret, request.id))


async def _tracked(number: InNumber, code: InCode, tx: InTransaction) -> Request:
    return await actions.tracked(tx, number, code)


Known = Annotated[Request, Depends(_tracked, scope="function")]


async def _page(http: HttpRequest, tx: Tx, request: Request) -> Tracked:
    say, lang = partial(text_of, http.app.state.runtime.texts), language(http)
    # Whole seconds: finer, they would tell whether registry has judged this request or it mirrors another
    steps = [
        TimelineStep(
            at=one.at.isoformat(timespec="seconds"),
            state=one.note.state,
            note=say(one.note.code, lang, one.note.params),
        )
        for one in await store.timeline(tx, request.id)
    ]
    return Tracked(number=request.number, state=request.shown, timeline=steps)


@router.get("/account-requests/{number}")
async def track_request(http: HttpRequest, request: Known, tx: InTransaction) -> Tracked:
    """How far the request is, with the header Tracking-Code."""
    return await _page(http, tx, request)


@router.patch("/account-requests/{number}")
async def correct_email(body: EmailIn, http: HttpRequest, request: Known, tx: InTransaction) -> Tracked:
    """Correct a mistyped address, until the request is verified or after a mail came back: judged anew."""
    return await _page(http, tx, await actions.correct_email(tx, request.id, body.email))


@router.post("/account-requests/{number}/withdraw", status_code=202)
async def withdraw_request(http: HttpRequest, request: Known, tx: InTransaction) -> Tracked:
    """Give up."""
    return await _page(http, tx, await actions.withdraw(tx, request.id))


@router.post("/account-requests/{number}/resend", status_code=202)
async def resend_credentials(http: HttpRequest, request: Known, tx: InTransaction) -> Tracked:
    """A new mail to the verified address, when the one-time password has expired or the mail came back."""
    return await _page(http, tx, await actions.resend(tx, request.id))
