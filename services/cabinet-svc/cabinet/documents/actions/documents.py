"""Write documents and publish their versions."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from chassis.errors import Invalid, NotFound
from chassis.outbox import Tx, new_id, publish
from ekis_contracts.cabinet import DocumentPublished

from cabinet.documents.domain.documents import READABLE, Card, Document, Terms, Version
from cabinet.documents.store import acknowledgements, search
from cabinet.documents.store import documents as store
from cabinet.files.actions import attach_file, known_file
from cabinet.files.domain import File
from cabinet.files.store import detach_file
from cabinet.notices.actions import address_notice, withdraw_notices
from cabinet.notices.domain import Notice, in_lower_case

READING = "read-texts"


async def write_document(tx: Tx, card: Card) -> Document:
    """A document without a version. Raises Invalid for one that takes the place of what is not there."""
    document = Document(new_id(), await _checked(tx, card))
    await store.save_document(tx, document)
    return document


async def document_for_update(tx: Tx, document_id: UUID) -> Document:
    """Locked. Raises NotFound."""
    document = await store.document_for_update(tx, document_id)
    if document is None:
        raise NotFound
    return document


async def edit_document(tx: Tx, document: Document, card: Card) -> Document:
    """Another card; subscribers are told when the specialties of a published one change."""
    edited = document.edited(await _checked(tx, card))
    if document.current_no and edited.card.specialties != document.card.specialties:
        edited = _told(tx, replace(edited, told=edited.told + 1))
    return await _saved(tx, edited)


async def draft_version(tx: Tx, document: Document, terms: Terms, account_id: UUID) -> Version:
    """The next version, in the place of a draft that there may be. Raises Invalid."""
    terms = terms.checked(tx.now)
    file = await attach_file(tx, terms.file_id, account_id)
    if file.kind not in READABLE:
        raise Invalid("document-file-kind", "/file_id", known=", ".join(READABLE))
    for former in await store.versions(tx, document.document_id):
        if former.published_at is None:
            await store.delete_version(tx, former.version_id)
            await detach_file(tx, former.terms.file_id)
    version = Version(new_id(), document.document_id, (document.current_no or 0) + 1, terms)
    await store.save_version(tx, version)
    await _saved(tx, document)
    tx.wake(READING)
    return version


async def known_version(tx: Tx, document_id: UUID, no: int) -> Version:
    """Raises NotFound."""
    for version in await store.versions(tx, document_id):
        if version.no == no:
            return version
    raise NotFound


async def file_of(tx: Tx, version: Version) -> File:
    """What was published, byte for byte."""
    return await known_file(tx, version.terms.file_id)


async def publish_version(tx: Tx, document: Document, version: Version) -> Document:
    """It is current from now on, who has to acknowledge it is told, and what it supersedes is over."""
    version.terms.checked(tx.now)
    published = document.published(version)
    await store.save_version(tx, replace(version, published_at=tx.now))
    await _supersede(tx, document, version)
    published = await _saved(tx, _told(tx, published))
    if version.terms.is_material or document.current_no is None:
        await _tell_people(tx, published)
    if published.required_no == version.no:
        await acknowledgements.insert_reminders(tx, published, published.reminders(tx.now))
    return published


async def _supersede(tx: Tx, document: Document, version: Version) -> None:
    older = document.card.supersedes
    if older is None or document.current_no is not None:
        return
    if not await store.end_superseded(tx, older, document.document_id, version.terms.in_force_from - timedelta(days=1)):
        raise Invalid("supersedes-unknown", "/supersedes")
    await withdraw_notices(tx, older)


async def _tell_people(tx: Tx, document: Document) -> None:
    due = document.acknowledge_by if document.required_no == document.current_no else None
    page = f"/documents/{document.document_id}"
    await withdraw_notices(tx, document.document_id)
    notice = Notice("document", document.document_id, document.card.name, page, due)
    await address_notice(tx, notice, document.card.audience)


async def _checked(tx: Tx, card: Card) -> Card:
    older = await store.document(tx, card.supersedes) if card.supersedes else None
    if card.supersedes and (older is None or older.current_no is None):
        raise Invalid("supersedes-unknown", "/supersedes")
    return replace(card, audience=in_lower_case(card.audience))


def _told(tx: Tx, document: Document) -> Document:
    event = DocumentPublished(
        document_id=document.document_id,
        specialties=list(document.card.specialties),
        document_version=document.current_no or 0,
        mandatory=document.required_no is not None,
        acknowledge_by=document.acknowledge_by,
    )
    publish(tx, event, document.told)
    return document


async def _saved(tx: Tx, document: Document) -> Document:
    saved = replace(document, version=document.version + 1)
    await store.save_document(tx, saved)
    if saved.current_no:
        await search.refresh_words(tx, saved.document_id)
    return saved
