"""Background work of all sections."""

from cabinet.documents import loops as documents
from cabinet.files import loops as files
from cabinet.news import loops as news
from cabinet.notices import loops as notices
from cabinet.online import loops as online

LOOPS = (*notices.LOOPS, *news.LOOPS, *files.LOOPS, *documents.LOOPS, *online.LOOPS)
