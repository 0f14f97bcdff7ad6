"""The HTTP surface of cabinet, /api/cabinet/...: one router a section."""

from fastapi import APIRouter

from cabinet.contests import routes as contests
from cabinet.diary import routes as diary
from cabinet.documents import routes as documents
from cabinet.exams import routes as exams
from cabinet.files import routes as files
from cabinet.mydata import routes as mydata
from cabinet.news import routes as news
from cabinet.notices import routes as notices
from cabinet.online import routes as online
from cabinet.polls import routes as polls
from cabinet.workplace import routes as workplace

router = APIRouter()
for section in (
    diary,
    workplace,
    notices,
    news,
    files,
    documents,
    polls,
    contests,
    exams,
    online,
    mydata,
):  # the busiest first: a route costs what stands before it
    router.include_router(section.router)
