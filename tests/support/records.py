"""Events as records, as another service would have sent them."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from ekis_contracts import Envelope, Event, Record, Seals, write
from ekis_contracts.cabinet import WorkplaceCompleted
from ekis_contracts.identity import AccountErased
from ekis_contracts.registry import StaffLeft
from ekis_contracts.sealing import ForRegistry
from ekis_contracts.values import WorkContact

_positions = count()


def record_of(event: Event, *, version: int = 1, seals: Seals | None = None, **changes: Any) -> Record:
    """The event at the next position; `changes` are attributes of its envelope."""
    event_id = changes.get("id") or uuid4()
    for seal in event.seals():
        assert seals
        seals.close(seal, event_id, event.aggregate_id)
    given: dict[str, Any] = {
        "id": event_id,
        "type": event.type,
        "source": f"/{event.producers[0]}-svc",
        "subject": event.aggregate_id,
        "time": datetime.now(UTC),
        "sequence": version,
        "data": event.model_dump_json().encode(),
        "correlation": "test",
    }
    return replace(write(Envelope(**given | changes), event.topic), position=next(_positions))


def again(record: Record) -> Record:
    """The same record at a later position: sent twice."""
    return replace(record, position=next(_positions))


def left(thing_id: UUID, reason: str = "step", **changes: Any) -> Record:
    """For the toy's reaction to one event at a time."""
    return record_of(StaffLeft(staff_id=thing_id, school_id=thing_id, reason=reason), **changes)


def erased(account_id: UUID, post: str = "", **changes: Any) -> Record:
    """For the toy's reaction to batches."""
    facts = {"state": "erased", "staff_id": account_id, "school_id": account_id, "category": "employee"}
    more = {"post": post, "session_epoch": 1, "receipts": [], "erased_at": datetime.now(UTC)}
    return record_of(AccountErased(account_id=account_id, **facts, **more), **changes)


def workplace(account_id: UUID, seals: Seals, **changes: Any) -> Record:
    """For the toy's reaction that opens a seal."""
    work = ForRegistry(WorkContact(room="12"))
    event = WorkplaceCompleted(account_id=account_id, staff_id=account_id, subjects=[], work=work)
    return record_of(event, seals=seals, **changes)
