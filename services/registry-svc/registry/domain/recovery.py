"""What is known of a thing that is newer than the backup: what registry has told of it in clear."""

from collections.abc import Sequence
from datetime import datetime
from types import UnionType
from typing import Any

from ekis_contracts import Event
from ekis_contracts.registry import SchoolApplicationDecided, SchoolApplicationSubmitted

from registry.domain.applications import Application, State
from registry.domain.schools import SchoolForm

NAMELESS = "Неизвестно"  # stands for a name that has to be entered again


def newest(events: Sequence[Event], kind: type[Any] | UnionType) -> Any:
    """The last event of a kind."""
    return next((one for one in reversed(events) if isinstance(one, kind)), None)


def lost_application(
    submitted: SchoolApplicationSubmitted, decided: SchoolApplicationDecided | None, version: int, now: datetime
) -> Application:
    """Without its applicant and form: open no more."""
    state: State = decided.decision if decided and decided.decision != "clarification-requested" else "expired"
    form = SchoolForm("", "", "", submitted.inn, "", "", "", "", "")
    own = submitted.application_id, submitted.number, version, state
    return Application(*own, form, None, now, decided.school_id if decided else None)
