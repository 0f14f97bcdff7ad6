"""Events of cabinet-svc, and the erasure receipt that three services give."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ekis_contracts.event import Event
from ekis_contracts.sealing import ForRegistry
from ekis_contracts.values import Audience, WorkContact


class WorkplaceCompleted(Event, topic="workplace-completed", producer="cabinet", key="account_id"):
    """A person has filled in the own workplace.

    Said when a saved form has all that is required, and again with every change of it.
    """

    account_id: UUID
    staff_id: UUID
    subjects: list[str]
    work: ForRegistry[WorkContact]


class PollPublished(Event, topic="poll-published", producer="cabinet", key="poll_id"):
    """A poll can be answered.

    Said when it is published, and again when its end changes.
    """

    poll_id: UUID
    audience: Audience
    opens_at: datetime
    closes_at: datetime | None


class PollClosed(Event, topic="poll-closed", producer="cabinet", key="poll_id"):
    """A poll takes no more answers.

    Said when its end has come, or an editor closes it.
    """

    poll_id: UUID
    audience: Audience
    opens_at: datetime
    closes_at: datetime | None


class ExamResultsPublished(Event, topic="exam-results-published", producer="cabinet", key="batch_id"):
    """Results of a final exam were approved, changed or annulled: schools may read theirs. Nobody's result is here.

    Said when a file with anything new has been taken in, naming the schools that it concerns.
    """

    batch_id: UUID
    exam: str
    year: int
    subject: str
    school_ids: list[UUID]
    batch_version: int


class ContestAnnounced(Event, topic="contest-announced", producer="cabinet", key="contest_id"):
    """A contest or an event takes entries, or its window has changed.

    Said when it is announced, and again when its window changes, it is closed or called off.
    """

    contest_id: UUID
    audience: Audience
    opens_at: datetime
    closes_at: datetime


class ContestEntryDecided(Event, topic="contest-entry-decided", producer="cabinet", key="entry_id"):
    """What became of an entry of a school.

    Said when it is accepted, put on the waiting list, rejected or withdrawn.
    """

    entry_id: UUID
    contest_id: UUID
    school_id: UUID
    state: Literal["accepted", "waitlisted", "rejected", "withdrawn"]


class DocumentPublished(Event, topic="document-published", producer="cabinet", key="document_id"):
    """A version of a normative document is in force, or will be.

    Said when a version is published, and again when its specialties change.
    """

    document_id: UUID
    specialties: list[str]
    document_version: int
    mandatory: bool
    acknowledge_by: datetime | None


class NewsPublished(Event, topic="news-published", producer="cabinet", key="news_id"):
    """An item of news can be read by its audience.

    Said when it is published, by hand or at its time, and again when it is pinned or unpinned.
    """

    news_id: UUID
    audience: Audience
    pinned: bool


class NoticeAddressed(Event, topic="notice-addressed", producer="cabinet", key="notice_id"):
    """The cabinet has news for these accounts (500 at most), for whoever knows their addresses to mail.

    `about` is the id of the document, contest entry, item of news ...; `page` is its path in the web client; `title`
    is what the page is called, and names nobody; `due` is a deadline that it sets; `personal`: it answers what the
    person has done, so it is mailed at once where others of its kind would wait for a digest.

    Said when something begins, changes or is about to end for people, once for each 500 of them.
    """

    notice_id: UUID
    about: UUID
    kind: Literal["news", "document", "reminder", "contest", "poll", "exam-results", "lesson", "task"]
    title: str
    page: str
    due: datetime | None = None
    personal: bool = False
    account_ids: list[UUID]


class PersonalDataErased(Event, topic="personal-data-erased", producer="registry cabinet notify", key="account_id"):
    """A receipt: this service holds nothing personal of the account any more. Zero counts if it held nothing.

    Said when a service has erased on `account-disabled`; the same again whenever it is asked again.
    """

    account_id: UUID
    service: Literal["registry", "cabinet", "notify"]
    counts: dict[str, int]
    erased_at: datetime
