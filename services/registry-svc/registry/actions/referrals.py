"""Referrals: what a head or the department says about an account request."""

from uuid import UUID

from chassis.errors import Conflict, NotFound
from chassis.outbox import Tx

from registry.actions.staff import enrol, require_open_school
from registry.actions.verdicts import give_verdict
from registry.domain.requests import (
    AccountRequest,
    Answer,
    Claim,
    Decider,
    Declined,
    Referred,
    Verified,
    decline_code,
    name_of,
    new_place,
    require_chosen,
    require_decidable,
)
from registry.domain.staff import Staff, StaffEntry
from registry.store import requests as store
from registry.store import schools as schools_store
from registry.store import staff as staff_store


async def hold_school(tx: Tx, request_id: UUID) -> UUID | None:
    """The school a request is about, which nobody closes meanwhile. Comes first: so does a closing lock."""
    school_id = await store.school_of_request(tx, request_id)
    if school_id:
        await schools_store.school_for_share(tx, school_id)
    return school_id


async def decide_referral(tx: Tx, request_id: UUID, decider: Decider, answer: Answer) -> AccountRequest:
    """Confirm the applicant as somebody on the roll, or decline. Raises Conflict, Forbidden, Invalid, NotFound.

    The caller holds the school of the request.
    """
    request = await store.request_for_update(tx, request_id)
    if request is None:
        raise NotFound
    claim, referred = require_decidable(request, decider)
    if answer.confirms:
        staff = await _confirmed(tx, claim, referred, decider, answer)
        await _require_active(tx, staff.school_id)
        await give_verdict(tx, request, Verified(staff.school_id, staff.staff_id, decider.by))
    else:
        declined = Declined(decline_code(decider.by), referred.school_id)
        await give_verdict(tx, request, declined, answer.reason)
    return request


async def _require_active(tx: Tx, school_id: UUID) -> None:
    """Raises Conflict while the school takes no requests; declining is possible then, too."""
    school = await schools_store.school(tx, school_id)
    if school is None or school.facts.status != "active":
        raise Conflict("school-not-active")


async def _confirmed(tx: Tx, claim: Claim, referred: Referred, decider: Decider, answer: Answer) -> Staff:
    """The record of the roll that the applicant is, made now if the person was not on it."""
    if answer.staff_id:
        several = referred.reason == "several-branches"
        branches = await schools_store.branches_of(tx, referred.school_id) if several else [referred.school_id]
        return require_chosen(await staff_store.live_staff_for_share(tx, answer.staff_id), branches, decider.by)
    post, category = new_place(answer, referred, decider.by)
    await require_open_school(tx, referred.school_id)
    return await enrol(tx, referred.school_id, StaffEntry(name_of(claim.applicant), post, category), "referral")
