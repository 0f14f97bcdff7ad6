"""Everything the desk has to see to tell somebody why signing in does not work."""

from collections.abc import Sequence
from uuid import UUID

from chassis.errors import NotFound
from chassis.outbox import Tx

from identity.actions import accounts
from identity.actions.attempts import delay_at_the_door
from identity.domain.accounts import Account
from identity.domain.cards import Check, Known, checks
from identity.domain.request import Request
from identity.store import accounts as store
from identity.store import audit, factors, roll
from identity.store import requests as request_store


async def card_of_account(tx: Tx, account_id: UUID) -> Sequence[Check]:
    """Raises NotFound."""
    account = await accounts.account_of_staff(tx, account_id)
    return list(checks(await _known(tx, account, await request_store.request_of_account(tx, account_id)), tx.now))


async def card_of_request(tx: Tx, number: str) -> Sequence[Check]:
    """With the account, once there is one. Raises NotFound."""
    request = await request_store.request_numbered(tx, number)
    if request is None:
        raise NotFound
    account = await store.account(tx, request.account_id) if request.account_id else None
    return list(checks(await _known(tx, account, request) if account else Known(request), tx.now))


async def _known(tx: Tx, account: Account, request: Request | None) -> Known:
    assert account.staff
    traces = await store.traces(tx, account.id)
    return Known(
        request,
        account,
        mail_failed=traces.mail_failed if traces.mailed_no == account.credential_no else None,
        ground=await audit.last_cut_off(tx, account.id),
        school=await roll.school_status(tx, account.staff.school_id),
        signed_in_at=traces.signed_in_at,
        delay=await delay_at_the_door(tx, account),
        factor=await factors.factor(tx, account.id),
    )
