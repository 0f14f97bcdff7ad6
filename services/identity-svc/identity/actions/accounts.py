"""Accounts: opened and re-issued for a request, suspended, resumed, ended. Nothing here touches a request."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Literal
from uuid import UUID

from chassis.errors import NotFound
from chassis.outbox import Tx
from ekis_contracts import ForCabinet, ForNotify
from ekis_contracts.codes import spell
from ekis_contracts.identity import (
    AccessRestored,
    AccountChanged,
    AccountCreated,
    AccountDisabled,
    AccountResumed,
    AccountSuspended,
)
from ekis_contracts.values import Credentials, PersonName

from identity.actions.attempts import clear_attempts
from identity.actions.revoking import tell_revoked
from identity.actions.telling import tell_account
from identity.domain import accounts as domain
from identity.domain import erasures
from identity.domain.accounts import Account
from identity.domain.audit import Entry
from identity.domain.credentials import CODE_BYTES, login_digest, one_time_digest
from identity.domain.logins import logins_for
from identity.store import accounts as store
from identity.store import audit, roll
from identity.store import erasures as erasure_store
from identity.store import factors as factor_store
from identity.store import sessions as session_store

RestoredBy = Literal["desk", "phone", "request"]


async def lock_account(tx: Tx, account_id: UUID) -> Account:
    """A staff member's account under its row lock. Raises NotFound."""
    account = await store.account_for_update(tx, account_id)
    if account is None or account.staff is None:
        raise NotFound
    return account


async def lock_account_to_cut_off(tx: Tx, account_id: UUID, channel: str) -> Account:
    """The same, for who may cut it off; a head's comes with the other heads'. Raises NotFound, Conflict."""
    known = await account_of_staff(tx, account_id)
    assert known.staff
    heads = await store.active_heads_for_update(tx, known.staff.school_id) if known.staff.category == "head" else ()
    account = await lock_account(tx, account_id)
    domain.require_successor(account, channel, heads)
    return account


async def account_of_staff(tx: Tx, account_id: UUID) -> Account:
    """A staff member's account as it is. Raises NotFound."""
    account = await store.account(tx, account_id)
    if account is None or account.staff is None:
        raise NotFound
    return account


def _new_credentials(
    tx: Tx, account: Account, issue: Callable[..., Account] = domain.issue
) -> tuple[Account, ForNotify[Credentials]]:
    password = spell(secrets.token_bytes(CODE_BYTES))
    number = account.credential_no + 1
    issued = issue(account, one_time_digest(tx.secret, account.id, number, password), number, tx.now)
    assert issued.login
    assert issued.email
    assert issued.one_time_until
    clear = Credentials(
        to=issued.email, login=issued.login, one_time_password=password, expires_at=issued.one_time_until
    )
    return issued, ForNotify(clear)


async def _free_login(tx: Tx, name: PersonName) -> str:
    for login in logins_for(name):
        if await store.take_login(tx, login_digest(tx.secret, login)):
            return login
    raise AssertionError("logins have no end")


async def open_account(tx: Tx, request_id: UUID, blank: Account) -> None:
    """A new account of a staff record gets a login; its credentials are on the way to the verified address."""
    assert blank.name
    named = replace(blank, login=await _free_login(tx, blank.name), request_id=request_id)
    account, credentials = _new_credentials(tx, named)
    event = AccountCreated(
        **account.facts,
        request_id=request_id,
        credential_no=account.credential_no,
        contact=ForNotify(account.contact),
        credentials=credentials,
        name=ForCabinet(blank.name),
        login_digest=login_digest(tx.secret, named.login or "").hex(),
    )
    assert account.staff
    await roll.need_name(tx, account.staff.staff_id)
    tell_account(tx, account, event, await store.insert_account(tx, account))


async def reissue_credentials(tx: Tx, account_id: UUID, email: str | None) -> None:
    """New credentials to the address on file, which `email` replaces when it has just been verified."""
    known = _with_address(await lock_account(tx, account_id), email)
    await _tell_restored(tx, *_new_credentials(tx, known), "request")


async def restore_credentials(tx: Tx, account: Account, channel: RestoredBy, ticket: str | None) -> None:
    """The same on a support ticket, also for who has a password. `account` is locked. Raises WrongStep."""
    await _tell_restored(tx, *_new_credentials(tx, account, domain.restore), channel, ticket)


async def _tell_restored(
    tx: Tx, account: Account, credentials: ForNotify[Credentials], channel: RestoredBy, ticket: str | None = None
) -> None:
    event = AccessRestored(
        **account.facts,
        channel=channel,
        ticket=ticket,
        credential_no=account.credential_no,
        contact=ForNotify(account.contact),
        credentials=credentials,
    )
    await session_store.end_sessions(tx, account.id)
    await clear_attempts(tx, account.login or "")
    tell_account(tx, account, event, await store.save_account(tx, account))


async def readdress(tx: Tx, account_id: UUID, email: str) -> None:
    """Another address on file; nothing secret is mailed."""
    account = _with_address(await lock_account(tx, account_id), email)
    await tell_changed(tx, account, ["email"])


def _with_address(account: Account, email: str | None) -> Account:
    return account if email is None else domain.readdress(account, email)


async def kill_credentials(tx: Tx, account_id: UUID) -> None:
    """The one-time password and what was begun with it are dead."""
    account = domain.kill_credentials(await lock_account(tx, account_id))
    await session_store.end_sessions(tx, account.id)
    tell_revoked(tx, account, "credentials-replaced", await store.save_account(tx, account), [])


async def tell_changed(tx: Tx, account: Account, changed: list[str]) -> None:
    """Keep the account and tell what of it is new."""
    assert account.name
    event = AccountChanged(
        **account.facts, changed=changed, contact=ForNotify(account.contact), name=ForCabinet(account.name)
    )
    tell_account(tx, account, event, await store.save_account(tx, account))


async def tell_suspended(tx: Tx, account: Account, reason: str) -> None:
    """Keep the suspended account, end its sessions, cut it off everywhere."""
    event = AccountSuspended(
        **account.facts, reason=reason, until=account.disable_at, contact=ForNotify(account.contact)
    )
    await session_store.end_sessions(tx, account.id)
    tell_account(tx, account, event, await store.save_account(tx, account))


async def suspend_account(tx: Tx, account: Account, channel: str) -> None:
    """Refuse its sign-ins until it is resumed. `account` is locked."""
    await tell_suspended(tx, domain.suspend(account, channel), channel)


async def resume_account(tx: Tx, account: Account, channel: domain.Channel) -> None:
    """Let it sign in again. `account` is locked."""
    resumed = domain.resume(account, channel)
    event = AccountResumed(**resumed.facts, reason=channel, contact=ForNotify(resumed.contact))
    tell_account(tx, resumed, event, await store.save_account(tx, resumed))


async def end_account(tx: Tx, account: Account, channel: str) -> None:
    """The one way an account ends, whoever wished it. `account` is locked."""
    disabled = domain.disable(account, channel, tx.now)
    sessions = await session_store.end_sessions(tx, disabled.id)
    await factor_store.drop_factor(tx, disabled.id)
    version = await store.save_account(tx, disabled)
    gone = {"passwords": int(bool(account.password_hash or account.one_time)), "sessions": len(sessions)}
    await erasure_store.save_erasure(tx, erasures.begin(disabled.id, gone, tx.now))
    tell_disabled(tx, disabled, version)


async def end_unused(tx: Tx, account_id: UUID, channel: str) -> None:
    """End an account that was never activated; one that has ended already stays as it is."""
    account = await lock_account(tx, account_id)
    if account.state in domain.LIVE:
        await end_account(tx, account, channel)
        await audit.add_entry(tx, Entry("disable", None, account_id, details={"channel": channel}))


def tell_disabled(tx: Tx, account: Account, version: int) -> None:
    """Everybody is to refuse the account and to answer with a receipt."""
    assert account.channel
    assert account.disabled_at
    event = AccountDisabled(
        **account.facts,
        channel=account.channel,
        disabled_at=account.disabled_at,
        contact=ForNotify(account.contact),
    )
    tell_account(tx, account, event, version)
