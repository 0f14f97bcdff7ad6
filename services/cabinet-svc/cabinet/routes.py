"""The HTTP surface of cabinet, /api/cabinet/...: one router a section."""

from fastapi import APIRouter

from cabinet.diary import routes as diary
from cabinet.workplace import routes as workplace

router = APIRouter()
for section in (diary, workplace):  # the busiest first: a route costs what stands before it
    router.include_router(section.router)
