"""Sessions that go on and end. `refresh` takes the database, for it must remember what it refuses."""

from dataclasses import dataclass
from uuid import UUID

from chassis.db import Database
from chassis.errors import NotFound, Unauthorized
from chassis.outbox import Tx

from identity.actions.revoking import tell_revoked
from identity.domain import sessions
from identity.domain.accounts import Account
from identity.domain.audit import Entry
from identity.domain.sessions import Session, Signed
from identity.store import accounts as account_store
from identity.store import audit
from identity.store import sessions as store

SIDS_AN_EVENT = 1_000  # an event must stay far below the broker's limit


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who is signed in now, and the refresh token of the device."""

    account: Account
    session: Session
    refresh_token: str


async def refresh(database: Database, token: str) -> Admitted:
    """The session goes on. A token that was exchanged long ago ends it. Raises Unauthorized."""
    async with database.transaction() as tx:
        admitted = await _rotate(tx, token)
    if admitted is None:
        raise Unauthorized("session-ended")
    return admitted


async def _rotate(tx: Tx, token: str) -> Admitted | None:
    meant = sessions.read_token(tx.secret, token)
    account = await account_store.account_of_session_for_update(tx, meant[0]) if meant else None
    session = await store.session(tx, meant[0]) if meant else None
    if meant is None or account is None or session is None:
        return None
    try:
        rotated = sessions.rotate(session, meant[1], account.session_epoch, tx.now)
    except sessions.Ended:
        return None
    except sessions.Reused:
        await _end_session(tx, account, session.id, "refresh-token-reused")
        await audit.add_entry(tx, Entry("refresh-token-reused", account.id, account.id))
        return None
    if rotated is not session:
        await store.save_rotation(tx, rotated)
    return Admitted(account, rotated, sessions.write_token(tx.secret, rotated))


async def sign_out(tx: Tx, account_id: UUID, session_id: UUID) -> None:
    """End this session; its access token dies everywhere."""
    account = await account_store.account_for_update(tx, account_id)
    if account is not None:
        await _end_session(tx, account, session_id, "signed-out")


async def end_own_session(tx: Tx, account_id: UUID, session_id: UUID) -> None:
    """Sign out one of the own devices. Raises NotFound."""
    account = await account_store.account_for_update(tx, account_id)
    session = await store.session(tx, session_id)
    if account is None or session is None or session.account_id != account.id:
        raise NotFound
    await _end_session(tx, account, session_id, "signed-out")


async def end_other_sessions(tx: Tx, who: Signed) -> None:
    """Sign out every device but this one."""
    account = await account_store.account_for_update(tx, who.account_id)
    sids = await store.end_sessions(tx, who.account_id, but=who.session_id)
    for at in range(0, len(sids) if account else 0, SIDS_AN_EVENT):
        assert account
        version = await account_store.raise_version(tx, account.id)
        tell_revoked(tx, account, "signed-out", version, sids[at : at + SIDS_AN_EVENT])


async def _end_session(tx: Tx, account: Account, session_id: UUID, reason: str) -> None:
    await store.end_session(tx, session_id)
    tell_revoked(tx, account, reason, await account_store.raise_version(tx, account.id), [session_id])
