"""After the database came back from a backup: mails as notify itself has told of them since; none goes twice."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.outbox import Tx
from ekis_contracts import Event
from ekis_contracts.notify import NotificationFailed, NotificationSent

from notify.store import accounts
from notify.store import mails as store


async def recover(
    tx: Tx, known: Mapping[UUID, int], missed: Mapping[UUID, Sequence[tuple[int, Event]]]
) -> Mapping[str, int]:
    """A mail that has gone, or failed for good, is done; the events that cause it are told again, and cause none."""
    ended = [
        (event, version)
        for events in missed.values()
        for version, event in events[-1:]
        if isinstance(event, NotificationSent | NotificationFailed)
    ]
    await accounts.ensure_accounts(tx, [UUID(event.about) for event, _ in ended if event.credential_no is not None])
    await store.recall_mails(tx, ended)
    before = sum(event.notification_id in known for event, _ in ended)
    return {"mails that have gone since": len(ended), "of them, in the queue of the backup": before}
