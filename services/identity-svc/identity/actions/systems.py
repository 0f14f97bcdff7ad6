"""City systems, as admins keep them. Others hear of them by sessions-revoked alone, whose version is the epoch."""

from typing import Literal
from uuid import UUID

from chassis.errors import Conflict, NotFound
from chassis.outbox import Tx, new_id, publish
from ekis_contracts.identity import SessionsRevoked

from identity.domain import systems as domain
from identity.domain.audit import Act, Entry
from identity.domain.systems import CitySystem, SystemAct, SystemKey, Terms
from identity.store import audit
from identity.store import systems as store

Made = Literal["made", "changed", "unchanged"]

_NOTED: dict[SystemAct, Act] = {"suspend": "system-suspended", "resume": "system-resumed", "end": "system-ended"}


async def known_system(tx: Tx, system_id: UUID) -> CitySystem:
    """The system as it is. Raises NotFound."""
    system = await store.system(tx, system_id)
    if system is None:
        raise NotFound
    return system


async def locked_system(tx: Tx, system_id: UUID) -> CitySystem:
    """The same, locked. Raises NotFound."""
    system = await store.system_for_update(tx, system_id)
    if system is None:
        raise NotFound
    return system


async def register_system(tx: Tx, terms: Terms, key: SystemKey, by: UUID | None) -> CitySystem:
    """A new one, which may ask for tokens at once. Raises Conflict."""
    system = CitySystem(new_id(), 1, terms, (key,), "active", 0, tx.now)
    if not await store.insert_system(tx, system):
        raise Conflict("system-name-taken")
    await _note(tx, system, "system-registered", by, scopes=" ".join(sorted(terms.scopes)), kid=key.kid)
    return system


async def make_system(tx: Tx, terms: Terms, key: SystemKey) -> tuple[UUID, Made]:
    """Registered, or changed to these terms and this key beside those it has. Raises Conflict."""
    old = await store.system_named_for_update(tx, terms.name)
    if old is None:
        return (await register_system(tx, terms, key, None)).id, "made"
    new_terms, new_key = terms != old.terms, key.kid not in {one.kid for one in old.keys}
    if new_terms:
        await change_system(tx, old, terms, None)
    if new_key:
        await add_key(tx, await locked_system(tx, old.id), key, None)
    return old.id, "changed" if new_terms or new_key else "unchanged"


async def change_system(tx: Tx, old: CitySystem, terms: Terms, by: UUID | None) -> None:
    """Other words or rights; fewer rights end its tokens. `old` is locked. Raises WrongStep, Conflict."""
    await _keep(tx, old, domain.change(old, terms))
    await _note(tx, old, "system-changed", by, scopes=" ".join(sorted(terms.scopes)))


async def act_on_system(tx: Tx, old: CitySystem, act: SystemAct, by: UUID, reason: str) -> None:
    """Suspend, resume or end a locked one. Raises WrongStep."""
    await _keep(tx, old, domain.change_state(old, act))
    await audit.add_entry(tx, Entry(_NOTED[act], by, old.id, reason=reason))


async def add_key(tx: Tx, old: CitySystem, key: SystemKey, by: UUID | None) -> None:
    """One more key for a locked one. Raises WrongStep, Conflict."""
    await _keep(tx, old, domain.add_key(old, key))
    await _note(tx, old, "system-key-added", by, kid=key.kid)


async def remove_key(tx: Tx, old: CitySystem, kid: str, by: UUID | None) -> None:
    """One key less for a locked one; tokens it has brought live on. Raises WrongStep, NotFound, Conflict."""
    await _keep(tx, old, domain.remove_key(old, kid))
    await _note(tx, old, "system-key-removed", by, kid=kid)


async def _keep(tx: Tx, old: CitySystem, changed: CitySystem) -> None:
    if not await store.save_system(tx, changed):
        raise Conflict("system-name-taken")
    if changed.session_epoch > old.session_epoch:
        epoch = changed.session_epoch
        event = SessionsRevoked(
            account_id=changed.id, reason="system-changed", session_epoch=epoch, sids=[], contact=None
        )
        publish(tx, event, epoch)


async def _note(tx: Tx, system: CitySystem, act: Act, by: UUID | None, **details: str) -> None:
    await audit.add_entry(tx, Entry(act, by, system.id, details=details))
