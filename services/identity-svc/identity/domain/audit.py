"""The audit record: acts that matter for security, by whom, to whom, on which ground."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

Act = Literal["suspend", "resume", "disable", "erasure-overdue", "erase"]


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
