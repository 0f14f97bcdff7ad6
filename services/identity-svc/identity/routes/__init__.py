"""ASKED BY A PERSON: the HTTP surface of identity, /api/identity/..."""

from fastapi import APIRouter

from identity.routes import (
    accounts,
    attachments,
    audit,
    cards,
    confirmations,
    deeds,
    desk,
    devices,
    erasures,
    factors,
    operators,
    requests,
    sessions,
    systems,
    tickets,
    tokens,
)

router = APIRouter()
for part in (
    requests,
    sessions,
    devices,
    factors,
    accounts,
    cards,
    deeds,
    confirmations,
    tickets,
    attachments,
    desk,
    operators,
    systems,
    tokens,
    erasures,
    audit,
):
    router.include_router(part.router)
