"""Documents over HTTP."""

from fastapi import APIRouter

from cabinet.documents.routes import acknowledgements, cards, versions

router = APIRouter(tags=["documents"])
for part in (cards, versions, acknowledgements):
    router.include_router(part.router)
