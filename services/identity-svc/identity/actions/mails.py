"""What became of mails, for the tracking page."""

from dataclasses import replace
from uuid import UUID

from chassis.errors import WrongStep
from chassis.outbox import Tx
from ekis_contracts.notify import NotificationFailed, NotificationSent

from identity.actions.requests import settle
from identity.domain import requests as domain
from identity.domain.request import Decision, Request
from identity.store import accounts as account_store
from identity.store import requests as store

# Not for duplicates: their own first mail stands for the one, nobody asked on their pages for the other
_OWN_MAILS = frozenset({"request-received", "access-restored"})


async def note_mail(tx: Tx, event: NotificationSent | NotificationFailed, number: int, *, delivered: bool) -> None:
    """Note the fate of a mail about a request, or of one with the credentials of its account. Raises WrongStep."""
    try:
        decision = await _decide(tx, event, number, delivered=delivered)
    except WrongStep:  # whoever is restored has no request that waits for it any more
        if not await _note_credentials(tx, event, number, failed=not delivered):
            raise
        return
    await settle(tx, replace(decision, shared_from=None) if event.purpose in _OWN_MAILS else decision)
    await _note_credentials(tx, event, number, failed=not delivered)


async def _note_credentials(tx: Tx, event: NotificationSent | NotificationFailed, number: int, *, failed: bool) -> bool:
    """For the desk, with the account; whether that is news. After the request, as locks are taken."""
    if event.credential_no is None:
        return False
    return await account_store.note_mailed(tx, _id(event.about), event.credential_no, number, failed=failed)


async def _decide(tx: Tx, event: NotificationSent | NotificationFailed, number: int, *, delivered: bool) -> Decision:
    subject, credential_no = _id(event.about), event.credential_no
    if credential_no is None:
        return domain.mail_other(await _locked(tx, subject), delivered=delivered)
    known = await store.request_of_account(tx, subject)
    request = await _locked(tx, known.id if known else subject)
    account = await account_store.account(tx, subject)
    newest = account is not None and account.credential_no == credential_no
    return domain.mail_credentials(request, newest=newest, delivered=delivered, number=number, now=tx.now)


def _id(about: str) -> UUID:
    try:
        return UUID(about)
    except ValueError:
        raise WrongStep("unknown", "mail") from None  # about something that is not ours


async def _locked(tx: Tx, request_id: UUID) -> Request:
    request = await store.request_for_update(tx, request_id)
    if request is None:
        raise WrongStep("unknown", "mail")
    return request
