"""The HTTP surface of cabinet, /api/cabinet/...: one router a section."""

from fastapi import APIRouter

from cabinet.documents import routes as documents
from cabinet.files import routes as files
from cabinet.mydata import routes as mydata
from cabinet.news import routes as news
from cabinet.notices import routes as notices
from cabinet.workplace import routes as workplace

router = APIRouter()
for section in (workplace, notices, news, files, documents, mydata):
    router.include_router(section.router)
