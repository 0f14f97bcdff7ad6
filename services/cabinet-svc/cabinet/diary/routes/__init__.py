"""The diary over HTTP."""

from fastapi import APIRouter

from cabinet.diary.routes import finals, imports, lessons, marks, printing, pupils, reading, rollover, setup

router = APIRouter(tags=["diary"])
for part in (setup, pupils, imports, lessons, marks, finals, reading, printing, rollover):
    router.include_router(part.router)
