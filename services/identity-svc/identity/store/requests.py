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
    lang, inn, kpp, ogrn, school_name, category, step_at, asks, ask_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 1)
"""
_SAVE = """
UPDATE account_request SET state = $2, shown = $3, request_version = $4, last_name = $5, first_name = $6,
    patronymic = $7, email = $8, post = $9, step_at = $10, account_id = $11, credentials_until = $12, verdict_no = $13,
    mail_no = $14, asks = $15, ask_at = $16, version = version + $17
WHERE id = $1 RETURNING version
"""
_CLAIM = """
INSERT INTO open_request AS held (email_key, inn, request_id) VALUES ($1, $2, $3)
ON CONFLICT (email_key, inn) DO UPDATE SET inn = held.inn WHERE held.request_id = excluded.request_id
RETURNING true
"""
_ADD_STEPS = """
INSERT INTO request_step (request_id, at, state, note, params)
SELECT $1, $2, state, note, params
FROM unnest($3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS fresh (state, note, params, place) ORDER BY place
"""
_UNTOUCHED = """
SELECT * FROM account_request
WHERE step_at <= $1 AND shown NOT IN ('activated', 'declined', 'withdrawn', 'expired')
ORDER BY step_at LIMIT $2 FOR UPDATE SKIP LOCKED
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


async def insert_request(tx: Tx, request: Request) -> int:
    """A new request, which publishes one event; returns its version."""
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
    )
    return 1


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
        raised,
    )
    return version


async def claim_address(tx: Tx, email_key: str, inn: str, request_id: UUID) -> bool:
    """Whether the (address, school) is this request's own now: free before, or its own already."""
    return bool(await tx.fetchval(_CLAIM, email_key, inn, request_id))


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


async def requests_without_verdict(tx: Tx, limit: int) -> list[Request]:
    """Locked: those whose answer is overdue."""
    sql = "SELECT * FROM account_request WHERE ask_at <= $1 ORDER BY ask_at LIMIT $2 FOR UPDATE SKIP LOCKED"
    return [_request(row) for row in await tx.fetch(sql, tx.now, limit)]


async def requests_untouched_since(tx: Tx, moment: datetime, limit: int) -> list[Request]:
    """Locked: open ones, duplicates included, without a step since then."""
    return [_request(row) for row in await tx.fetch(_UNTOUCHED, moment, limit)]


async def add_steps(tx: Tx, request_id: UUID, notes: Sequence[Note]) -> None:
    """Write lines of the timeline."""
    columns = [(note.state, note.code, json.dumps(note.params)) for note in notes]
    await tx.execute(_ADD_STEPS, request_id, tx.now, *map(list, zip(*columns, strict=True)))


async def timeline(tx: Tx, request_id: UUID) -> list[PastStep]:
    """What has happened, oldest first."""
    sql = "SELECT at, state, note, params FROM request_step WHERE request_id = $1 ORDER BY position"
    rows = await tx.fetch(sql, request_id)
    return [PastStep(row["at"], Note(row["state"], row["note"], json.loads(row["params"]))) for row in rows]


async def forget_addresses(tx: Tx, account_id: UUID) -> None:
    """Take the masked addresses out of the timelines of this account's requests."""
    owned = "SELECT id FROM account_request WHERE account_id = $1"
    await tx.execute(f"UPDATE request_step SET params = '{{}}' WHERE request_id IN ({owned})", account_id)  # noqa: S608


async def insert_consent(tx: Tx, request_id: UUID, version: str) -> None:
    """That the applicant agreed, to which text and when."""
    sql = "INSERT INTO consent (request_id, version, at) VALUES ($1, $2, $3)"
    await tx.execute(sql, request_id, version, tx.now)
