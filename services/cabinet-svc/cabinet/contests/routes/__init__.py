"""Contests over HTTP."""

from fastapi import APIRouter

from cabinet.contests.routes import cards, entries, written

router = APIRouter(tags=["contests"])
for part in (written, entries, cards):
    router.include_router(part.router)
