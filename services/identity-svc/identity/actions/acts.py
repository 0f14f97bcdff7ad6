"""What heads, the desk and the department do to accounts of others; the ground stays here, the channel is told."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from chassis.outbox import Tx

from identity.actions import accounts, ending, roll
from identity.domain import accounts as domain
from identity.domain.audit import Entry
from identity.store import audit

Act = Literal["suspend", "resume", "disable"]


@dataclass(frozen=True, slots=True)
class Ground:
    """Who acts, for whom (`channel`), and why. `staff_id`: the new record of whom the roll lists anew."""

    by: UUID
    channel: domain.Channel
    reason: str
    ticket: str | None
    staff_id: UUID | None = None


def channel_of(roles: Collection[str]) -> domain.Channel:
    """For whom a caller with these roles acts."""
    if "admin" in roles:
        return "department"
    return "desk" if "support" in roles else "head"


async def act_on_account(tx: Tx, account_id: UUID, act: Act, ground: Ground) -> None:
    """Suspend, resume or disable. Raises NotFound, Forbidden, Conflict, WrongStep."""
    domain.require_power(await accounts.account_of_staff(tx, account_id), ground.channel)
    if act == "disable":
        await ending.disable_account(tx, account_id, ground.channel)
    elif act == "suspend":
        account = await accounts.lock_account_to_cut_off(tx, account_id, ground.channel)
        await accounts.suspend_account(tx, account, ground.channel)
    elif ground.staff_id:
        await accounts.resume_account(tx, await roll.take_back(tx, account_id, ground.staff_id), ground.channel)
    else:
        await accounts.resume_account(tx, await accounts.lock_account(tx, account_id), ground.channel)
    await audit.add_entry(tx, Entry(act, ground.by, account_id, ground.ticket, reason=ground.reason))
