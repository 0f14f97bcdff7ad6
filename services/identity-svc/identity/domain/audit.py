"""The audit record: acts that matter for security, by whom, to whom, on which ground."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

# Changes of accounts, also those that two persons may have to agree to
AccountAct = Literal["suspend", "resume", "disable", "restore", "email-change", "reset-second-factor"]
Act = Literal[
    AccountAct,
    "signed-in",
    "sign-in-refused",
    "refresh-token-reused",
    "password-changed",
    "second-factor-on",
    "second-factor-off",
    "second-factor-failed",
    "recovery-code-used",
    "recovery-codes-renewed",
    "operator-made",
    "operator-roles",
    "operator-password",
    "operator-suspended",
    "operator-resumed",
    "operator-disabled",
    "system-registered",
    "system-changed",
    "system-key-added",
    "system-key-removed",
    "system-suspended",
    "system-resumed",
    "system-ended",
    "system-token",
    "system-refused",
    "deed-asked",
    "deed-approved",
    "deed-refused",
    "deed-expired",
    "audit-exported",
    "email-changed",  # "email-change" was asked for; -changed: who reads the new address has agreed
    "email-code",  # mailed; -read: it was read aloud
    "email-code-read",
    "erasure-overdue",
    "erase",
    "link",
    "look-up",
]
ACTS: tuple[Act, ...] = get_args(Act)


@dataclass(frozen=True, slots=True)
class Entry:
    """One act. `by` is None for the system itself; `details` holds codes and ids, nothing personal and no secret."""

    act: Act
    by: UUID | None
    account_id: UUID | None = None
    ticket: str | None = None
    proof: str | None = None
    reason: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry as it stands in the record."""

    id: UUID
    at: datetime
    entry: Entry


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for in the record; `until` is the first moment that is too late."""

    account_id: UUID | None = None
    by: UUID | None = None
    act: Act | None = None
    ticket: str | None = None
    since: datetime | None = None
    until: datetime | None = None
