"""The own second factor, and the proof that some acts ask for."""

from typing import Self

from chassis.auth import AnySession, Caller
from chassis.http import InTransaction
from ekis_contracts.fields import Body, Line
from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from identity.actions import factors as actions
from identity.actions.factors import Shown
from identity.domain.factors import Enrolment, Factor
from identity.domain.sessions import Signed
from identity.routes.edge import InRuntime, Password, Proven, needs_factor
from identity.store import factors as store

router = APIRouter(prefix="/second-factor", tags=["second factor"])


class Empty(Body):
    """Nothing."""


class CodeIn(Body):
    """Six digits of the app, or a recovery code where a live factor is meant."""

    code: Line


class ProofIn(Body):
    """A code, or without a live factor the password."""

    code: Line | None = None
    password: Password | None = None


class FactorOut(BaseModel):
    """How the second factor stands; `pending` waits for its first code."""

    on: bool
    pending: bool
    recovery_codes_left: int

    @classmethod
    def of(cls, factor: Factor) -> Self:
        """Nothing secret of it."""
        return cls(on=factor.is_on, pending=factor.pending is not None, recovery_codes_left=len(factor.recovery))


class Codes(BaseModel):
    """Recovery codes, shown once; each works once in place of a code of the app."""

    recovery_codes: list[str]


class EnrolmentOut(Codes):
    """The secret, shown once: in base 32 and as a URI for a QR code."""

    secret: str
    otpauth_uri: str

    @classmethod
    def of(cls, one: Enrolment) -> Self:
        """All of it."""
        return cls(secret=one.secret, otpauth_uri=one.uri, recovery_codes=list(one.recovery_codes))


@router.get("")
async def show_factor(who: Caller, tx: InTransaction) -> FactorOut:
    """Whether it is on, and how many recovery codes are left."""
    return FactorOut.of(await store.factor(tx, who.account_id) or Factor(who.account_id))


@router.post("")
async def enrol(body: Empty, who: AnySession, tx: InTransaction, response: Response) -> EnrolmentOut:  # noqa: ARG001 - {}
    """Begin, with a fresh proof. What began before is gone; a live factor goes on until the new one is confirmed."""
    response.headers["Cache-Control"] = "no-store"
    return EnrolmentOut.of(await actions.enrol(tx, Signed(who.account_id, who.sid)))


@router.post("/confirm", status_code=204)
async def confirm(body: CodeIn, who: AnySession, tx: InTransaction) -> None:
    """The first code makes it live. Other sessions die; this one goes on, as a full one, with its next refresh."""
    await actions.confirm(tx, Signed(who.account_id, who.sid), body.code)


@router.post("/proof", status_code=204)
async def prove(body: ProofIn, who: Caller, runtime: InRuntime) -> None:
    """For 5 minutes this session may do what asks for a proof."""
    signed, shown = Signed(who.account_id, who.sid), Shown(body.code, body.password)
    await actions.prove(runtime.database, runtime.own.hasher, signed, shown)


@router.delete("", status_code=204)
async def take_off(who: Proven, tx: InTransaction, runtime: InRuntime) -> None:
    """Sign in without it again, except operators. Other sessions die."""
    await actions.take_off(tx, Signed(who.account_id, who.sid), required=needs_factor(runtime))


@router.post("/recovery-codes")
async def renew_codes(who: Proven, tx: InTransaction, response: Response) -> Codes:
    """New recovery codes; the old ones are dead."""
    response.headers["Cache-Control"] = "no-store"
    return Codes(recovery_codes=list(await actions.renew_codes(tx, Signed(who.account_id, who.sid))))
