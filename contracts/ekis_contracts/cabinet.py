"""Events of cabinet-svc, and the erasure receipt that three services give."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ekis_contracts.event import Event
from ekis_contracts.sealing import ForRegistry
from ekis_contracts.values import WorkContact


class WorkplaceCompleted(Event, topic="workplace-completed", producer="cabinet", key="account_id"):
    """A person has filled in the own workplace."""

    account_id: UUID
    staff_id: UUID
    subjects: list[str]
    work: ForRegistry[WorkContact]


class NoticeAddressed(Event, topic="notice-addressed", producer="cabinet", key="notice_id"):
    """The cabinet has news for these accounts (500 at most), for whoever knows their addresses to mail.

    `about` is the id of the document, contest entry, item of news ...; `page` is its path in the web client; `title`
    is what the page is called, and names nobody; `due` is a deadline that it sets.
    """

    notice_id: UUID
    about: UUID
    kind: Literal["news", "document", "reminder", "contest", "poll", "exam-results", "lesson", "task"]
    title: str
    page: str
    due: datetime | None = None
    account_ids: list[UUID]


class PersonalDataErased(Event, topic="personal-data-erased", producer="registry cabinet notify", key="account_id"):
    """A receipt: this service holds nothing personal of the account any more. Zero counts if it held nothing."""

    account_id: UUID
    service: Literal["registry", "cabinet", "notify"]
    counts: dict[str, int]
    erased_at: datetime
