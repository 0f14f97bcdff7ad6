"""Verdicts on account requests: reached, kept, and told to the others."""

from typing import Any

from chassis.outbox import Tx, publish
from ekis_contracts import Event, ForNotify
from ekis_contracts.registry import (
    AccountRequestDeclined,
    AccountRequestHeld,
    AccountRequestReferred,
    AccountRequestVerified,
)
from ekis_contracts.values import Contact

from registry.domain.requests import (
    AccountRequest,
    Claim,
    Declined,
    NeedsSchool,
    Referred,
    Verdict,
    Verified,
    deciders,
    judge,
)
from registry.store import requests as store
from registry.store import schools as schools_store
from registry.store import staff as staff_store


async def verdict_on(tx: Tx, claim: Claim) -> Verdict:
    """What the registry's present knowledge says. The caller holds the lock of the claim's requisites."""
    known = await schools_store.schools_of(tx, claim.school.inn, claim.school.ogrn)
    roll = await staff_store.roll_to_judge(tx, [school.school_id for school in known], claim.applicant)
    return judge(claim, known, roll, tx.now)


async def give_verdict(tx: Tx, request: AccountRequest, verdict: Verdict, remark: str | None = None) -> None:
    """Keep the verdict on a locked request and tell it. `remark` is the decider's own text."""
    version = await store.save_verdict(tx, request.request_id, verdict, remark)
    publish(tx, await _event(tx, request, verdict), version)


async def repeat_verdict(tx: Tx, request: AccountRequest, verdict: Verdict) -> None:
    """Tell the verdict on a locked request once more: it may not have arrived."""
    version = await store.raise_version(tx, request.request_id)
    publish(tx, await _event(tx, request, verdict), version)


async def still_stands(tx: Tx, verdict: Verdict) -> bool:
    """False when the person who was verified has left since."""
    return not isinstance(verdict, Verified) or bool(await staff_store.live_staff_for_share(tx, verdict.staff_id))


async def _event(tx: Tx, request: AccountRequest, verdict: Verdict) -> Event:
    about: dict[str, Any] = {"request_id": request.request_id, "request_version": request.request_version}
    match verdict:
        case NeedsSchool():
            contact = ForNotify(request.asked.contact)
            return AccountRequestHeld(**about, reason="school-not-registered", contact=contact)
        case Referred(school_id, to, reason, _, until):
            decider = await _decider(tx, request.asked, verdict)
            sealed = ForNotify(decider) if decider else None
            return AccountRequestReferred(
                **about, school_id=school_id, to=to, reason=reason, until=until, contact=sealed
            )
        case Verified(_, staff_id, by):
            (staff,) = await staff_store.live_staff(tx, [staff_id])
            facts = staff.facts.model_dump(include={"staff_id", "school_id", "post", "category"})
            return AccountRequestVerified(**about, **facts, by=by)
        case Declined(reason):
            return AccountRequestDeclined(**about, reason=reason)


async def _decider(tx: Tx, claim: Claim, verdict: Referred) -> Contact | None:
    """The head to write to, if the head is to decide and has an address."""
    if verdict.to != "head":
        return None
    roll = await staff_store.roll_to_judge(tx, [verdict.school_id], claim.applicant)
    for head in deciders(claim, roll)[:1]:
        if head.entry.email:
            return Contact(name=head.entry.name.salutation, email=head.entry.email)
    return None
