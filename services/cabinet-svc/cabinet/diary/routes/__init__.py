"""The diary over HTTP."""

from fastapi import APIRouter

from cabinet.diary.routes import finals, imports, lessons, marks, printing, pupils, reading, rollover, setup, teachers

router = APIRouter(tags=["diary"])
for part in (reading, marks, lessons, finals, pupils, imports, setup, teachers, printing, rollover):
    router.include_router(part.router)
