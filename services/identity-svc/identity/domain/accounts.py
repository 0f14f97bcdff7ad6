"""An account: its states, its credentials, and when its sessions die.

`session_epoch` rises with every suspension, disabling, new password, new credentials and smaller right: a session or
a token of an older epoch is dead. `credential_no` counts one-time passwords; the newest alone works. Who has been
restored stays `active`: the password is gone, and a one-time password opens what a first sign-in opens.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal, get_args
from uuid import UUID

from chassis.errors import Conflict, Forbidden, Invalid, WrongStep
from ekis_contracts.values import AccountState, Category, Contact, Lang, PersonName

from identity.domain.addresses import address_key
from identity.domain.request import CREDENTIALS_VALID, Holder

Channel = Literal["head", "desk", "department"]  # for whom an act on an account of another is done

STEPS: dict[AccountState, frozenset[AccountState]] = {
    "issued": frozenset({"active", "suspended", "disabled"}),
    "active": frozenset({"suspended", "disabled"}),
    "suspended": frozenset({"issued", "active", "disabled"}),
    "disabled": frozenset({"erased"}),
    "erased": frozenset(),
}
STATES: tuple[AccountState, ...] = get_args(AccountState)
LIVE: frozenset[AccountState] = frozenset({"issued", "active", "suspended"})
HOLDERS = frozenset({"registry", "cabinet", "notify"})  # who keeps personal data of an account, besides identity

LEFT_ROLL = "left-roll"
SECOND_THOUGHTS = timedelta(days=14)  # between leaving the roll and the end of the account


@dataclass(frozen=True, slots=True)
class Staff:
    """The staff record an account belongs to."""

    staff_id: UUID
    school_id: UUID
    category: Category
    post: str


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a person on a staff roll, or of an operator: then without `staff`, with roles."""

    id: UUID
    state: AccountState
    login: str | None
    name: PersonName | None
    email: str | None
    lang: Lang = "ru"
    staff: Staff | None = None
    roll_version: int = 0
    roles: frozenset[str] = field(default_factory=frozenset)
    request_id: UUID | None = None
    session_epoch: int = 1
    password_hash: str | None = None
    password_is_short: bool = False  # good beside a second factor alone
    one_time: bytes | None = None
    one_time_until: datetime | None = None
    credential_no: int = 0
    activated_at: datetime | None = None
    reason: str | None = None
    disable_at: datetime | None = None
    disabled_at: datetime | None = None
    channel: str | None = None

    @property
    def needs_password(self) -> bool:
        """Whether only a one-time password opens it, and a session has the steps of a first sign-in to take."""
        return self.state == "issued" or (self.state == "active" and self.password_hash is None)

    @property
    def contact(self) -> Contact:
        """Where and how to write to the person. An operator has no address: the login and nothing."""
        name = self.name.salutation if self.name else self.login or ""
        return Contact(name=name, email=self.email or "", lang=self.lang)

    @property
    def full_name(self) -> str | None:
        """Last name, first name, patronymic."""
        if self.name is None:
            return None
        return " ".join(filter(None, (self.name.last_name, self.name.first_name, self.name.patronymic)))

    @property
    def holder(self) -> Holder:
        """What the story of a request wants to know of it."""
        return Holder(self.id, suspended=self.state == "suspended")

    @property
    def facts(self) -> dict[str, Any]:
        """The public block that every account event carries."""
        assert self.staff, "operators have no account events"
        return {
            "account_id": self.id,
            "state": self.state,
            "staff_id": self.staff.staff_id,
            "school_id": self.staff.school_id,
            "category": self.staff.category,
            "post": self.staff.post,
            "session_epoch": self.session_epoch,
        }


def require_step(account: Account, state: AccountState) -> None:
    """Whether it may go there from where it is. Raises WrongStep."""
    if state not in STEPS[account.state]:
        raise WrongStep(account.state, state)


def _move(account: Account, state: AccountState, **changes: Any) -> Account:
    require_step(account, state)
    return replace(account, state=state, **changes)


def issue(account: Account, one_time: bytes, credential_no: int, now: datetime) -> Account:
    """A new one-time password; the one before and every session are dead."""
    if account.state != "issued":
        raise WrongStep(account.state, "issue")
    return restore(account, one_time, credential_no, now)


def restore(account: Account, one_time: bytes, credential_no: int, now: datetime) -> Account:
    """The same for who has lost the password: it is gone, whether or not the account was ever activated."""
    require_restorable(account)
    return replace(
        account,
        password_hash=None,
        password_is_short=False,
        one_time=one_time,
        one_time_until=now + CREDENTIALS_VALID,
        credential_no=credential_no,
        session_epoch=account.session_epoch + 1,
    )


def require_restorable(account: Account) -> None:
    """Only who could sign in gets new credentials. Raises WrongStep."""
    if account.state not in ("issued", "active"):
        raise WrongStep(account.state, "restore")


def kill_credentials(account: Account) -> Account:
    """No one-time password works any more, nor a session begun with one."""
    return replace(
        account,
        one_time=None,
        one_time_until=None,
        credential_no=account.credential_no + 1,
        session_epoch=account.session_epoch + 1,
    )


def readdress(account: Account, email: str) -> Account:
    """A newly verified address on file."""
    if account.state not in LIVE:
        raise WrongStep(account.state, "readdress")
    return replace(account, email=email)


def require_other_address(account: Account, email: str) -> None:
    """What is to replace the address on file. Raises WrongStep, Invalid."""
    readdress(account, email)
    if address_key(email) == address_key(account.email or ""):
        raise Invalid("email-unchanged", "/email")


def require_status(account: Account, status: Category | None) -> None:
    """What the person states must be what the staff roll says: it is checked, never granted. Operators state none."""
    if not account.needs_password:
        raise WrongStep(account.state, "activate")
    if account.staff and status is None:
        raise Invalid("missing", "/status")
    if status != (account.staff.category if account.staff else None):
        raise Conflict("status-mismatch", ask="head" if status == "head" else "department")


def activate(account: Account, epoch: int, password_hash: str, now: datetime, *, is_short: bool) -> Account:
    """The one-time password is used up. `epoch` is the session's: credentials issued since have killed it."""
    if not account.needs_password or account.session_epoch != epoch or account.one_time is None:
        raise WrongStep(account.state, "activate")
    return replace(
        account if account.state == "active" else _move(account, "active", activated_at=now),
        password_hash=password_hash,
        password_is_short=is_short,
        one_time=None,
        one_time_until=None,
        session_epoch=account.session_epoch + 1,
    )


def change_password(account: Account, epoch: int, password_hash: str, *, is_short: bool) -> Account:
    """A new password: every session dies, the caller's own is lifted over afterwards."""
    if account.state != "active" or account.session_epoch != epoch:
        raise WrongStep(account.state, "change-password")
    epoch = account.session_epoch + 1
    return replace(account, password_hash=password_hash, password_is_short=is_short, session_epoch=epoch)


def require_long_password(account: Account) -> None:
    """Whether the password is enough alone. Raises Conflict."""
    if account.password_is_short:
        raise Conflict("password-is-short")


def suspend(account: Account, reason: str) -> Account:
    """Signing in is refused; nothing is deleted."""
    return _move(account, "suspended", reason=reason, session_epoch=account.session_epoch + 1)


def leave_roll(account: Account, now: datetime) -> Account:
    """Suspend at once, whatever it was suspended for before; the end follows in 14 days."""
    if account.state not in LIVE:
        raise WrongStep(account.state, "leave-roll")
    return replace(
        account,
        state="suspended",
        reason=LEFT_ROLL,
        disable_at=now + SECOND_THOUGHTS,
        session_epoch=account.session_epoch + 1,
    )


def require_power(account: Account, channel: Channel) -> None:
    """A head decides about employees only; about heads the desk and the department do."""
    if channel == "head" and account.staff and account.staff.category == "head":
        raise Forbidden("not-allowed")


def require_successor(account: Account, channel: str, heads: Collection[UUID]) -> None:
    """The last head of a school who can work in it is the department's to cut off. `heads`: its active ones."""
    if channel == "department" or account.staff is None or account.staff.category != "head":
        return
    if not set(heads) - {account.id}:
        raise Conflict("last-head")


def resume(account: Account, channel: Channel) -> Account:
    """It works again. A head lifts only what a head has imposed; what the roll says, the desk or the department."""
    if account.state != "suspended":
        raise WrongStep(account.state, "resume")
    if channel == "head" and account.reason != "head":
        raise Conflict("left-the-roll" if account.reason == LEFT_ROLL else "suspended-by-others")
    before: AccountState = "active" if account.activated_at else "issued"
    return _move(account, before, reason=None, disable_at=None)


def take_back(account: Account, staff: Staff | None, name: PersonName | None, version: int) -> Account:
    """The account of somebody whom the roll lists anew; `staff` is None when that record cannot take it."""
    if account.state != "suspended" or account.reason != LEFT_ROLL:
        raise WrongStep(account.state, "take-back")
    if staff is None:
        raise Conflict("staff-record-unfit")
    return replace(account, staff=staff, name=name or account.name, roll_version=version)


def disable(account: Account, channel: str, now: datetime) -> Account:
    """The end of the account, for good. The address stays until the others have answered with receipts."""
    return _move(
        account,
        "disabled",
        channel=channel,
        disabled_at=now,
        disable_at=None,
        password_hash=None,
        password_is_short=False,
        one_time=None,
        one_time_until=None,
        session_epoch=account.session_epoch + 1,
    )


def erase(account: Account, receipts: frozenset[str]) -> Account | None:
    """Nothing personal is left, once every holder has said so; None until then."""
    if account.state != "disabled" or not receipts >= HOLDERS:
        return None
    return _move(account, "erased", login=None, name=None, email=None)


def follow_roll(account: Account, staff: Staff, name: PersonName | None, version: int) -> tuple[Account, list[str]]:
    """The account as the staff roll has it now, and what changed. A smaller right ends the sessions."""
    if account.state not in LIVE or account.staff is None or version <= account.roll_version:
        raise WrongStep(account.state, "follow-roll")
    old = account.staff
    changed = [part for part in ("school_id", "category", "post") if getattr(old, part) != getattr(staff, part)]
    if name is not None and name != account.name:
        changed.append("name")
    smaller = old.school_id != staff.school_id or (old.category, staff.category) == ("head", "employee")
    epoch = account.session_epoch + smaller
    return replace(account, staff=staff, name=name or account.name, roll_version=version, session_epoch=epoch), changed
