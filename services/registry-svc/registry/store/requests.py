"""Account requests, as the registry sees them, in the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.db import Row, Tx
from ekis_contracts.values import Applicant, SchoolClaim

from registry.domain.requests import (
    AccountRequest,
    Claim,
    Declined,
    NeedsSchool,
    Referred,
    RequestState,
    Verdict,
    Verified,
)


def _request(row: Row) -> AccountRequest:
    return AccountRequest(
        request_id=row["request_id"],
        version=row["version"],
        request_version=row["request_version"],
        state=row["state"],
        claim=_claim(row),
        verdict=_verdict(row),
        school_id=row["school_id"],
    )


def _claim(row: Row) -> Claim | None:
    if row["email"] is None:
        return None
    school = SchoolClaim(inn=row["inn"], kpp=row["kpp"], ogrn=row["ogrn"], name=row["school_name"])
    applicant = Applicant(**{field: row[field] for field in Applicant.model_fields})
    return Claim(row["number"], school, row["category"], applicant)


def _verdict(row: Row) -> Verdict | None:
    match row["state"]:
        case "held":
            return NeedsSchool()
        case "referred":
            return Referred(row["school_id"], row["referred_to"], row["reason"], tuple(row["candidates"]), row["until"])
        case "verified":
            return Verified(row["school_id"], row["staff_id"], row["decided_by"])
        case "declined":
            return Declined(row["reason"], row["school_id"])
    return None


def _columns(verdict: Verdict) -> tuple[RequestState, dict[str, Any]]:
    match verdict:
        case NeedsSchool():
            return "held", {}
        case Referred(school_id, to, reason, candidates, until):
            return "referred", {
                "school_id": school_id,
                "referred_to": to,
                "reason": reason,
                "candidates": list(candidates),
                "until": until,
            }
        case Verified(school_id, staff_id, by):
            return "verified", {"school_id": school_id, "staff_id": staff_id, "decided_by": by}
        case Declined(reason, school_id):
            return "declined", {"reason": reason, "school_id": school_id}


async def ensured_request(tx: Tx, request_id: UUID) -> AccountRequest:
    """A request, locked; an empty one if nothing was known of it."""
    sql = """
    INSERT INTO account_request AS known (request_id) VALUES ($1)
    ON CONFLICT (request_id) DO UPDATE SET state = known.state RETURNING *
    """
    (row,) = await tx.fetch(sql, request_id)
    return _request(row)


async def request_for_update(tx: Tx, request_id: UUID) -> AccountRequest | None:
    """A request, locked."""
    row = await tx.fetchrow("SELECT * FROM account_request WHERE request_id = $1 FOR NO KEY UPDATE", request_id)
    return _request(row) if row else None


async def school_of_request(tx: Tx, request_id: UUID) -> UUID | None:
    """The school a request is about, once it is known."""
    school_id: UUID | None = await tx.fetchval(
        "SELECT school_id FROM account_request WHERE request_id = $1", request_id
    )
    return school_id


async def held_requests(tx: Tx, inns: Sequence[str], ogrns: Sequence[str]) -> list[AccountRequest]:
    """Locked requests that wait for a school of one of these INNs or OGRNs."""
    sql = """
    SELECT * FROM account_request WHERE state = 'held' AND (inn = ANY ($1::text[]) OR ogrn = ANY ($2::text[]))
    ORDER BY request_id FOR NO KEY UPDATE
    """
    return [_request(row) for row in await tx.fetch(sql, list(inns), list(ogrns))]


async def referred_requests(tx: Tx, school_id: UUID) -> list[AccountRequest]:
    """Locked requests that wait for somebody's decision about this school."""
    sql = """
    SELECT * FROM account_request WHERE school_id = $1 AND state = 'referred' ORDER BY request_id FOR NO KEY UPDATE
    """
    return [_request(row) for row in await tx.fetch(sql, school_id)]


async def save_claim(tx: Tx, request_id: UUID, request_version: int, claim: Claim) -> None:
    """What is asked, by this version of the request."""
    sql = """
    UPDATE account_request SET request_version = $2, number = $3, category = $4, inn = $5, kpp = $6, ogrn = $7,
        school_name = $8, last_name = $9, first_name = $10, patronymic = $11, email = $12, post = $13, lang = $14
    WHERE request_id = $1
    """
    school, who = claim.school, claim.applicant
    asked = (claim.number, claim.category, school.inn, school.kpp, school.ogrn, school.name)
    person = (who.last_name, who.first_name, who.patronymic, who.email, who.post, who.lang)
    await tx.execute(sql, request_id, request_version, *asked, *person)


async def save_verdict(tx: Tx, request_id: UUID, verdict: Verdict, remark: str | None = None) -> int:
    """The verdict in place of an earlier one; `remark` is the decider's own text. Returns the raised version."""
    sql = """
    UPDATE account_request SET version = version + 1, state = $2, school_id = $3, staff_id = $4, decided_by = $5,
        reason = $6, referred_to = $7, candidates = $8, until = $9, remark = $10
    WHERE request_id = $1 RETURNING version
    """
    state, given = _columns(verdict)
    empty = {"school_id": None, "staff_id": None, "decided_by": None, "reason": None, "referred_to": None}
    values = (empty | {"candidates": [], "until": None} | given).values()
    version: int = await tx.fetchval(sql, request_id, state, *values, remark)
    return version


async def raise_version(tx: Tx, request_id: UUID) -> int:
    """The next version, for the same verdict told again."""
    sql = "UPDATE account_request SET version = version + 1 WHERE request_id = $1 RETURNING version"
    version: int = await tx.fetchval(sql, request_id)
    return version


async def close_request(tx: Tx, request_id: UUID) -> None:
    """The end, remembered even when it comes first; nothing personal stays."""
    sql = """
    INSERT INTO account_request AS known (request_id, state) VALUES ($1, 'closed')
    ON CONFLICT (request_id) DO UPDATE SET state = 'closed', inn = NULL, kpp = NULL, ogrn = NULL, school_name = NULL,
        category = NULL, last_name = NULL, first_name = NULL, patronymic = NULL, email = NULL, post = NULL,
        reason = NULL, remark = NULL, referred_to = NULL, candidates = '{}', until = NULL
    """
    await tx.execute(sql, request_id)


async def drop_applicants(tx: Tx, staff_id: UUID) -> int:
    """Forget who asked for an account of this staff record. Returns how many requests held it."""
    sql = """
    UPDATE account_request SET last_name = NULL, first_name = NULL, patronymic = NULL, email = NULL, post = NULL
    WHERE staff_id = $1 AND state = 'verified' AND email IS NOT NULL
    """
    return await tx.execute(sql, staff_id)


async def note_read(tx: Tx, decider: UUID, requests: Sequence[AccountRequest]) -> None:
    """These are shown to somebody who may decide them."""
    sql = """
    INSERT INTO referral_read AS known (request_id, decider, request_version)
    SELECT request_id, $1, version FROM unnest($2::uuid[], $3::int[]) AS shown (request_id, version)
    ON CONFLICT (request_id, decider) DO UPDATE SET request_version = excluded.request_version
    WHERE known.request_version <> excluded.request_version
    """
    shown = [one.request_id for one in requests], [one.request_version for one in requests]
    await tx.execute(sql, decider, *shown)


async def version_read(tx: Tx, request_id: UUID, decider: UUID) -> int | None:
    """The version that was shown last; None if none was."""
    sql = "SELECT request_version FROM referral_read WHERE request_id = $1 AND decider = $2"
    version: int | None = await tx.fetchval(sql, request_id, decider)
    return version


async def forget_reads(tx: Tx, request_id: UUID) -> None:
    """Nobody decides this request any more."""
    await tx.execute("DELETE FROM referral_read WHERE request_id = $1", request_id)


async def referrals_page(tx: Tx, school_id: UUID | None, after: UUID | None, limit: int) -> list[AccountRequest]:
    """Those of a school that its head is to decide; all of them without a school."""
    own = "school_id = $3 AND referred_to = 'head'" if school_id else "$3::uuid IS NULL"
    sql = f"""
    SELECT * FROM account_request
    WHERE state = 'referred' AND {own} AND ($1::uuid IS NULL OR request_id > $1) ORDER BY request_id LIMIT $2
    """  # noqa: S608 - one of two constants
    return [_request(row) for row in await tx.fetch(sql, after, limit, school_id)]


async def overdue_referrals(tx: Tx, now: datetime, limit: int) -> list[AccountRequest]:
    """Locked referrals that a head has not answered in time."""
    sql = """
    SELECT * FROM account_request WHERE state = 'referred' AND until <= $1
    ORDER BY until LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
    """
    return [_request(row) for row in await tx.fetch(sql, now, limit)]
