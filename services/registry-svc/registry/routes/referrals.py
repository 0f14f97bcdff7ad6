"""Referrals: account requests that a person has to decide."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from chassis.auth import Caller, Principal
from chassis.errors import Forbidden
from chassis.http import InTransaction
from chassis.outbox import Tx
from chassis.paging import InPage, after_id
from ekis_contracts.fields import Body, Line
from ekis_contracts.values import Applicant, Category
from fastapi import APIRouter
from pydantic import BaseModel, Field

from registry.actions import referrals as actions
from registry.domain.requests import AccountRequest, Answer, Decider
from registry.domain.staff import By, Staff
from registry.rights import RIGHTS
from registry.routes.shapes import Listing
from registry.routes.staff import StaffOut, deciding_as
from registry.store import requests as store
from registry.store import staff as staff_store

router = APIRouter(prefix="/referrals", tags=["referrals"])


class ReferralOut(BaseModel):
    """An account request that waits for a person; candidates are the applicant's namesakes on the roll.
    `request_version` rises when the applicant corrects the address; a decision counts for the version it has read."""

    request_id: UUID
    request_version: int
    number: str
    school_id: UUID
    applicant: Applicant
    category: Category
    reason: str
    to: By
    until: datetime | None
    candidates: list[StaffOut]

    @classmethod
    def of(cls, request: AccountRequest, roll: Sequence[Staff]) -> Self:
        """With those candidates who still work there."""
        referral = request.referral
        candidates = [StaffOut.of(staff) for staff in roll if staff.staff_id in referral.candidates]
        own = {"request_id": request.request_id, "request_version": request.request_version, "candidates": candidates}
        values = vars(request.asked) | vars(referral) | own
        return cls.model_validate({name: values[name] for name in cls.model_fields})


class AnswerIn(Body):
    """A record of the roll, or the post and category of a person who is not on it yet. `request_version` is the one
    that was read; when it is left out, the one last shown to the caller."""

    decision: Literal["confirm", "decline"]
    reason: Line | None = None
    staff_id: UUID | None = None
    post: Line | None = None
    category: Category | None = None
    request_version: Annotated[int, Field(ge=1)] | None = None


class Decided(BaseModel):
    """What became of the request."""

    request_id: UUID
    state: Literal["verified", "declined"]


async def _decider(tx: Tx, who: Principal, read: int | None) -> Decider:
    """Who decides. Raises Forbidden for a head who is on no roll any more."""
    by = deciding_as(who)
    record = await staff_store.live_staff_for_share(tx, who.staff_id) if who.staff_id else None
    if by == "head" and (record is None or record.entry.category != "head"):
        raise Forbidden("not-allowed")
    return Decider(by, record, read)


@router.get("", response_model=Listing[ReferralOut])
async def list_referrals(who: Caller, page: InPage, tx: InTransaction) -> dict[str, Any]:
    """A head's own school's, or all of them for the department."""
    RIGHTS.require(who, "read", "referral", school_id=who.school_id)
    own_school = who.school_id if deciding_as(who) == "head" else None
    requests = await store.referrals_page(tx, own_school, after_id(page), page.limit)
    wanted = [staff_id for request in requests for staff_id in request.referral.candidates]
    roll = await staff_store.live_staff(tx, wanted)
    await store.note_read(tx, who.account_id, requests)
    return page.answer([ReferralOut.of(request, roll).model_dump() for request in requests], "request_id")


@router.post("/{request_id}/decision")
async def decide(request_id: UUID, body: AnswerIn, who: Caller, tx: InTransaction) -> Decided:
    """Confirm the applicant as somebody of the school, or decline."""
    RIGHTS.require(who, "decide", "referral", school_id=await actions.hold_school(tx, request_id))
    answer = Answer(body.decision == "confirm", body.reason, body.staff_id, body.post, body.category)
    read = body.request_version or await store.version_read(tx, request_id, who.account_id)
    await actions.decide_referral(tx, request_id, await _decider(tx, who, read), answer)
    return Decided(request_id=request_id, state="verified" if answer.confirms else "declined")
