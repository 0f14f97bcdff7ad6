"""Acts on accounts that two persons have to agree on: asked for, approved, refused, expired."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from chassis.errors import Conflict, NotFound
from chassis.outbox import Tx, new_id

from identity.actions import acts
from identity.domain import deeds as domain
from identity.domain.audit import AccountAct, Act, Entry
from identity.domain.deeds import Deed, DeedState, Ground
from identity.store import accounts as account_store
from identity.store import audit
from identity.store import deeds as store


async def ask_or_act(tx: Tx, account_id: UUID, act: AccountAct, ground: Ground) -> Deed | None:
    """Do it (None), or let it wait for a second person: then the deed.

    Raises NotFound, Forbidden, Conflict, WrongStep, alike for both.
    """
    account = await account_store.account(tx, account_id)
    if account is None:
        raise NotFound
    if not domain.needs_second_person(account, act, ground.channel):
        await acts.act_on_account(tx, account_id, act, ground)
        return None
    await acts.LOOK[act](tx, account_id, ground)
    deed = Deed.asked(new_id(), act, account_id, ground, tx.now)
    if not await store.insert_deed(tx, deed):
        raise Conflict("deed-open")
    await _note(tx, deed, "deed-asked", ground.by)
    return deed


async def known_deed(tx: Tx, deed_id: UUID) -> Deed:
    """The deed as it is. Raises NotFound."""
    deed = await store.deed(tx, deed_id)
    if deed is None:
        raise NotFound
    return deed


async def approve_deed(tx: Tx, deed_id: UUID, by: UUID, may: Collection[str]) -> Deed:
    """A second person agrees: it is done, if the account still allows it, and the asker is still of roles that `may`.

    Raises Forbidden, Conflict, WrongStep.
    """
    deed = await _waiting(tx, deed_id)
    deed.require_second(by)
    domain.require_asker(await account_store.account(tx, deed.asked_by), may)
    await acts.act_on_account(tx, deed.account_id, deed.act, deed.ground(by))
    return await _decide(tx, deed, "done", "deed-approved", by)


async def refuse_deed(tx: Tx, deed_id: UUID, by: UUID) -> Deed:
    """It shall not happen, says somebody else or who has asked. Raises Conflict."""
    return await _decide(tx, await _waiting(tx, deed_id), "refused", "deed-refused", by)


async def expire_deed(tx: Tx, deed_id: UUID) -> None:
    """Nobody has agreed in time."""
    deed = await store.deed_for_update(tx, deed_id)
    if deed and deed.state == "awaiting-second" and deed.expires_at <= tx.now:
        await _decide(tx, deed, "expired", "deed-expired", None)


async def _waiting(tx: Tx, deed_id: UUID) -> Deed:
    deed = await store.deed_for_update(tx, deed_id)
    if deed is None:
        raise NotFound
    deed.require_waiting(tx.now)
    return deed


async def _decide(tx: Tx, deed: Deed, state: DeedState, act: Act, by: UUID | None) -> Deed:
    decided = replace(deed, state=state, decided_by=by, email=None)
    await store.save_decision(tx, decided)
    await _note(tx, decided, act, by)
    return decided


async def _note(tx: Tx, deed: Deed, act: Act, by: UUID | None) -> None:
    details = {"deed": str(deed.deed_id), "act": deed.act}
    await audit.add_entry(tx, Entry(act, by, deed.account_id, deed.ticket, deed.proof, deed.reason, details))
