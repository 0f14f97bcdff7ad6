"""Background work of all sections."""

from cabinet.contests import loops as contests
from cabinet.documents import loops as documents
from cabinet.exams import loops as exams
from cabinet.files import loops as files
from cabinet.news import loops as news
from cabinet.notices import loops as notices
from cabinet.online import loops as online
from cabinet.polls import loops as polls

LOOPS = (
    *notices.LOOPS,
    *news.LOOPS,
    *files.LOOPS,
    *documents.LOOPS,
    *online.LOOPS,
    *polls.LOOPS,
    *exams.LOOPS,
    *contests.LOOPS,
)
