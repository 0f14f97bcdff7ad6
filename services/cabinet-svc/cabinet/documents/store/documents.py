"""SQL of documents and their versions."""

from datetime import date
from typing import Any
from uuid import UUID

from chassis.db import Row, Tx
from ekis_contracts.values import Audience

from cabinet.documents.domain.documents import Card, Document, Narrowing, Shown, Terms, Version

_COLUMNS = """
document_id, number, issued_on, issuer, kind, title, specialties, audience, supersedes, superseded_by, current_no,
required_no, document.acknowledge_by, document.version, told
"""
_SAVE = """
INSERT INTO document (document_id, number, issued_on, issuer, kind, title, specialties, audience, supersedes,
                      superseded_by, current_no, required_no, acknowledge_by, version, told)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (document_id) DO UPDATE SET number = $2, issued_on = $3, issuer = $4, kind = $5, title = $6,
    specialties = $7, audience = $8, supersedes = $9, superseded_by = $10, current_no = $11, required_no = $12,
    acknowledge_by = $13, version = $14, told = $15
"""
_SAVE_VERSION = """
INSERT INTO document_version (version_id, document_id, no, file_id, in_force_from, in_force_to, is_material,
                              is_mandatory, acknowledge_by, note, published_at, text_state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (version_id) DO UPDATE SET published_at = $11
"""
# Published documents as account $1 sees them; conditions follow
_SHOWN = f"""
SELECT {_COLUMNS.replace("document_id", "document.document_id", 1)}, current.in_force_from, current.in_force_to,
       coalesce(required_no IS NOT NULL AND superseded_by IS NULL AND reader.account_id IS NOT NULL AND audience_fits(
           audience, reader.district, reader.okrug, reader.school_id, reader.category, reader.post), false) AS is_asked,
       (SELECT min(at) FROM acknowledgement AS mark WHERE mark.document_id = document.document_id
        AND mark.account_id = $1 AND mark.no >= coalesce(required_no, 1)) AS acknowledged_at
FROM document LEFT JOIN reader ON reader.account_id = $1 CROSS JOIN LATERAL (
    SELECT in_force_from, in_force_to FROM document_version AS it
    WHERE it.document_id = document.document_id AND it.no = current_no OFFSET 0) AS current
WHERE current_no IS NOT NULL
"""  # noqa: S608 - columns from above
# Its current version is; never flattened into a join, which would read all versions
_IN_FORCE = """
AND (SELECT {0}::date >= in_force_from AND ({0}::date <= in_force_to OR in_force_to IS NULL) FROM document_version AS it
     WHERE it.document_id = document.document_id AND it.no = current_no)
"""


async def save_document(tx: Tx, it: Document) -> None:
    """As it is now."""
    card = it.card
    called = (card.number, card.issued_on, card.issuer, card.kind, card.title, list(card.specialties))
    whom = (card.audience.model_dump_json(), card.supersedes, it.superseded_by)
    state = (it.current_no, it.required_no, it.acknowledge_by, it.version, it.told)
    await tx.execute(_SAVE, it.document_id, *called, *whom, *state)


async def document(tx: Tx, document_id: UUID) -> Document | None:
    """As it is."""
    row = await tx.fetchrow(f"SELECT {_COLUMNS} FROM document WHERE document_id = $1", document_id)  # noqa: S608
    return _document(row) if row else None


async def document_for_update(tx: Tx, document_id: UUID) -> Document | None:
    """Locked."""
    sql = f"SELECT {_COLUMNS} FROM document WHERE document_id = $1 FOR UPDATE"  # noqa: S608 - columns from above
    row = await tx.fetchrow(sql, document_id)
    return _document(row) if row else None


async def drafts(tx: Tx, before: UUID | None, limit: int) -> list[Document]:
    """Those without a published version, the newest first."""
    sql = f"""
    SELECT {_COLUMNS} FROM document WHERE current_no IS NULL AND ($1::uuid IS NULL OR document_id < $1)
    ORDER BY document_id DESC LIMIT $2
    """  # noqa: S608 - columns from above
    return [_document(row) for row in await tx.fetch(sql, before, limit)]


async def shown(tx: Tx, account_id: UUID, document_id: UUID) -> Shown | None:
    """A published document."""
    row = await tx.fetchrow(f"{_SHOWN} AND document.document_id = $2", account_id, document_id)
    return _shown(row) if row else None


async def shown_these(tx: Tx, account_id: UUID, document_ids: list[UUID]) -> dict[UUID, Shown]:
    """Published documents."""
    rows = await tx.fetch(f"{_SHOWN} AND document.document_id = ANY ($2::uuid[])", account_id, document_ids)
    return {row["document_id"]: _shown(row) for row in rows}


def narrowed(to: Narrowing, first: int) -> tuple[str, list[Any]]:
    """Conditions on `document`, and what they are given from the parameter of that number on."""
    wanted: list[tuple[str, Any]] = []
    if to.specialty:
        wanted.append(("AND specialties @> ARRAY[{}::text]", to.specialty))
    if to.in_force_on:
        wanted.append((_IN_FORCE, to.in_force_on))
    numbered = [condition.format(f"${number}") for number, (condition, _) in enumerate(wanted, first)]
    return " ".join(numbered), [value for _, value in wanted]


async def latest(tx: Tx, to: Narrowing, before: tuple[date, UUID] | None, limit: int) -> list[UUID]:
    """Published ones, the newest first."""
    wanted, given = narrowed(to, 2)
    if before:
        first = 2 + len(given)
        wanted += f" AND (issued_on, document_id) < (${first}, ${first + 1})"
    sql = f"""
    SELECT document_id FROM document WHERE current_no IS NOT NULL {wanted}
    ORDER BY issued_on DESC, document_id DESC LIMIT $1
    """  # noqa: S608 - conditions from above
    return [row["document_id"] for row in await tx.fetch(sql, limit, *given, *(before or ()))]


async def waiting_for(tx: Tx, account_id: UUID, limit: int) -> list[Shown]:
    """What this account has to acknowledge still, the most urgent first."""
    sql = f"""
    SELECT * FROM ({_SHOWN} AND required_no IS NOT NULL AND superseded_by IS NULL) AS asked
    WHERE is_asked AND acknowledged_at IS NULL ORDER BY acknowledge_by, document_id LIMIT $2
    """  # noqa: S608 - conditions from above
    return [_shown(row) for row in await tx.fetch(sql, account_id, limit)]


async def save_version(tx: Tx, it: Version) -> None:
    """A new one, or its publication."""
    terms = it.terms
    force = (terms.in_force_from, terms.in_force_to, terms.is_material, terms.is_mandatory, terms.acknowledge_by)
    said = (terms.note, it.published_at, it.text_state)
    await tx.execute(_SAVE_VERSION, it.version_id, it.document_id, it.no, terms.file_id, *force, *said)


async def delete_version(tx: Tx, version_id: UUID) -> None:
    """A draft that another takes the place of, with what was read of it."""
    sql = """
    WITH text AS (DELETE FROM document_passage WHERE version_id = $1)
    DELETE FROM document_version WHERE version_id = $1
    """
    await tx.execute(sql, version_id)


async def versions(tx: Tx, document_id: UUID) -> list[Version]:
    """The newest first, a draft too."""
    sql = "SELECT * FROM document_version WHERE document_id = $1 ORDER BY no DESC"
    return [_version(row) for row in await tx.fetch(sql, document_id)]


async def end_superseded(tx: Tx, document_id: UUID, by: UUID, last_day: date) -> int:
    """Another document takes its place; 0 if it has not been published, or is superseded already."""
    sql = """
    WITH ended AS (
        UPDATE document SET superseded_by = $2, version = version + 1
        WHERE document_id = $1 AND current_no IS NOT NULL AND superseded_by IS NULL RETURNING document_id, current_no)
    UPDATE document_version AS it SET in_force_to = least(it.in_force_to, greatest($3, it.in_force_from))
    FROM ended WHERE it.document_id = ended.document_id AND it.no = ended.current_no
    """
    return await tx.execute(sql, document_id, by, last_day)


def _card(row: Row) -> Card:
    audience = Audience.model_validate_json(row["audience"])
    named = ("number", "issued_on", "issuer", "kind", "title", "supersedes")
    return Card(**{field: row[field] for field in named}, specialties=(*row["specialties"],), audience=audience)


def _document(row: Row) -> Document:
    own = ("document_id", "current_no", "required_no", "acknowledge_by", "superseded_by", "version", "told")
    return Document(card=_card(row), **{field: row[field] for field in own})


def _shown(row: Row) -> Shown:
    seen = ("in_force_from", "in_force_to", "is_asked", "acknowledged_at")
    return Shown(_document(row), **{field: row[field] for field in seen})


def _version(row: Row) -> Version:
    terms = Terms(**{field: row[field] for field in Terms.__dataclass_fields__})
    own = ("version_id", "document_id", "no", "published_at", "text_state")
    return Version(terms=terms, **{field: row[field] for field in own})
