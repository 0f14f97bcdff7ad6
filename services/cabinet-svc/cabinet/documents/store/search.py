"""SQL of the texts of documents, and of the search in them."""

from collections.abc import Sequence
from uuid import UUID

from chassis.db import Tx
from chassis.loops import claim

from cabinet.documents.domain.documents import Hit, Narrowing, Unread
from cabinet.documents.domain.texts import CLOSE, OPEN
from cabinet.documents.store.documents import narrowed

LOOKED_AT = 100  # documents that are ranked: the newest by their name, and as many by their text
LEASE = 120.0  # seconds for reading one file
_ASKED = "websearch_to_tsquery('russian', $1)"
_SCALE = 1_000_000  # ranks are kept as whole numbers, for cursors
_MARKS = f'StartSel="{OPEN}", StopSel="{CLOSE}", MaxFragments=2, MaxWords=25, MinWords=10, FragmentDelimiter=" … "'


async def take_unread(tx: Tx) -> Unread | None:
    """One, for a while."""
    taken = await claim(
        tx, "document_version", "text_state = 'waiting'", order="version_id", limit=1, seconds=LEASE, key="version_id"
    )
    return Unread(taken[0]["version_id"], taken[0]["file_id"]) if taken else None


async def save_text(tx: Tx, version_id: UUID, passages: Sequence[str]) -> bool:
    """The passages of a version in their order; False if it has gone or has been read meanwhile."""
    sql = """
    WITH read AS (
        UPDATE document_version SET text_state = 'done', locked_until = NULL
        WHERE version_id = $1 AND text_state = 'waiting' RETURNING version_id),
    written AS (
        INSERT INTO document_passage (version_id, no, text)
        SELECT version_id, no, text FROM read, unnest($2::text[]) WITH ORDINALITY AS cut (text, no))
    SELECT EXISTS (SELECT FROM read)
    """
    return bool(await tx.fetchval(sql, version_id, list(passages)))


async def note_unreadable(tx: Tx, version_id: UUID) -> None:
    """It can be found by its name alone."""
    sql = "UPDATE document_version SET text_state = 'failed', locked_until = NULL WHERE version_id = $1"
    await tx.execute(sql, version_id)


async def refresh_words(tx: Tx, document_id: UUID) -> None:
    """What a document is found by: its name, and what has been read of its current version."""
    sql = """
    UPDATE document SET words = document_words(number, title, issuer, coalesce((
        SELECT string_agg(text, ' ' ORDER BY passage.no) FROM document_version AS current
        JOIN document_passage AS passage USING (version_id)
        WHERE current.document_id = $1 AND current.no = current_no), ''))
    WHERE document_id = $1
    """
    await tx.execute(sql, document_id)


async def passages(tx: Tx, version_id: UUID, after: int, limit: int) -> list[tuple[int, str]]:
    """What has been read of a version, in its order."""
    sql = "SELECT no, text FROM document_passage WHERE version_id = $1 AND no > $2 ORDER BY no LIMIT $3"
    return [(row["no"], row["text"]) for row in await tx.fetch(sql, version_id, after, limit)]


async def lock_document_of(tx: Tx, version_id: UUID) -> UUID | None:
    """Whose version it is, locked before the version, as whoever publishes does."""
    sql = """
    SELECT document_id FROM document
    WHERE document_id = (SELECT document_id FROM document_version WHERE version_id = $1) FOR UPDATE
    """
    found: UUID | None = await tx.fetchval(sql, version_id)
    return found


async def plan_for_these(tx: Tx) -> None:
    """Plan this transaction's statements for their values: what suits rare words looks everything through for common
    ones."""
    await tx.execute("SET LOCAL plan_cache_mode = force_custom_plan")


async def find_documents(tx: Tx, q: str, to: Narrowing, after: tuple[int, UUID] | None, limit: int) -> list[Hit]:
    """The best first. Only so many are ranked that a common word costs no more than a rare one."""
    wanted, given = narrowed(to, 3)
    below = f"WHERE (rank, document_id) < (${3 + len(given)}, ${4 + len(given)})" if after else ""
    newest = f"""
    SELECT document_id FROM document WHERE current_no IS NOT NULL AND {{}} @@ {_ASKED} {wanted}
    ORDER BY issued_on DESC, document_id DESC LIMIT {LOOKED_AT}
    """  # noqa: S608 - conditions from above
    sql = f"""
    WITH near AS MATERIALIZED (({newest.format("name")}) UNION ({newest.format("words")})),
    ranked AS (SELECT document_id, rank FROM near CROSS JOIN LATERAL (
        SELECT ({_SCALE} * ts_rank(ARRAY[0.05, 0.1, 0.4, 1.0], words, {_ASKED}))::int AS rank FROM document AS it
        WHERE it.document_id = near.document_id OFFSET 0) AS known)
    SELECT document_id, rank FROM ranked {below} ORDER BY rank DESC, document_id DESC LIMIT $2
    """  # noqa: S608 - conditions from above
    rows = await tx.fetch(sql, q, limit, *given, *(after or ()))
    return [Hit(row["document_id"], row["rank"]) for row in rows]


async def found_passages(tx: Tx, q: str, document_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Where it was found: a piece of the best passage of each document, with marks around the words."""
    sql = f"""
    WITH loose AS MATERIALIZED (SELECT replace({_ASKED}::text, ' & ', ' | ')::tsquery AS any_of)
    SELECT hit.document_id, ts_headline('russian', best.text, {_ASKED}, '{_MARKS}') AS found
    FROM unnest($2::uuid[]) AS hit (document_id), loose, LATERAL (
        SELECT version_id FROM document JOIN document_version AS current
               ON current.document_id = document.document_id AND current.no = current_no
        WHERE document.document_id = hit.document_id OFFSET 0) AS known, LATERAL (
        SELECT text FROM document_passage AS it WHERE it.version_id = known.version_id AND it.words @@ any_of
        ORDER BY ts_rank(it.words, any_of) DESC, it.no LIMIT 1) AS best
    """  # noqa: S608 - options from above
    rows = await tx.fetch(sql, q, list(document_ids))
    return {row["document_id"]: row["found"] for row in rows}
