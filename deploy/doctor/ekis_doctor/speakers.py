"""Which rows of each service publish, and which column counts what they have said."""

from typing import NamedTuple


class Speaker(NamedTuple):
    """A table whose rows publish under their id. `made_of`: topics by whose keys alone a lost row is made again, for
    all else in it is told again by others."""

    table: str
    key: str
    said: str = "version"  # 0 has said nothing yet
    made_of: tuple[str, ...] = ()


_VERDICTS = ("account-request-held", "account-request-referred", "account-request-verified", "account-request-declined")
_RECEIPTS = ("personal-data-erased",)

SPEAKERS: dict[str, tuple[Speaker, ...]] = {
    "registry": (
        Speaker("school", "school_id"),
        Speaker("application", "application_id"),
        Speaker("staff", "staff_id"),
        Speaker("account_request", "request_id", made_of=_VERDICTS),
        Speaker("account_mark", "account_id", made_of=_RECEIPTS),
    ),
    "identity": (Speaker("account_request", "id"), Speaker("account", "id"), Speaker("support_ticket", "id")),
    "cabinet": (
        Speaker("account", "account_id", made_of=("workplace-completed", *_RECEIPTS)),
        # What all may change counts in `version` all that has changed, and in `told` what was said
        Speaker("news", "news_id", said="told"),
        Speaker("document", "document_id", said="told"),
        Speaker("poll", "poll_id", said="told"),
        Speaker("exam_batch", "batch_id"),
        Speaker("contest", "contest_id", said="told"),
        Speaker("contest_entry", "entry_id"),
    ),
    "notify": (Speaker("account", "account_id", made_of=_RECEIPTS), Speaker("mail", "mail_id")),
}
