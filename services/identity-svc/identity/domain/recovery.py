"""What accounts and requests have become since a backup, as far as identity's own events tell of it.

They hold no secret, and what is personal in them is sealed to others: of an account that is newer than the backup
nothing comes back but what its request, if that is older, still knows.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from ekis_contracts import Event
from ekis_contracts.identity import (
    AccessRestored,
    AccountActivated,
    AccountChanged,
    AccountCreated,
    AccountDisabled,
    AccountRequestClosed,
    AccountRequested,
    AccountResumed,
    AccountSuspended,
)
from ekis_contracts.values import AccountFacts

from identity.domain.accounts import LIVE, Account, Staff
from identity.domain.request import Request

RESTORED = "data-restored"  # why an account was suspended or ended that nobody wished to


def facts_of(events: Sequence[Event]) -> AccountFacts | None:
    """The newest public block of an account."""
    return next((cast(AccountFacts, one) for one in reversed(events) if isinstance(one, AccountFacts)), None)


def has_other_address(events: Sequence[Event]) -> bool:
    """Whether the address on file was replaced by one that is not known any more."""
    return any(isinstance(one, AccountChanged) and "email" in one.changed for one in events)


def brought_forward(account: Account, events: Sequence[Event]) -> Account:
    """The account as its events have it; the end is another step.

    Whose sessions have ended since, or who was activated, may have another password, and nobody knows which: none is
    left, and the person restores access by the address on file.
    """
    facts = facts_of(events)
    if facts is None:
        return account
    changes: dict[str, Any] = {
        "staff": Staff(facts.staff_id, facts.school_id, facts.category, facts.post),
        "session_epoch": max(facts.session_epoch, account.session_epoch),
        "credential_no": max([account.credential_no, *map(_credential_no, events)]),
        "state": facts.state if facts.state in LIVE else account.state,
    }
    if facts.session_epoch > account.session_epoch or any(isinstance(one, AccountActivated) for one in events):
        changes |= {"password_hash": None, "password_is_short": False, "one_time": None, "one_time_until": None}
    for one in events:
        changes |= _steps(one)
    return replace(account, **changes)


def _credential_no(event: Event) -> int:
    return event.credential_no if isinstance(event, AccountCreated | AccessRestored) else 0


def _steps(event: Event) -> dict[str, Any]:
    match event:
        case AccountActivated():
            return {"activated_at": event.activated_at}
        case AccountSuspended():
            return {"reason": event.reason, "disable_at": event.until}
        case AccountResumed():
            return {"reason": None, "disable_at": None}
    return {}


def lost(facts: AccountFacts, events: Sequence[Event]) -> Account:
    """An account of which nothing is left but its public block; a live one has to end."""
    ended = next((one for one in reversed(events) if isinstance(one, AccountDisabled)), None)
    activated = next((one for one in events if isinstance(one, AccountActivated)), None)
    return Account(
        id=facts.account_id,
        state="issued" if facts.state in LIVE else facts.state,
        login=None,
        name=None,
        email=None,
        staff=Staff(facts.staff_id, facts.school_id, facts.category, facts.post),
        session_epoch=facts.session_epoch,
        activated_at=activated.activated_at if activated else None,
        channel=ended.channel if ended else None,
        disabled_at=ended.disabled_at if ended else None,
    )


def closing_of(events: Sequence[Event]) -> AccountRequestClosed | None:
    """How a request has ended, if it has."""
    return next((one for one in reversed(events) if isinstance(one, AccountRequestClosed)), None)


def asking_of(events: Sequence[Event]) -> AccountRequested | None:
    """What a request says, as it was asked last."""
    return next((one for one in reversed(events) if isinstance(one, AccountRequested)), None)


def lost_request(asked: AccountRequested, closed: AccountRequestClosed | None, now: datetime) -> Request:
    """A request whose applicant is not known any more: whoever has its code reads that it is over."""
    state = closed.outcome if closed and closed.outcome != "duplicate" else "expired"
    return Request(
        id=asked.request_id,
        number=asked.number,
        state=state,
        shown=state,
        request_version=asked.request_version,
        applicant=None,
        lang="ru",
        school=asked.school,
        category=asked.category,
        step_at=now,
    )
