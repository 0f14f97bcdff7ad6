"""Online learning over HTTP."""

from fastapi import APIRouter

from cabinet.online.routes import attendance, joining, lessons, parts, works

router = APIRouter(tags=["online learning"])
for part in (lessons, parts, attendance, works, joining):
    router.include_router(part.router)
