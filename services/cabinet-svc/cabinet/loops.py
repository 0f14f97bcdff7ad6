"""Background work of all sections."""

from cabinet.documents import loops as documents
from cabinet.exams import loops as exams
from cabinet.files import loops as files
from cabinet.news import loops as news
from cabinet.notices import loops as notices

LOOPS = (*notices.LOOPS, *news.LOOPS, *files.LOOPS, *documents.LOOPS, *exams.LOOPS)
