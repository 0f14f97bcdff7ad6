"""What heads, the desk and the department do to accounts of others; the ground stays here, the channel is told.

Whoever acts for an operator calls `deeds.ask_or_act`, which knows when a second person has to agree.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from uuid import UUID

from chassis.outbox import Tx

from identity.actions import accounts, confirmations, ending, factors, restoring, roll, tickets
from identity.domain import accounts as domain
from identity.domain.audit import AccountAct, Entry
from identity.domain.deeds import Ground
from identity.store import audit

Step = Callable[[Tx, UUID, Ground], Awaitable[object]]


def channel_of(roles: Collection[str]) -> domain.Channel:
    """For whom a caller with these roles acts."""
    if "admin" in roles:
        return "department"
    return "desk" if "support" in roles else "head"


async def act_on_account(tx: Tx, account_id: UUID, act: AccountAct, ground: Ground) -> None:
    """Do it and put it on record. Raises NotFound, Forbidden, Conflict, WrongStep."""
    await PERFORM[act](tx, account_id, ground)
    said = (ground.ticket, ground.proof, ground.reason, ground.details)
    await audit.add_entry(tx, Entry(act, ground.by, account_id, *said))


async def _cut_off(tx: Tx, account_id: UUID, ground: Ground) -> domain.Account:
    domain.require_power(await accounts.account_of_staff(tx, account_id), ground.channel)
    return await accounts.lock_account_to_cut_off(tx, account_id, ground.channel)


async def _suspend(tx: Tx, account_id: UUID, ground: Ground) -> None:
    await accounts.suspend_account(tx, await _cut_off(tx, account_id, ground), ground.channel)


async def _disable(tx: Tx, account_id: UUID, ground: Ground) -> None:
    domain.require_power(await accounts.account_of_staff(tx, account_id), ground.channel)
    await ending.disable_account(tx, account_id, ground.channel)


async def _resume(tx: Tx, account_id: UUID, ground: Ground) -> None:
    domain.require_power(await accounts.account_of_staff(tx, account_id), ground.channel)
    if ground.staff_id:
        account = await roll.take_back(tx, account_id, ground.staff_id)
    else:
        account = await accounts.lock_account(tx, account_id)
    await accounts.resume_account(tx, account, ground.channel)


async def _restore(tx: Tx, account_id: UUID, ground: Ground) -> None:
    by = await tickets.restored_by(tx, ground.ticket)
    await restoring.restore(tx, await restoring.hold(tx, account_id), by, ground.ticket)


async def _change_email(tx: Tx, account_id: UUID, ground: Ground) -> None:
    domain.require_power(await accounts.account_of_staff(tx, account_id), ground.channel)
    assert ground.email
    await confirmations.ask_to_change_email(tx, account_id, ground.email, ground.ticket)


async def _reset_factor(tx: Tx, account_id: UUID, _: Ground) -> None:
    await factors.forget_factor(tx, account_id)


async def _look_at_suspending(tx: Tx, account_id: UUID, ground: Ground) -> None:
    domain.require_step(await _cut_off(tx, account_id, ground), "suspended")


async def _look_at_disabling(tx: Tx, account_id: UUID, ground: Ground) -> None:
    domain.require_step(await _cut_off(tx, account_id, ground), "disabled")


async def _look_at_restoring(tx: Tx, account_id: UUID, _: Ground) -> None:
    restoring.require_restorable(await restoring.hold(tx, account_id), tx.now)


async def _look_at_readdressing(tx: Tx, account_id: UUID, ground: Ground) -> None:
    assert ground.email
    domain.require_other_address(await accounts.lock_account(tx, account_id), ground.email)


async def _look_for_factor(tx: Tx, account_id: UUID, _: Ground) -> None:
    await factors.lock_to_forget(tx, account_id)


# What an act does, and, for those that may wait for a second person, what has to hold already when it is asked for
PERFORM: Mapping[AccountAct, Step] = {
    "suspend": _suspend,
    "resume": _resume,
    "disable": _disable,
    "restore": _restore,
    "email-change": _change_email,
    "reset-second-factor": _reset_factor,
}
LOOK: Mapping[AccountAct, Step] = {
    "suspend": _look_at_suspending,
    "disable": _look_at_disabling,
    "restore": _look_at_restoring,
    "email-change": _look_at_readdressing,
    "reset-second-factor": _look_for_factor,
}
