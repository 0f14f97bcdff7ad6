"""Account requests, their claims on an address, their timeline, the consents."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.db import Row
from chassis.outbox import Tx
from ekis_contracts.values import Applicant, SchoolClaim

from identity.domain.request import Note, Request

_INSERT = """
INSERT INTO account_request (id, number, state, shown, request_version, last_name, first_name, patronymic, email, post,
    lang, inn, kpp, ogrn, school_name, category, step_at, asks, ask_at, mirrors, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
"""
_SAVE = """
UPDATE account_request SET state = $2, shown = $3, request_version = $4, last_name = $5, first_name = $6,
    patronymic = $7, email = $8, post = $9, step_at = $10, account_id = $11, credentials_until = $12, verdict_no = $13,
    mail_no = $14, asks = $15, ask_at = $16, mirrors = $17, referral = $18, version = version + $19
WHERE id = $1 RETURNING version
"""
_CLAIM = """
INSERT INTO open_request AS held (email_key, inn, request_id) VALUES ($1, $2, $3)
ON CONFLICT (email_key, inn) DO UPDATE SET inn = held.inn
RETURNING request_id
"""
_LOCK_CLAIMS = """
SELECT FROM open_request WHERE inn = $3 AND (request_id = $1 OR email_key = $2) ORDER BY email_key FOR UPDATE
"""
_ADD_STEPS = """
INSERT INTO request_step (request_id, at, state, note, params)
SELECT request_id, $1, state, note, params
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[])
    WITH ORDINALITY AS fresh (request_id, state, note, params, place)
ORDER BY place
"""
# A step moves every face that is elsewhere; a mere line goes where the face is the same. Who is behind catches up.
_SHOW_ON_DUPLICATES = """
UPDATE account_request SET shown = $3, step_at = greatest(step_at, $4),
    credentials_until = greatest(credentials_until, $5),
    last_name = CASE WHEN $6 THEN NULL ELSE last_name END, first_name = CASE WHEN $6 THEN NULL ELSE first_name END,
    patronymic = CASE WHEN $6 THEN NULL ELSE patronymic END, email = CASE WHEN $6 THEN NULL ELSE email END,
    post = CASE WHEN $6 THEN NULL ELSE post END
WHERE mirrors = $1 AND ask_at IS NULL AND shown NOT IN ('activated', 'declined', 'withdrawn', 'expired')
    AND (shown = $3) = ($2 = $3)
RETURNING id, email
"""
_MIRRORED = """
SELECT * FROM account_request WHERE id = (SELECT mirrors FROM account_request WHERE id = $1) FOR UPDATE
"""
_UNTOUCHED = """
SELECT id FROM account_request
WHERE step_at <= $1 AND shown NOT IN ('activated', 'declined', 'withdrawn', 'expired')
ORDER BY step_at LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class PastStep:
    """A line of the timeline as it was written."""

    at: datetime
    note: Note


def _request(row: Row) -> Request:
    applicant = None
    if row["email"] is not None:
        fields = ("last_name", "first_name", "patronymic", "email", "post", "lang")
        applicant = Applicant(**{field: row[field] for field in fields})
    school = SchoolClaim(inn=row["inn"], kpp=row["kpp"], ogrn=row["ogrn"], name=row["school_name"])
    same = set(Request.__dataclass_fields__) - {"applicant", "school"}
    return Request(applicant=applicant, school=school, **{field: row[field] for field in same})


def _applicant(request: Request) -> tuple[Any, ...]:
    one = request.applicant
    return (one.last_name, one.first_name, one.patronymic, one.email, one.post) if one else (None,) * 5


async def next_number(tx: Tx) -> int:
    """The next number of a request; gaps are no harm."""
    number: int = await tx.fetchval("SELECT nextval('account_request_number')")
    return number


async def skip_numbers(tx: Tx, last: int) -> None:
    """No number up to this one is given again."""
    await tx.execute("SELECT setval('account_request_number', greatest(nextval('account_request_number'), $1))", last)


async def raise_version(tx: Tx, request_id: UUID) -> int:
    """The version of one more event about a request that is otherwise unchanged."""
    sql = "UPDATE account_request SET version = version + 1 WHERE id = $1 RETURNING version"
    version: int = await tx.fetchval(sql, request_id)
    return version


async def insert_request(tx: Tx, request: Request, *, raised: int) -> int:
    """A new request; `raised` is how many events it publishes. Returns its version."""
    school = request.school
    await tx.execute(
        _INSERT,
        request.id,
        request.number,
        request.state,
        request.shown,
        request.request_version,
        *_applicant(request),
        request.lang,
        school.inn,
        school.kpp,
        school.ogrn,
        school.name,
        request.category,
        request.step_at,
        request.asks,
        request.ask_at,
        request.mirrors,
        raised,
    )
    return raised


async def save_request(tx: Tx, request: Request, *, raised: int) -> int:
    """Keep the request; `raised` is how many events it publishes. Returns its version."""
    version: int = await tx.fetchval(
        _SAVE,
        request.id,
        request.state,
        request.shown,
        request.request_version,
        *_applicant(request),
        request.step_at,
        request.account_id,
        request.credentials_until,
        request.verdict_no,
        request.mail_no,
        request.asks,
        request.ask_at,
        request.mirrors,
        request.referral,
        raised,
    )
    return version


async def claim_address(tx: Tx, email_key: str, inn: str, request_id: UUID) -> UUID:
    """Whose the (address, school) is now: this request's if it was free or its own, else the open one's."""
    holder: UUID = await tx.fetchval(_CLAIM, email_key, inn, request_id)
    return holder


async def open_request(tx: Tx, email_key: str, inn: str) -> UUID | None:
    """Whose the (address, school) is."""
    holder: UUID | None = await tx.fetchval(
        "SELECT request_id FROM open_request WHERE email_key = $1 AND inn = $2", email_key, inn
    )
    return holder


async def lock_claims(tx: Tx, request_id: UUID, email_key: str, inn: str) -> None:
    """Lock what the request holds and what it wants in one order for all, so that two may change places."""
    await tx.execute(_LOCK_CLAIMS, request_id, email_key, inn)


async def release_claims(tx: Tx, request_id: UUID, but: str = "") -> None:
    """Free the request's addresses, but this one."""
    await tx.execute("DELETE FROM open_request WHERE request_id = $1 AND email_key <> $2", request_id, but)


async def request_for_update(tx: Tx, request_id: UUID) -> Request | None:
    """The request under its row lock."""
    row = await tx.fetchrow("SELECT * FROM account_request WHERE id = $1 FOR UPDATE", request_id)
    return _request(row) if row else None


async def request_numbered(tx: Tx, number: str) -> Request | None:
    """The request by its public number, as it is."""
    row = await tx.fetchrow("SELECT * FROM account_request WHERE number = $1", number)
    return _request(row) if row else None


async def request_of_account(tx: Tx, account_id: UUID) -> Request | None:
    """The request that waits for this account's activation, as it is."""
    sql = "SELECT * FROM account_request WHERE account_id = $1 ORDER BY id DESC LIMIT 1"
    row = await tx.fetchrow(sql, account_id)
    return _request(row) if row else None


async def mirrored_for_update(tx: Tx, request_id: UUID) -> Request | None:
    """The request that this one mirrors, under its row lock."""
    row = await tx.fetchrow(_MIRRORED, request_id)
    return _request(row) if row else None


async def requests_to_ask(tx: Tx, limit: int) -> list[UUID]:
    """Those whose answer is overdue, and duplicates that are behind."""
    sql = "SELECT id FROM account_request WHERE ask_at <= $1 ORDER BY ask_at LIMIT $2"
    return [row["id"] for row in await tx.fetch(sql, tx.now, limit)]


async def requests_untouched_since(tx: Tx, moment: datetime, limit: int) -> list[UUID]:
    """Open ones, duplicates included, without a step since then."""
    return [row["id"] for row in await tx.fetch(_UNTOUCHED, moment, limit)]


async def show_on_duplicates(tx: Tx, real: Request, before: str) -> list[tuple[UUID, str | None]]:
    """Let duplicates show what a locked request does, whose face was `before`; returns who they are, with addresses."""
    ended = real.applicant is None
    step = (real.id, before, real.shown, real.step_at, real.credentials_until, ended)
    return [(row["id"], row["email"]) for row in await tx.fetch(_SHOW_ON_DUPLICATES, *step)]


async def add_steps(tx: Tx, lines: Sequence[tuple[UUID, Note]]) -> None:
    """Write lines of timelines."""
    columns = [(request_id, note.state, note.code, json.dumps(note.params)) for request_id, note in lines]
    await tx.execute(_ADD_STEPS, tx.now, *map(list, zip(*columns, strict=True)))


async def timeline(tx: Tx, request_id: UUID) -> list[PastStep]:
    """What has happened, oldest first."""
    sql = "SELECT at, state, note, params FROM request_step WHERE request_id = $1 ORDER BY position"
    rows = await tx.fetch(sql, request_id)
    return [PastStep(row["at"], Note(row["state"], row["note"], json.loads(row["params"]))) for row in rows]


async def forget_addresses(tx: Tx, account_id: UUID) -> int:
    """Take the masked addresses out of the timelines of this account's requests and of their duplicates; how many."""
    owned = "WITH real AS (SELECT id FROM account_request WHERE account_id = $1) "
    owned += "SELECT id FROM real UNION ALL SELECT id FROM account_request WHERE mirrors IN (SELECT id FROM real)"
    sql = f"UPDATE request_step SET params = '{{}}' WHERE request_id IN ({owned}) AND params <> '{{}}'"  # noqa: S608
    return await tx.execute(sql, account_id)


async def insert_consent(tx: Tx, request_id: UUID, version: str) -> None:
    """That the applicant agreed, to which text and when."""
    sql = "INSERT INTO consent (request_id, version, at) VALUES ($1, $2, $3)"
    await tx.execute(sql, request_id, version, tx.now)
