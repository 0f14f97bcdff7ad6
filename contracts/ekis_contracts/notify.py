"""Events of notify-svc: what became of a mail."""

from typing import Literal
from uuid import UUID

from ekis_contracts.event import Event


class NotificationSent(Event, topic="notification-sent", producer="notify", key="notification_id"):
    """A mail server has taken the mail, or may have (`unknown`: its answer was lost).

    Said when an attempt has ended so.
    """

    notification_id: UUID
    about_event: UUID
    about: str
    purpose: str
    credential_no: int | None
    outcome: Literal["sent", "unknown"]
    code: str | None


class NotificationFailed(Event, topic="notification-failed", producer="notify", key="notification_id"):
    """A mail could not be delivered.

    Said when the last attempt has failed, the server refused for good, or a bounce came back.
    """

    notification_id: UUID
    about_event: UUID
    about: str
    purpose: str
    credential_no: int | None
    outcome: Literal["failed", "bounced"]
    code: str | None
