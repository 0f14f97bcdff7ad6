"""Keep what has been read of a file, and search in it."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from chassis.outbox import Tx

from cabinet.documents.domain.documents import Hit, Narrowing
from cabinet.documents.domain.texts import as_html
from cabinet.documents.store import search as store


async def save_text(tx: Tx, version_id: UUID, pieces: Sequence[str]) -> None:
    """The document can be found by it once its version is current."""
    document_id = await store.lock_document_of(tx, version_id)
    if document_id and await store.save_text(tx, version_id, pieces):
        await store.refresh_words(tx, document_id)


async def find_documents(tx: Tx, q: str, to: Narrowing, after: tuple[int, UUID] | None, limit: int) -> list[Hit]:
    """The best first, each with the place where it was found, as HTML that is safe to show."""
    await store.plan_for_these(tx)
    hits = await store.find_documents(tx, q, to, after, limit)
    found = await store.found_passages(tx, q, [hit.document_id for hit in hits])
    return [replace(hit, found=as_html(found[hit.document_id])) if hit.document_id in found else hit for hit in hits]
