"""Acknowledge documents, and remind those who have not."""

from typing import Any
from uuid import UUID

from chassis.errors import Conflict, NotFound
from chassis.outbox import Tx

from cabinet.documents.actions.documents import file_of, known_version
from cabinet.documents.domain.documents import Document
from cabinet.documents.store import acknowledgements as store
from cabinet.documents.store import documents
from cabinet.notices.actions import address_notice, read_notices_about
from cabinet.notices.domain import Notice
from cabinet.people.domain import Account

PAGE = 500  # accounts of one notice


async def acknowledge_document(tx: Tx, document_id: UUID, no: int, account: Account) -> dict[str, Any]:
    """The evidence: version, time, hash of the file; repeated, the first one. Raises NotFound for what is not
    published, Conflict for what this person need not acknowledge, or for an older version than the current one."""
    shown = await documents.shown(tx, account.account_id, document_id)
    if shown is None:
        raise NotFound
    if not shown.is_asked:
        raise Conflict("acknowledgement-not-asked")
    if no != shown.document.current_no:
        raise Conflict("document-newer", no=shown.document.current_no)
    file = await file_of(tx, await known_version(tx, document_id, no))
    await store.insert_acknowledgement(tx, document_id, no, account, file.sha256)
    await read_notices_about(tx, account.account_id, document_id)
    evidence = await store.acknowledgement(tx, document_id, no, account.account_id)
    assert evidence is not None
    return evidence


async def required_document(tx: Tx, document_id: UUID) -> Document:
    """A document that people have to acknowledge. Raises NotFound for a draft, Conflict for any other."""
    document = await documents.document(tx, document_id)
    if document is None or document.current_no is None:
        raise NotFound
    if document.required_no is None:
        raise Conflict("acknowledgement-not-asked")
    return document


async def remind_next_page(tx: Tx) -> bool:
    """Remind the next 500 people of a document whose deadline comes near. Returns whether there was a reminder due.

    How far it got is saved with the notice, so whoever goes on after a kill repeats nothing.
    """
    reminder = await store.due_reminder_for_update(tx)
    if reminder is None:
        return False
    document = await documents.document(tx, reminder.document_id)
    if document is None or not document.awaits(reminder, tx.now):
        await store.save_reminder(tx, reminder, None)
        return True
    account_ids = await store.unsigned_page(tx, document, reminder.told_through, PAGE)
    if account_ids:
        page = f"/documents/{document.document_id}"
        notice = Notice("reminder", document.document_id, document.card.name, page, document.acknowledge_by)
        await address_notice(tx, notice, account_ids)
    await store.save_reminder(tx, reminder, account_ids[-1] if len(account_ids) == PAGE else None)
    return True
