"""Polls over HTTP."""

from fastapi import APIRouter

from cabinet.polls.routes import answers, polls, results

router = APIRouter(tags=["polls"])
for part in (polls, answers, results):
    router.include_router(part.router)
