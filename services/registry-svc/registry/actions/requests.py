"""Account requests: judge, resume, hand over, close."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from chassis.outbox import Tx
from ekis_contracts.identity import AccountRequested

from registry.actions.verdicts import give_verdict, repeat_verdict, still_stands, verdict_on
from registry.domain.requests import AccountRequest, Claim, NeedsSchool
from registry.domain.schools import School
from registry.store import requests as store
from registry.store import schools as schools_store

ROUND = 100  # rows of background work in one transaction


async def judge_request(tx: Tx, asked: AccountRequested) -> None:
    """Judge this version of a request; asked again, answer again. Raises WrongStep for what comes late."""
    await schools_store.lock_requisites(tx, asked.school.inn, asked.school.ogrn)
    request = await store.ensured_request(tx, asked.request_id)
    request.require_current(asked.request_version)
    known = request.verdict if request.request_version == asked.request_version else None
    if known and await still_stands(tx, known):
        await repeat_verdict(tx, request, known)
    else:
        await _judge_anew(tx, request, asked)


async def _judge_anew(tx: Tx, request: AccountRequest, asked: AccountRequested) -> None:
    claim = Claim(asked.number, asked.school, asked.category, tx.seals.open(asked.applicant))
    request = replace(request, request_version=asked.request_version, claim=claim)
    await store.save_claim(tx, request.request_id, request.request_version, claim)
    await give_verdict(tx, request, await verdict_on(tx, claim))


async def resume_requests(tx: Tx, schools: Sequence[School]) -> None:
    """Judge anew what waited for these schools. The caller holds the locks of their requisites."""
    facts = [school.facts for school in schools]
    ogrns = [one.ogrn for one in facts if one.ogrn]
    for request in await store.held_requests(tx, [one.inn for one in facts], ogrns):
        verdict = await verdict_on(tx, request.asked)
        if not isinstance(verdict, NeedsSchool):
            await give_verdict(tx, request, verdict)


async def judge_referred(tx: Tx, school: School) -> None:
    """Judge anew what waits for a decision about this school. The caller holds the lock of its requisites."""
    for request in await store.referred_requests(tx, school.school_id):
        await give_verdict(tx, request, await verdict_on(tx, request.asked))


async def close_request(tx: Tx, request_id: UUID) -> None:
    """The request has ended: forget the applicant and the referral."""
    await store.close_request(tx, request_id)
    await store.forget_reads(tx, request_id)


async def hand_over_referrals(tx: Tx) -> int:
    """Give the department what heads have not answered in time. Returns how many were handed over."""
    overdue = await store.overdue_referrals(tx, tx.now, ROUND)
    for request in overdue:
        await give_verdict(tx, request, replace(request.referral, to="department", until=None))
    return len(overdue)
