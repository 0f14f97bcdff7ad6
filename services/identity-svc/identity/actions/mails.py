"""What became of mails, for the tracking page."""

from uuid import UUID

from chassis.errors import WrongStep
from chassis.outbox import Tx

from identity.actions.requests import settle
from identity.domain import requests as domain
from identity.domain.request import Request
from identity.store import accounts as account_store
from identity.store import requests as store


async def note_mail(tx: Tx, about: str, credential_no: int | None, number: int, *, delivered: bool) -> None:
    """Note the fate of a mail about a request, or of one with the credentials of its account. Raises WrongStep."""
    subject = _id(about)
    if credential_no is None:
        request = await _locked(tx, subject)
        await settle(tx, domain.mail_other(request, delivered=delivered))
        return
    known = await store.request_of_account(tx, subject)
    request = await _locked(tx, known.id if known else subject)
    account = await account_store.account(tx, subject)
    newest = account is not None and account.credential_no == credential_no
    decision = domain.mail_credentials(request, newest=newest, delivered=delivered, number=number, now=tx.now)
    await settle(tx, decision)


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
