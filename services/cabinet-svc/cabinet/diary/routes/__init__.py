"""The diary over HTTP."""

from fastapi import APIRouter

from cabinet.diary.routes import lessons, marks, pupils, reading, setup

router = APIRouter(tags=["diary"])
for part in (setup, pupils, lessons, marks, reading):
    router.include_router(part.router)
